"""The register answers the committed questions of endorsed requests."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.determine import answer_text, reviewed
from wicketgate.flow.gate import GATE, Gate, Record, Rows
from wicketgate.flow.resolutions import resolutions
from wicketgate.flow.suspended import split_by_suspension, uniform
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.stages.review import Resolution, Sufficient
from wicketgate.stages.verify import Answer, Endorsement, Verification, Verified, verify
from wicketgate.store import acts, answers, register, requests, suspension
from wicketgate.store.acts import Act, PastAct
from wicketgate.store.database import Connection
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service
from wicketgate.store.work_marks import exercises


def ask(gate: Gate, rows: Rows) -> int:
    """Verify the endorsed requests among `rows`; returns how many were answered.

    Whatever the answer, the request moves on or ends in this same transaction, and the
    answer is an entry. While disclosure to an agency is suspended, the register is
    not asked about its requests: they are held. An answer about a canary pauses the whole
    programme at once: of the others only the refusals stand, and nobody is told.
    """
    with gate.acting(Service.VERIFY) as connection:
        stored = requests.in_state(connection, rows.submission, State.ENDORSED, rows.first, rows.last)
        stored = split_by_suspension(gate, connection, stored)
        stored = _without_exercises(gate, connection, stored)
        if stored:
            handles = [each.standing.handle for each in stored]
            settled = resolutions(connection, handles)
            found = answers_to(gate, connection, handles)
            canaries = suspension.canary_hits(connection, handles)
            paused = suspension.is_paused(connection)  # by one of these very answers
            endorsed = acts.latest(connection, handles, "endorse")
            done, records, told = [], [], {}
            for each in stored:
                handle, version = each.standing.handle, each.standing.version
                conclusion = concluded(
                    gate, each, found[handle], endorsed.get(handle), settled.get(handle, ())
                )
                if isinstance(conclusion, Verified) and not paused:
                    act = "verify"
                elif isinstance(conclusion, Verified):
                    act, told[handle] = "hold", uniform(each)
                else:
                    act = "hold" if conclusion.held else "fail to verify"
                    state = State.HELD if conclusion.held else State.NOT_VERIFIED
                    told[handle] = answer_text(outward_answer(each.standing.request_id, state, held=Held()))
                done.append(Act(handle, act, Role.GATE, GATE, version))
                answer = "canary" if handle in canaries else str(found[handle])
                fields = {"ticket": str(handle), "answer": answer}
                records.append(Record("verification.answered", handle, fields))
            at = gate.clock.now()
            acts.perform(connection, done, at)
            answers.give(connection, told, at)
            gate.record(connection, records)
    return len(stored)


def _without_exercises(
    gate: Gate, connection: Connection, stored: list[StoredRequest]
) -> list[StoredRequest]:
    """Exercises go on to the approver without any question to the register; returns the others."""
    planted = exercises(connection, [each.standing.handle for each in stored])
    todo = [each.standing for each in stored if each.standing.handle in planted]
    if todo:
        acts.perform(
            connection,
            [Act(each.handle, "verify", Role.GATE, GATE, each.version) for each in todo],
            gate.clock.now(),
        )
        gate.record(
            connection, [Record("exercise", each.handle, {"act": "verify", "actor": GATE}) for each in todo]
        )
    return [each for each in stored if each.standing.handle not in planted]


def answers_to(gate: Gate, connection: Connection, handles: list[Handle]) -> dict[Handle, Answer]:
    """The register's answers, as the law's switches let them count.

    Under the looser reading of the address standard, a complete address that the register
    does not hold goes to a person instead of ending the request.
    """
    to_a_person = gate.law.authority.switches.get("S2_request_address_standard") == "complete_postal"
    answers_by_handle = {}
    for handle, outcome in register.answer(connection, handles).items():
        answer = Answer(outcome)
        answers_by_handle[handle] = Answer.HELD if to_a_person and answer is Answer.NOT_ONE else answer
    return answers_by_handle


def concluded(
    gate: Gate,
    stored: StoredRequest,
    answer: Answer,
    endorsed: PastAct | None,
    settled: Sequence[Resolution] = (),
) -> Verification:
    """Verification made again from what is stored: the review, the endorsement, the answer.

    Raises `acts.ActRefusedError` when nobody endorsed the request or it is not sufficient any more.
    """
    again = reviewed(gate, stored, settled)
    if endorsed is None or not isinstance(again, Sufficient):
        raise acts.ActRefusedError(f"Request {stored.standing.handle} is not endorsed as it stands.")
    return verify(again, Endorsement(stored.standing.handle, endorsed.actor, endorsed.at), answer)
