"""An inspector plants a request that a sound officer refuses.

It is labelled in the ledger when it is made. To officers it looks like any other; it never reaches the
register, and if two people let it pass it stops before anything is sealed.
"""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Record, Rows
from wicketgate.flow.receive import Incoming, new_request, version_of
from wicketgate.flow.work.acting import given
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError
from wicketgate.stages.facts import row_facts
from wicketgate.stages.review import request_digest
from wicketgate.store import requests, versions, work_kin, work_marks
from wicketgate.store.services import Service


def plant(
    gate: Gate,
    actor: Actor,
    request: Request,
    why: str,
    submission: str = "requests.csv",
    kin: Kin | None = None,
) -> Handle:
    """Receive `request` as an exercise under a submission of its own, named like others; returns its handle.

    `why` says what a sound officer sees in it. Raises `NotAllowedError` for anybody but an inspector, and
    `IncompleteError` for a request that the statutory review finds deficient: that tests nobody.
    """
    if actor.role is not Role.INSPECTOR:
        raise NotAllowedError("Only an inspector plants a request.")
    reasons, law, at = given(why, "why a sound officer refuses it"), gate.law, gate.clock.now()
    facts = dict.fromkeys(SET_FACTS, 1) | row_facts(request, gate.context, law.authority.vocabulary).facts
    new = new_request(gate, Incoming(1, request, facts, law.evaluate(facts)))
    if new.reviewed.determination == "deficient":
        found = ", ".join(new.reviewed.findings)
        raise IncompleteError(f"The review itself finds this request deficient ({found}); it tests nobody.")
    with gate.acting(Service.INTAKE) as connection:
        versions.know(connection, version_of(law.authority))
        opened = requests.open_submission(
            connection,
            name=submission,
            digest=digest(request.as_mapping()),
            authority=law.authority.name,
            authority_digest=law.authority.digest,
            as_of=gate.context.as_of,
            at=at,
        )
        requests.add(connection, opened.submission, [new], at)
        requests.close_submission(connection, opened.submission, 1)
        work_marks.plant(connection, new.handle, actor, reasons, at)
        if kin is not None:
            work_kin.add(connection, {new.handle: kin.of(request)}, at)
        received: dict[str, Canonical] = {
            "submission": opened.digest,
            "row": 1,
            "agency": request.requesting_agency,
            "authority": law.authority.name,
            "request_digest": request_digest(request),
        }
        label = {
            "act": "plant",
            "actor": actor.handle,
            "request_digest": request_digest(request),
            "reasons": reasons,
        }
        gate.record(
            connection,
            [Record("request.received", new.handle, received), Record("exercise", new.handle, label)],
        )
    determine(gate, Rows(opened.submission, 1, 1))
    return new.handle
