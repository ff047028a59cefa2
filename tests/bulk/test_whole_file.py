"""A file through the server: every row exactly one determination and one entry, as `review` says."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.bulk.yard import Yard
from wicketgate.flow.bulk.place import FORMATS
from wicketgate.flow.review_file import review_file
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
