"""What a determination rests on is stored with it: the version, its answers, and the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.stories.people import VALID, write_register
from wicketgate.core.context import Context
from wicketgate.core.request import Request
from wicketgate.flow import load_context
from wicketgate.flow.house import opened
from wicketgate.flow.receive import Incoming, receive
from wicketgate.law import compile_authority, load
from wicketgate.stages.facts import row_facts
from wicketgate.store import requests, versions
from wicketgate.store.services import Service

NAME, OVERLAY, DAY = "usc26-6103-i2", "mou-2025-04-07", date(2026, 3, 1)


def test_a_stored_determination_can_be_replayed(tmp_path: Path) -> None:
    plain = load_context(None, today=DAY)
    context = Context(DAY, plain.agencies, {"S4_officer_caseload": 7})
    law = compile_authority(load(NAME, (OVERLAY,), on=DAY, switches=context.switches))
    request = Request.from_mapping(VALID)
    facts = row_facts(request, context, law.authority.vocabulary).facts
    with opened(law, context, write_register(tmp_path / "register"), None) as house:
        gate = house.gate
        with gate.acting(Service.INTAKE) as connection:
            submission = requests.open_submission(
                connection,
                name="s.csv",
                digest="sha256:" + "0" * 64,
                authority=NAME,
                authority_digest=law.authority.digest,
                as_of=DAY,
                at=gate.clock.now(),
            )
        receive(gate, submission, [Incoming(1, request, facts, law.evaluate(facts))], None)
        with gate.acting(Service.AUDIT) as connection:
            (stored,) = requests.between(connection, submission.submission, 1, 1)
            version = versions.get(connection, str(stored.authority_digest))
    assert version is not None
    assert version.switches["S4_officer_caseload"] == 7
    assert stored.determined_on is not None
    again = compile_authority(
        load(version.authority, version.overlays, on=stored.determined_on, switches=version.switches)
    )
    assert again.authority.digest == stored.authority_digest
    assert again.authority.parameters == version.parameters
    assert again.determination(again.evaluate(stored.facts)) is stored.determination
