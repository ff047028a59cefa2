"""Days: ISO 8601 calendar dates and nothing else."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from wicketgate.core.catalogue import DAYS

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=65_536)
def day(text: str | None) -> date | None:
    """The day that an ISO date names; None for anything else, days that do not exist included."""
    if text is None or not _ISO.fullmatch(text := text.strip()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_since(earlier: date | None, as_of: date) -> int | None:
    """Whole days from one day to another, negative for a future day; None when unknown or beyond bounds."""
    if earlier is None:
        return None
    days = (as_of - earlier).days
    return days if -DAYS <= days <= DAYS else None


def days_since_final(administrative: str | None, court: str | None, as_of: date) -> int | None:
    """Days since the later of the two days of finality; a court's day that is stated must be a day."""
    final = day(administrative)
    reviewed = day(court)
    if final is None or (court is not None and reviewed is None):
        return None
    return days_since(max(final, reviewed) if reviewed else final, as_of)
