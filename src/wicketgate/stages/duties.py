"""What a recipient's document may say of days, and by when it is to come: the times are the authority's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OVER = ("from", "to", "on", "ended_on", "discovered_at")
"""Fields that tell what has happened: their day, or moment, has come."""
AHEAD = ("begins_on",)


class DayError(ValueError):
    """A day that is none, or has not come; one sentence."""


@dataclass(frozen=True, slots=True)
class Times:
    """Within which time recipients report; None where the authority sets none."""

    incident: timedelta | None
    """How soon after its discovery an incident is reported."""
    notice: timedelta | None
    """How long before it begins a practice is noticed."""

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> Times:
        """As the authority's parameters have them."""
        hours, days = parameters.get("incident_report_hours"), parameters.get("practice_notice_days")
        return cls(
            timedelta(hours=hours) if isinstance(hours, int) else None,
            timedelta(days=days) if isinstance(days, int) else None,
        )


def require_days(body: Mapping[str, object], now: datetime) -> None:
    """Raise `DayError` for what is told as done and lies in the future, and for a day that is none."""
    for name in (*OVER, *AHEAD):
        text = body.get(name)
        if not isinstance(text, str):
            continue
        if (day := moment(text)) is None:
            raise DayError(f"{name} is no day; write it as 2026-03-01.")
        if name in OVER and (day > now if isinstance(day, datetime) else day > now.date()):
            raise DayError(f"{name} lies in the future; hand it in when that has come, or correct it.")


def moment(text: str) -> date | datetime | None:
    """A day, or a moment in UTC, as it is written."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
