"""Counsel determines what was referred, each element with reasons: in the request's favour, or against it."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.states import State
from wicketgate.flow.determine import answer_text, reviewed
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.resolutions import resolutions
from wicketgate.flow.work.acting import Done, attempt, despite_dissents, move, opened, points, ready_to_judge
from wicketgate.flow.work.examine import told
from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError
from wicketgate.stages.answer import outward_answer
from wicketgate.stages.review import Deficient, Referred, Resolution, Sufficient
from wicketgate.store import answers, work_marks
from wicketgate.store.database import Connection
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service


def resolve_referral(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    determinations: Sequence[tuple[str, str]],
    dissents: int = 0,
) -> Done:
    """Determine every open referral in the request's favour: (code, reasons) for each, none left out.

    `dissents` is how many of them counsel's page showed. A defect cannot be resolved by anybody.
    Raises `WorkRefusedError`; then nothing was done.
    """
    act = "resolve referral"
    with attempt(gate, actor, handle, act, Service.REVIEW) as connection:
        stored, step = opened(connection, actor, handle, act, version)
        ready_to_judge(gate, connection, actor, handle)
        made = points(gate, determinations)
        missing = sorted(set(open_points(gate, connection, stored)) - {code for code, _ in made})
        if missing:
            raise IncompleteError(f"{', '.join(missing)} of {handle} is still open; determine each element.")
        before = resolutions(connection, [handle]).get(handle, ())
        resolved = (*before, *(Resolution(code, actor.handle, reasons) for code, reasons in made))
        again = reviewed(gate, stored, resolved)
        if not isinstance(again, Sufficient):
            raise NotAllowedError(
                f"Request {handle} has a defect under the law as it is in force now; nobody can resolve that."
            )
        words = "\n".join(f"{code}: {reasons}" for code, reasons in made)
        text, objections = despite_dissents(connection, handle, words, dissents)
        done = move(gate, connection, actor, stored, step, text)
        work_marks.add_points(connection, handle, done.version, made)
        fields = {
            "act": act,
            "counsel": actor.handle,
            "findings": [code for code, _ in made],
            "reasons": text,
            "dissent": objections,
            "predecessor": again.digest,
        }
        gate.record(connection, [Record("referral.determined", handle, fields)])
    return done


def reject_referral(
    gate: Gate, actor: Actor, handle: Handle, version: int, determinations: Sequence[tuple[str, str]]
) -> Done:
    """Determine against the request: (code, reasons) for each element that it does not show.

    The requester is told the elements in the law's words. Raises `WorkRefusedError`; then nothing was done.
    """
    act = "reject referral"
    with attempt(gate, actor, handle, act, Service.REVIEW) as connection:
        stored, step = opened(connection, actor, handle, act, version)
        ready_to_judge(gate, connection, actor, handle)
        made = points(gate, determinations)
        words = "\n".join(f"{code}: {reasons}" for code, reasons in made)
        done = move(gate, connection, actor, stored, step, words)
        work_marks.add_points(connection, handle, done.version, made)
        codes = [code for code, _ in made]
        answer = outward_answer(stored.standing.request_id, State.DEFICIENT, told(gate, codes))
        answers.give(connection, {handle: answer_text(answer)}, gate.clock.now())
        fields = {"act": act, "counsel": actor.handle, "findings": codes, "reasons": words}
        gate.record(connection, [Record("referral.determined", handle, fields)])
    return done


def open_points(gate: Gate, connection: Connection, stored: StoredRequest) -> list[str]:
    """The elements that wait for counsel: those the law refers and those an examiner referred."""
    handle = stored.standing.handle
    again = reviewed(gate, stored, resolutions(connection, [handle]).get(handle, ()))
    found = again.findings if isinstance(again, Deficient | Referred) else ()
    by_law = [finding.code for finding in found if finding.severity == "refer"]
    by_examiner = [point.code for point in work_marks.referred(connection, handle)]
    return list(dict.fromkeys((*by_law, *by_examiner)))
