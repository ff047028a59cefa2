"""Somebody guesses and hits a made-up person: everything stops, and nobody outside can tell why.

1. The guess gets the answer that every other guess gets.
2. Lawful requests after it, and beside it, are held and get the same answer: no order, no pause is named.
3. What is deficient is still explained, because that says nothing about anybody on file.
4. The custodian's accounting says which request it was.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import ROSA, ROSA_HOME, VALID, rows_of, without, write_register, write_submission
from wicketgate.core.identifiers import Handle
from wicketgate.flow.house import opened
from wicketgate.flow.simulate import simulating
from wicketgate.ledger.verify import verify_folder
from wicketgate.stages.answer import NO_DISCLOSURE
from wicketgate.store import log
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
CANARY = ("p2", "900700002", "Wendeline", "", "Quarrell", "", "1970-01-02", "canary")
CANARY_HOME = ("p2", "12 Cedar Rd", "", "Salem", "OR", "97301", "US", "2019", "", "true")
GUESS = without(
    "taxpayer_middle_name",
    request_id="G",
    taxpayer_first_name="Wendeline",
    taxpayer_last_name="Quarrell",
    taxpayer_tin="900700002",
    address_line1="12 Cedar Road",
)
NOBODY = GUESS | {"request_id": "N", "taxpayer_first_name": "Nadia", "taxpayer_tin": "900700009"}
BY_DOJ = VALID | {
    "requesting_agency": "DOJ",
    "signatory_capacity": "attorney_general",
    "engaged_officers": "Alma Agent|1234|DOJ",
}


def answers(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "outward.jsonl").read_text().splitlines()]


def outcomes(out: Path) -> list[str]:
    return [row["outcome"] for row in rows_of(out / "outcomes.csv")]


def test_a_hit_stops_the_programme_and_tells_nobody(tmp_path: Path) -> None:
    write_register(tmp_path / "reg", (ROSA, CANARY), (ROSA_HOME, CANARY_HOME))
    first = write_submission(tmp_path / "1.csv", [VALID])
    second = write_submission(tmp_path / "2.csv", [VALID | {"request_id": "W"}, GUESS, NOBODY])
    third = write_submission(tmp_path / "3.csv", [BY_DOJ, NOBODY, without("statute", request_id="D")])
    with simulating(tmp_path / "reg", LAW, CONTEXT, keep=tmp_path / "keep") as run:
        for number, file in enumerate((first, second, third), 1):
            run(file, tmp_path / str(number))
    assert outcomes(tmp_path / "1") == ["disclosed"]
    assert outcomes(tmp_path / "2") == ["held", "held", "not_verified"]
    assert outcomes(tmp_path / "3") == ["held", "held", "deficient"]

    told = answers(tmp_path / "2") + answers(tmp_path / "3")[:2]
    assert {(each["answer"], each["text"]) for each in told} == {("no_disclosure", NO_DISCLOSURE)}
    assert answers(tmp_path / "3")[2]["answer"] == "deficient"
    outward = b"".join((tmp_path / n / "outward.jsonl").read_bytes() for n in "23").lower()
    public = b"".join(p.read_bytes() for p in (tmp_path / "3" / "ledger").rglob("*") if p.is_file()).lower()
    for word in (b"canary", b"pause", b"suspend"):
        assert word not in outward
        assert word not in public
    assert verify_folder(tmp_path / "3" / "ledger").ok

    with (
        opened(LAW, CONTEXT, tmp_path / "reg", tmp_path / "keep") as house,
        house.gate.acting(Service.AUDIT) as connection,
    ):
        named: dict[str, str] = dict(
            connection.execute("SELECT handle, request_id FROM gate.request").fetchall()
        )
        entries = log.about(connection, [Handle(name) for name in named], ["verification.answered"])
        kept = [
            named[handle.text]
            for handle, about in entries.items()
            for each in about
            if each.body["answer"] == "canary"
        ]
        silent = connection.execute(
            "SELECT count(*) FROM gate.request r LEFT JOIN gate.answer a USING (handle) WHERE a.body IS NULL"
        ).fetchone()
    assert kept == ["G"]
    assert silent == (0,)  # a held request that stays without an answer would be a difference
