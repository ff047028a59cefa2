"""What an agency's system reads: its requests and where they stand, its submissions, its notices."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.refusals import unknown, wrong_cursor
from wicketgate.flow.gate import Gate
from wicketgate.store import agency
from wicketgate.store.agency import Key, Outward, SubmissionSeen

__all__ = ["Outward", "SubmissionSeen", "listed", "notices", "one", "submission", "submissions"]

MOST = 200
"""Entries of a page at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some requests, newest submission first, and where the next page begins; None after the last."""

    items: Sequence[Outward]
    after: str | None


def listed(gate: Gate, caller: Caller, after: str | None, most: int, submission: int | None) -> Page:
    """The agency's requests in order. Raises `CallRefusedError` for a cursor that is none of ours."""
    at = None if after is None else _place(after)
    with as_agency(gate, caller.agency) as connection:
        return _paged(agency.page(connection, after=at, submission=submission, most=most + 1), most)


def one(gate: Gate, caller: Caller, handle: Handle) -> Outward:
    """One request of the agency. Raises `CallRefusedError` (404) for any other, there or not."""
    with as_agency(gate, caller.agency) as connection:
        found = agency.one(connection, handle)
    if found is None:
        raise unknown()
    return found


def submissions(
    gate: Gate, caller: Caller, before: int | None, most: int
) -> tuple[Sequence[SubmissionSeen], int | None]:
    """The agency's submissions, the newest first, and the number before which the next page begins."""
    with as_agency(gate, caller.agency) as connection:
        found = agency.submissions(connection, before=before, most=most + 1)
    return found[:most], found[most - 1].submission if len(found) > most else None


def submission(gate: Gate, caller: Caller, number: int) -> tuple[SubmissionSeen, dict[str, int]]:
    """One submission, and how many of the agency's requests in it stand where. Raises `CallRefusedError`."""
    with as_agency(gate, caller.agency) as connection:
        found = agency.submission(connection, number)
        if found is None:
            raise unknown()
        return found, agency.counts(connection, number)


def notices(gate: Gate, caller: Caller, after: str | None, most: int) -> Page:
    """Disclosures that were called back after their pick-up, in order; raises like `listed`."""
    at = None if after is None else _place(after)
    with as_agency(gate, caller.agency) as connection:
        return _paged(agency.noticed(connection, after=at, most=most + 1), most)


def _paged(found: Sequence[Outward], most: int) -> Page:
    """A page of what was found, of which one more than a page was asked for."""
    shown = found[:most]
    return Page(shown, _cursor(shown[-1]) if len(found) > most else None)


def _cursor(last: Outward) -> str:
    return urlsafe_b64encode(f"{last.submission}.{last.row}".encode()).decode().rstrip("=")


def _place(cursor: str) -> Key:
    try:
        number, _, row = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        if not (number.isdigit() and row.isdigit() and len(number) < 18 and len(row) < 18):
            raise ValueError(cursor)  # noqa: TRY301  # the same answer as for every other fault
    except ValueError:
        raise wrong_cursor() from None
    return Key(int(number), int(row))
