"""An inspector plants a request that a sound officer refuses.

It is labelled in the ledger when it is made. To officers it looks like any other; it never reaches the
register, and if two people let it pass it ends before anything is sealed.
"""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import GATE, Gate, Record, Rows
from wicketgate.flow.receive import Incoming, new_request, version_of
from wicketgate.flow.work.acting import given
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError
from wicketgate.stages.facts import row_facts
from wicketgate.stages.review import request_digest
from wicketgate.store import acts, requests, versions, work_kin, work_marks
from wicketgate.store.acts import Act
from wicketgate.store.services import Service


def plant(
    gate: Gate,
    actor: Actor,
    request: Request,
    why: str,
    submission: str = "requests.csv",
    kin: Kin | None = None,
) -> Handle:
    """Receive `request` as an exercise; returns its handle.

    It has a submission of its own, of which no agency learns; officers see it in the newest one of its
    agency, where there is one.

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
        among = requests.newest_submission(connection, new.agency_line)
        work_marks.plant(connection, new.handle, actor, reasons, among, at)
        if (found_by := kin or gate.kin) is not None:
            work_kin.add(connection, {new.handle: found_by.of(request)}, at)
            work_kin.mark(connection, {new.handle: found_by.mark(request)})
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


def end_exercises(gate: Gate, rows: Rows) -> int:
    """End the exercises among `rows` that two people approved; returns how many there were."""
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
        planted = work_marks.exercises(connection, [each.standing.handle for each in stored])
        ended = [each.standing for each in stored if each.standing.handle in planted]
        if ended:
            steps = [Act(each.handle, "end exercise", Role.GATE, GATE, each.version) for each in ended]
            acts.perform(connection, steps, gate.clock.now())
            fields = {"act": "end", "actor": GATE}
            gate.record(connection, [Record("exercise", each.handle, fields) for each in ended])
    return len(ended)
