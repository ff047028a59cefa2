"""Time is asked for, never assumed: every act takes a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant in UTC."""

    def now(self) -> datetime:
        """The present instant, with its time zone."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: simulations, replays and tests."""

    at: datetime

    @classmethod
    def on(cls, day: date) -> FixedClock:
        """Noon UTC of the day."""
        return cls(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def now(self) -> datetime:
        """Always the same instant."""
        return self.at
