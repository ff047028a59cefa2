"""What narrows a queue, and clocks that stand still, as conditions of SQL whose values are bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from wicketgate.store.database import Connection

Clock: TypeAlias = Literal["late", "soon", "in_time", "stopped"]
Claimed: TypeAlias = Literal["me", "others", "nobody"]
Sort: TypeAlias = Literal["due", "age"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a queue is narrowed to; None does not narrow."""

    state: str | None = None
    agency: str | None = None
    submission: int | None = None
    code: str | None = None
    clock: Clock | None = None
    claimed: Claimed | None = None
    referral: bool | None = None
    dissent: bool | None = None

    @property
    def summed(self) -> bool:
        """True when sums kept beside the work answer how many there are."""
        return (self.code, self.clock, self.claimed, self.referral, self.dissent) == (None,) * 5


@dataclass(frozen=True, slots=True)
class View:
    """Whose queue it is, at which moment: the states, the viewer, and how soon is soon."""

    states: tuple[str, ...]
    viewer: str
    now: datetime
    soon: timedelta


_SCOPE = "CASE WHEN s.scope LIKE 'officer:%%' THEN 'officer' ELSE regexp_replace(s.scope, '^[a-z]+:', '') END"
"""A scope as it concerns the rows of a queue: an agency, everybody, or some requests of one officer."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Whose clocks stand still now, and how long one has stood still at most."""

    scopes: tuple[str, ...]
    """Of agencies, or of everybody; a held request's own clock stands still as long as it is held."""
    longest: timedelta
    touched: tuple[str, ...]
    """Scopes whose clocks have ever stood still, single requests aside."""

    @property
    def everybody(self) -> bool:
        """True when every clock stands still."""
        return not {"*", "!"}.isdisjoint(self.scopes)


def stops(connection: Connection, at: datetime) -> Stops:
    """The stops of clocks until then, as `gate_audit`."""
    row = connection.execute(
        f"SELECT ARRAY(SELECT {_SCOPE} FROM gate.stop s WHERE s.until IS NULL AND s.scope !~ '^WG-'),"
        f" gate.longest_stop(%s), ARRAY(SELECT DISTINCT {_SCOPE} FROM gate.stop s WHERE s.scope !~ '^WG-')",
        [at],
    ).fetchone()
    return Stops((), timedelta(), ()) if row is None else Stops(tuple(row[0]), row[1], tuple(row[2]))


def source_of(filters: Filters) -> tuple[str, str]:
    """Where rows are read in order, and the name of what holds the order there."""
    if filters.code is None:
        return "gate.work w", "w"
    return "gate.work_code k JOIN gate.work w USING (handle)", "k"


def words(view: View, filters: Filters, stopped: Stops) -> dict[str, object]:
    return {
        "now": view.now,
        "soon": view.now + view.soon,
        "now_at_most": view.now - stopped.longest,
        "soon_at_most": view.now + view.soon - stopped.longest,
        "stopped": list(stopped.scopes),
        "touched": list(stopped.touched),
        "everybody": not {"*", "!", "officer"}.isdisjoint(stopped.touched),
        "viewer": view.viewer,
        "agency": filters.agency,
        "submission": filters.submission,
        "code": filters.code,
    }


_STOPPED = "gate.stopped(w.handle, w.agency_line, w.received_at, %(now)s)"
_DUE = (
    "CASE WHEN %(everybody)s OR w.agency_line && %(touched)s::text[]"
    " OR w.handle IN (SELECT s.scope FROM gate.stop s WHERE s.scope ~ '^WG-')"
    f" THEN w.due_at + {_STOPPED} ELSE w.due_at END"
)
"""The date of a row with its stops; they are added up only where there can be any."""


def _clock(clock: Clock, stopped: Stops) -> str:
    """The condition of a clock: by the bare dates as far as they tell, exactly where they do not."""
    still = "w.state = 'held'"
    if stopped.everybody:
        still = "TRUE"
    elif stopped.scopes:
        still = "(w.state = 'held' OR w.agency_line && %(stopped)s::text[])"
    if "officer" in stopped.scopes and not stopped.everybody:
        still = f"({still} OR gate.stands_still(w.handle, w.agency_line))"
    if clock == "stopped":
        return f" AND {still}"
    runs = f" AND NOT {still}"
    if not stopped.longest:
        return (
            runs
            + {
                "late": " AND w.due_at < %(now)s",
                "soon": " AND w.due_at >= %(now)s AND w.due_at < %(soon)s",
                "in_time": " AND w.due_at >= %(soon)s",
            }[clock]
        )
    return (
        runs
        + {
            "late": f" AND w.due_at < %(now)s AND (w.due_at < %(now_at_most)s OR {_DUE} < %(now)s)",
            "soon": f" AND w.due_at >= %(now_at_most)s AND w.due_at < %(soon)s"
            f" AND {_DUE} >= %(now)s AND {_DUE} < %(soon)s",
            "in_time": f" AND w.due_at >= %(soon_at_most)s AND (w.due_at >= %(soon)s OR {_DUE} >= %(soon)s)",
        }[clock]
    )


_CLAIMS: dict[Claimed, str] = {
    "me": " AND w.claimed_by = %(viewer)s AND w.claimed_until > %(now)s",
    "others": " AND w.claimed_by IS NOT NULL AND w.claimed_by <> %(viewer)s AND w.claimed_until > %(now)s",
    "nobody": " AND (w.claimed_by IS NULL OR w.claimed_until <= %(now)s)",
}


def conditions(filters: Filters, stopped: Stops) -> str:
    """The filters as SQL; whoever asks binds the values by the names of the fields."""
    found = ""
    if filters.agency is not None:
        found += " AND w.agency = %(agency)s"
    if filters.submission is not None:
        found += " AND w.submission = %(submission)s"
    if filters.code is not None:
        found += " AND k.code = %(code)s"
    if filters.clock is not None:
        found += _clock(filters.clock, stopped)
    if filters.claimed is not None:
        found += _CLAIMS[filters.claimed]
    if filters.referral is not None:
        found += " AND w.referral" if filters.referral else " AND NOT w.referral"
    if filters.dissent is not None:
        found += " AND w.dissents > 0" if filters.dissent else " AND w.dissents = 0"
    return found
