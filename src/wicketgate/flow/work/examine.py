"""An examiner returns one request with findings, or refers it to counsel."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.actor import Actor
from wicketgate.core.finding import Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.states import State
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import Done, attempt, given, move, opened, points, ready_to_judge
from wicketgate.stages.answer import outward_answer
from wicketgate.store import answers, work_marks
from wicketgate.store.services import Service


def return_with_findings(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    findings: Sequence[tuple[str, str]],
    reasons: str,
) -> Done:
    """Return one request: `findings` are the elements (code, the examiner's words) that it does not show.

    The requester is told the elements in the law's words; the examiner's own stay inside.
    Raises `WorkRefusedError`; then nothing was done.
    """
    return _examined(gate, actor, handle, version, "return", findings, reasons)


def refer(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    questions: Sequence[tuple[str, str]],
    reasons: str,
) -> Done:
    """Refer one request to counsel: `questions` are elements (code, what counsel is asked).

    Raises `WorkRefusedError`; then nothing was done.
    """
    return _examined(gate, actor, handle, version, "refer", questions, reasons)


def told(gate: Gate, codes: Sequence[str]) -> tuple[Finding, ...]:
    """The law's own words about elements that a person found not to be shown."""
    wanted = set(codes)
    return tuple(
        Finding(element.code, Severity.DEFECT, element.citation, element.message, element.remedy)
        for element in gate.law.elements
        if element.code in wanted
    )


def _examined(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    version: int,
    act: str,
    chosen: Sequence[tuple[str, str]],
    reasons: str,
) -> Done:
    with attempt(gate, actor, handle, act, Service.REVIEW) as connection:
        stored, step = opened(connection, actor, handle, act, version)
        ready_to_judge(gate, connection, actor, handle)
        text, about = given(reasons, f"to {act} {handle}"), points(gate, chosen)
        done = move(gate, connection, actor, stored, step, text)
        work_marks.add_points(connection, handle, done.version, about)
        if step.target is State.DEFICIENT:
            found = told(gate, [code for code, _ in about])
            answer = outward_answer(stored.standing.request_id, State.DEFICIENT, found)
            answers.give(connection, {handle: answer_text(answer)}, gate.clock.now())
        words = [text, *(f"{code}: {said}" for code, said in about)]
        fields = {"examiner": actor.handle, "act": act, "reasons": "\n".join(words)}
        gate.record(connection, [Record("request.endorsed", handle, fields)])
    return done
