"""When a retention is over: whole years after the last act on a request that waits for nothing."""

from __future__ import annotations

from datetime import date

from wicketgate.core.context import Schedule
from wicketgate.core.states import FINAL, State

ENDED = FINAL | {State.PICKED_UP}
"""States in which a request may end its days: nothing is owed to anybody about it."""


def over_before(schedule: Schedule, today: date) -> date:
    """The day before which the last act must lie for the retention to be over `today`."""
    year = today.year - schedule.years
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February: kept a day longer
        return date(year, 2, 28)
