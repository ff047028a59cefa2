"""One request reviewed by itself is the review of a file that holds it alone: same facts, same elements."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import VALID, without
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.request import Request
from wicketgate.flow.review_file import reviewed
from wicketgate.flow.review_one import review_one
from wicketgate.stages.facts import open_requests

LAW, CONTEXT = law_and_context()
BUSY = replace(CONTEXT, engagements={"Ben Broder|5678|DHS": 3, "Alma Agent|1234|DHS": 2})
ROWS = (
    *(VALID, without("engaged_officers"), without("address_line1", "address_city")),
    *(
        without("reasons", "matter_number"),
        without("taxpayer_tin", "taxpayer_last_name"),
        {"request_id": "E"},
    ),
)


def test_it_is_the_review_of_a_file_of_one_row(tmp_path: Path) -> None:
    for number, row in enumerate(ROWS):
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps(row) + "\n")
        one = review_one(LAW, BUSY, Request.from_mapping(row))
        with reviewed(path, LAW, BUSY) as review:
            ((_, _, *facts),) = review.workspace.facts()
            ((_, _, *words),) = review.workspace.words(LAW)
        named = {
            fact: spec.of_column(value) for (fact, spec), value in zip(CATALOGUE.items(), facts, strict=True)
        }
        assert dict(one.facts) == named
        assert one.shown == LAW.shown(words)  # type: ignore[arg-type]
        assert not number or one.facts != review_one(LAW, BUSY, Request.from_mapping(ROWS[0])).facts


def test_two_spellings_of_one_officer_are_one_officers_requests() -> None:
    assert set(open_requests({"Alma Agent|1|DHS": 3, "ALMA  AGENT|1|dhs": 4, "Ben|2|DHS": 1}).values()) == {
        7,
        1,
    }
