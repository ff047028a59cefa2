"""Published counts are what an inspector counts again, and tell an agency nothing that it was not told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flow.test_witnessing import gate_on
from wicketgate.core.digest import Canonical
from wicketgate.flow.entry_counts import LEAST, OTHER, TOLD, publish_counts, write_kinds
from wicketgate.flow.gate import Gate
from wicketgate.flow.simulation_outputs import publish
from wicketgate.ledger import commit, public_leaf, read_public_leaf
from wicketgate.ledger.verify import verify_folder
from wicketgate.store import log
from wicketgate.store.database import Database
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

KINDS = ("request.received", "request.determined", "decision", "disclosure.released", "access.denied")


@pytest.fixture
def gate(database: Database) -> Iterator[Gate]:
    with gate_on(database) as made:
        yield made


def write(gate: Gate, number: int) -> None:
    """Entries of several kinds in turn."""
    made = []
    for at in range(number):
        kind, fields = KINDS[at % len(KINDS)], {"handle": f"H{at}", "at": "2026-03-01"}
        made.append(Entry.of(None, fields, commit(kind, fields)))
    with gate.acting(Service.REVIEW) as connection:
        gate.append(connection, made)


def published(gate: Gate, folder: Path) -> tuple[Path, Path]:
    """The public folder and the inspector's list."""
    publish(gate, folder / "ledger")
    with gate.acting(Service.AUDIT) as connection:
        size, _ = log.latest_checkpoint(connection) or (0, "")
    write_kinds(gate, size, folder / "kinds.jsonl")
    return folder / "ledger", folder / "kinds.jsonl"


def test_an_inspector_counts_again(gate: Gate, tmp_path: Path) -> None:
    write(gate, 250)
    assert publish_counts(gate)
    write(gate, 100)
    assert publish_counts(gate)
    folder, kinds = published(gate, tmp_path)
    report = verify_folder(folder, kinds=kinds)
    assert report.ok, report.failures
    assert [line for line in report.checked if "statistics" in line] == [
        "entry 250, statistics: counted again, 250 entries",
        "entry 351, statistics: counted again, 101 entries",
    ]


def test_few_entries_are_not_counted(gate: Gate) -> None:
    assert not publish_counts(gate)
    write(gate, LEAST - 1)
    assert not publish_counts(gate)
    write(gate, 1)
    assert publish_counts(gate)
    assert not publish_counts(gate)


def test_what_an_agency_is_not_told_is_one_number(gate: Gate, tmp_path: Path) -> None:
    write(gate, 100)
    publish_counts(gate)
    with gate.acting(Service.AUDIT) as connection:
        *_, leaf = log.entries(connection)
    _, fields = read_public_leaf(leaf)
    assert fields["counts"] == {**dict.fromkeys(TOLD, 20), OTHER: 60}


def counted_wrong(gate: Gate, **change: Canonical) -> None:
    fields: dict[str, Canonical] = {
        "first": 0,
        "last": 99,
        "from": "2026-03-01",
        "to": "2026-03-01",
        "counts": {**dict.fromkeys(TOLD, 20), OTHER: 60},
    }
    fields |= change
    with gate.acting(Service.OVERSEE) as connection:
        gate.append(connection, [Entry("statistics", public_leaf("statistics", fields), None, fields)])


WRONG: dict[str, dict[str, Canonical]] = {
    "one determination fewer": {"counts": {**dict.fromkeys(TOLD, 20), "request.determined": 19, OTHER: 61}},
    "fewer than there are": {"counts": {**dict.fromkeys(TOLD, 20), OTHER: 59}},
    "not from the beginning": {"first": 1, "counts": {**dict.fromkeys(TOLD, 20), OTHER: 59}},
    "of what is to come": {"last": 120, "counts": {**dict.fromkeys(TOLD, 20), OTHER: 81}},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_count_is_found(gate: Gate, tmp_path: Path, what: str) -> None:
    write(gate, 100)
    counted_wrong(gate, **WRONG[what])
    folder, kinds = published(gate, tmp_path)
    (failure,) = verify_folder(folder, kinds=kinds).failures
    assert failure.startswith("entry 100, statistics: ")
    # Without the list, sums and bounds are checked all the same.
    assert bool(verify_folder(folder).failures) == (what != "one determination fewer")


def _as(number: int) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        entry = json.loads(lines[5])
        entry[1] = (entry[1] + number) % len(json.loads(lines[0])["known"])
        return [*lines[:5], json.dumps(entry), *lines[6:]]

    return change


LISTS: dict[str, Callable[[list[str]], list[str]]] = {
    "an entry of another kind": _as(1),
    "an entry missing": lambda lines: lines[:-1],
    "an entry too many": lambda lines: [*lines, '[700,0,"",""]'],
    "no list": lambda lines: ["{}"],
    "nothing": lambda lines: [],
    "another form": lambda lines: [lines[0].replace("kinds/1", "kinds/2"), *lines[1:]],
    "a broken line": lambda lines: [*lines, "["],
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_that_does_not_prove_its_kinds_is_refused(gate: Gate, tmp_path: Path, what: str) -> None:
    write(gate, 100)
    publish_counts(gate)
    folder, kinds = published(gate, tmp_path)
    kinds.write_text("\n".join(LISTS[what](kinds.read_text().splitlines())))
    (failure,) = verify_folder(folder, kinds=kinds).failures
    assert failure.startswith(str(kinds))


def test_the_list_shows_no_field(gate: Gate, tmp_path: Path) -> None:
    write(gate, 100)
    publish_counts(gate)
    text = published(gate, tmp_path)[1].read_text()
    assert not any(f'"H{at}"' in text for at in range(100))
    assert "2026-03-01" not in text
