"""A year's figures are counted from what is open, each entry once, and nothing stands for what is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from wicketgate.stages.accounting import (
    CERTIFIED_ELSEWHERE,
    HELD,
    LINES,
    OPENED,
    Counts,
    count,
)

YEAR = 2026
AT = "2026-03-01T09:00:00+00:00"


class Entry(NamedTuple):
    """An entry with its open fields."""

    kind: str
    fields: Mapping[str, Any]


def entry(kind: str, handle: str = "WG-1", **fields: object) -> Entry:
    return Entry(kind, {"handle": handle, "at": AT, **fields})


def received(handle: str = "WG-1", agency: str = "DHS") -> Entry:
    return entry("request.received", handle, agency=agency)


def counted(*entries: Entry) -> Counts:
    return count(lambda: entries, YEAR)


def told(found: Counts, name: str) -> dict[tuple[str, ...], str]:
    return {line[:3]: line.number for line in LINES[name](found)}


def test_what_was_held_resumed_and_imported_is_told_apart_and_why_it_was_held_is_not() -> None:
    entries = [received(str(number)) for number in range(5)]
    acts = ("hold", "hold", "resume", "import", "import")
    entries += [entry("request.held", str(number), act=act) for number, act in enumerate(acts)]
    lines = told(counted(*entries), "confidential")
    assert lines["DHS", HELD, ""] == "2"
    assert lines["DHS", "resumed", ""] == "1"
    assert lines["DHS", "imported, answered elsewhere before", ""] == "2"


def test_a_certificate_for_what_was_imported_is_counted_and_ends_what_is_overdue() -> None:
    story = [
        received(),
        entry("request.held", act="import"),
        entry("disclosure.recalled", act="recall", due="2026-04-01T09:00:00+00:00", campaign=2),
    ]
    overdue = ("DHS", "certificates overdue at the end", "")
    assert told(counted(*story), "safeguards")[overdue] == "1"
    for number, agency in ((2, "DOJ"), (1, "DHS")):
        other = Entry("recall.act", {"number": number, "act": "certify", "agency": agency, "at": AT})
        assert told(counted(*story, other), "safeguards")[overdue] == "1", "of another agency or recall"
    mine = Entry("recall.act", {"number": 2, "act": "certify", "agency": "DHS", "at": AT})
    lines = told(counted(*story, mine), "safeguards")
    assert (lines["DHS", CERTIFIED_ELSEWHERE, ""], overdue in lines) == ("1", False)


def test_acts_on_a_recall_as_a_whole_name_no_agency_and_leave_every_figure_as_it_is() -> None:
    whole = [Entry("recall.act", {"act": act, "at": AT}) for act in ("propose", "start", "import")]
    found, plain = counted(received(), *whole), counted(received())
    assert (found.confidential, found.safeguards) == (plain.confidential, plain.safeguards)


def test_doors_that_close_by_themselves_are_counted() -> None:
    doors = [
        Entry("closure", {"cause": "recall", "agency": "DHS", "act": act, "on": day})
        for act, day in (("close", "2026-05-01"), ("open", "2026-05-09"), ("close", "2025-05-01"))
    ]
    lines = told(counted(*doors), "safeguards")
    assert lines["DHS", "doors closed by what is overdue", "recall"] == "1"
    assert lines["DHS", "doors opened again by what is overdue", "recall"] == "1"


def _without(each: Entry, name: str) -> Entry:
    return Entry(each.kind, {key: value for key, value in each.fields.items() if key != name})


CLOSED: Sequence[tuple[Entry, str]] = [
    (received(), "agency"),
    (received(), "at"),
    (entry("decision", decision="approve"), "decision"),
    (entry("decision", decision="approve"), "handle"),
    (entry("request.held", act="import"), "act"),
    (Entry("recall.act", {"number": 1, "act": "certify", "agency": "DHS", "at": AT}), "act"),
    (Entry("recall.act", {"number": 1, "act": "certify", "agency": "DHS", "at": AT}), "agency"),
]


@pytest.mark.parametrize(("each", "name"), CLOSED, ids=[f"{each.kind} {name}" for each, name in CLOSED])
def test_what_is_not_open_is_not_counted_as_a_value(each: Entry, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} of an entry of the kind {each.kind} is not open"):
        counted(_without(each, name))


def test_what_an_account_does_not_open_is_not_read_either() -> None:
    """The custodian's count and the check see the same: nothing beside `OPENED`."""
    rich = [entry("request.withdrawn", reasons="x", actor="cleo"), entry("dissent", officer="x")]
    plain = [Entry(each.kind, {name: each.fields[name] for name in OPENED[each.kind]}) for each in rich]
    assert counted(received(), *rich) == counted(received(), *plain)


def test_an_expunged_entry_counts_no_more() -> None:
    assert counted(Entry("request.received", {})).confidential == {}


def test_a_year_that_is_not_closed_says_so_and_up_to_where_it_is_counted() -> None:
    assert counted(received()).standing.startswith("partial: counted over the first 1 entries")
    counts = {"agency / DHS": 12, "agency / DHS / disclosed": 11}
    last = {"from": "2026-10-01", "to": "2026-12-31", "counts": counts}
    found = counted(received(), Entry("answers", last))
    assert found.standing.startswith("closed")
    assert told(found, "public")["DHS", "instances", ""] == "11"
    assert told(found, "public")["DHS", "requests", ""] == "12"
