"""A file through the server: every row exactly one determination and one entry, as `review` says.

What goes beyond the agency's budget of tries waits for a person: nothing else is different.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.bulk.test_interrupted import a_file
from tests.bulk.yard import Yard
from tests.stories.people import VALID
from tests.workplace.office import CLEO
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.agency.ask import ask
from wicketgate.flow.bulk.place import FORMATS
from wicketgate.flow.receive import receive
from wicketgate.flow.review_file import review_file
from wicketgate.flow.standing import kin_of
from wicketgate.flow.try_budget import MOST
from wicketgate.stages.comparison import name_key
from wicketgate.store.requests import Submission
from wicketgate.synthetic import make_register, make_submission

ROWS = 1_500


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mixed file whose rows all name the clerk's agency, and two rows that are none."""
    folder = tmp_path_factory.mktemp("mixed")
    make_register(folder / "register", persons=200, seed=3)
    path = folder / "mixed.csv"
    make_submission(path, rows=ROWS, kind="mixed", seed=3, register=folder / "register")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["requesting_agency"] = "DHS"
    rows[7]["request_id"] = rows[3]["request_id"]
    rows[9]["request_id"] = ""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_was_asked_one_by_one_counts_for_a_file_and_the_other_way_round(yard: Yard) -> None:
    kin = kin_of(yard.standing)

    def found(handle: Handle) -> object:
        return yard.rows("SELECT determination, findings FROM gate.request WHERE handle = %s", handle.text)[0]

    def asked(reference: str, **words: str) -> object:
        return found(ask(yard.gate, CLEO, Request.from_mapping(row_of(reference, **words)), kin).handle)

    def row_of(reference: str, **words: str) -> dict[str, str]:
        return VALID | {"request_id": reference, "signed_on": yard.gate.context.as_of.isoformat()} | words

    assert asked("P-1") == ("sufficient", [])
    yard.send(a_file(2, signed_on=yard.gate.context.as_of.isoformat(), taxpayer_first_name="Rita"))
    yard.work()
    of_the_file = "SELECT determination, findings FROM gate.request WHERE request_id ^@ 'R' ORDER BY row"
    assert yard.rows(of_the_file) == [
        ("sufficient", []),
        ("referred", ["B11"]),
    ]
    assert asked("P-2", taxpayer_first_name="Ruth") == ("referred", ["B11"])
    assert asked("P-3", taxpayer_first_name="Vera") == ("sufficient", [])


def test_a_gate_that_is_kept_receives_nothing_without_a_budget(yard: Yard) -> None:
    kept = replace(yard.gate, throw_away=False)
    nothing = Submission(*(None,) * len(fields(Submission)))  # type: ignore[arg-type]  # never looked at
    with pytest.raises(ValueError, match="without a budget"):
        receive(kept, nothing, [], None)


def beyond_the_budget(rows: Mapping[int, Mapping[str, str]]) -> set[int]:
    """Those before which two others have the same surnames and first initial."""
    seen: Counter[tuple[str, ...]] = Counter()
    beyond = set()
    for number, row in rows.items():
        name = name_key(
            *(row[f"taxpayer_{part}"] for part in ("first_name", "middle_name", "last_name", "suffix"))
        )
        if name.surnames:
            seen[each := (name.first[:1], *name.surnames)] += 1
            if seen[each] > MOST:
                beyond.add(number)
    return beyond


def test_every_row_has_one_determination_and_one_entry_as_the_review_says(
    yard: Yard, mixed: Path, tmp_path: Path
) -> None:
    sent = yard.send(mixed.read_bytes())
    yard.work()
    upload = yard.upload(sent.upload)
    assert (upload.state, upload.rows, upload.problem) == ("done", ROWS, None)
    review_file(mixed, tmp_path / "out", yard.gate.law, yard.gate.context)
    with (tmp_path / "out" / "determinations.csv").open(newline="") as file:
        said = {int(row["row"]): (row["determination"], row["findings"]) for row in csv.DictReader(file)}
    order = list(dict.fromkeys(element.code for element in yard.gate.law.elements))
    with mixed.open(newline="") as file:
        beyond = beyond_the_budget(
            {number: row for number, row in enumerate(csv.DictReader(file), 1) if number in said}
        )
    assert 0 < len(beyond) < len(said)
    for row in beyond:
        determination, codes = said[row]
        if "B11" not in codes.split(";"):
            told = sorted([*filter(None, codes.split(";")), "B11"], key=order.index)
            said[row] = ("referred" if determination == "sufficient" else determination, ";".join(told))
    found = yard.rows(
        "SELECT row, determination, array_to_string(findings, ';'), state, handle FROM gate.request"
        " WHERE submission = %s",
        upload.submission,
    )
    assert {row: (determination, codes) for row, determination, codes, _, _ in found} == said
    assert all(state == determination for _, determination, _, state, _ in found)
    entries = Counter(yard.rows("SELECT handle, kind FROM log.entry WHERE handle IS NOT NULL"))
    wanted = Counter(
        (handle, kind) for *_, handle in found for kind in ("request.received", "request.determined")
    )
    assert entries == wanted
    acts = yard.rows("SELECT count(*), count(DISTINCT handle) FROM gate.act")
    assert acts == [(len(said), len(said))]
    told = yard.rows("SELECT count(*) FROM gate.answer")
    assert told == [(sum(determination == "deficient" for determination, _ in said.values()),)]
    for row, reference, body in yard.rows(
        "SELECT r.row, r.request_id, a.body FROM gate.answer a JOIN gate.request r USING (handle)"
    ):
        answer = json.loads(body)
        assert (answer["request_id"], answer["answer"]) == (reference, "deficient")
        assert list(dict.fromkeys(each["code"] for each in answer["findings"])) == said[row][1].split(";")
    assert yard.rows("SELECT count(*) FROM gate.work")[0][0] == len(said) - told[0][0]
    assert yard.rows("SELECT sum(n) FROM gate.tally") == [(len(said) - told[0][0],)]
    place = yard.uploads.of(sent.upload)
    assert all(place.table(name, kind).is_file() for name in ("results", "problems") for kind in FORMATS)
    with place.table("problems", "csv").open(newline="") as file:
        assert [(row["row"], row["column"]) for row in csv.DictReader(file)] == [
            ("8", "request_id"),
            ("10", "request_id"),
        ]
    with place.table("results", "csv").open(newline="") as file:
        assert {
            int(row["row"]): (row["determination"], row["findings"]) for row in csv.DictReader(file)
        } == said
