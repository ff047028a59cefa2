"""An examiner endorses one request; its question to the register is put on record in the same transaction."""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.flow.determine import reviewed
from wicketgate.flow.endorse import put_on_record, question_digest, question_of
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.resolutions import resolutions
from wicketgate.flow.work.acting import Done, attempt, despite_dissents, move, opened, ready_to_judge
from wicketgate.flow.work.refusals import NotAllowedError
from wicketgate.stages.review import Sufficient
from wicketgate.store import register, work_marks
from wicketgate.store.services import Service

_ACT = "endorse"


def endorse(
    gate: Gate, actor: Actor, handle: Handle, version: int, reasons: str | None = None, dissents: int = 0
) -> Done:
    """Endorse one sufficient request; against a dissent, `reasons` are needed.

    `dissents` is how many of them the examiner's page showed.

    The law that is in force now is applied again: what it no longer shows cannot be endorsed.
    Raises `WorkRefusedError`; then nothing was done.
    """
    with attempt(gate, actor, handle, _ACT, Service.REVIEW) as connection:
        stored, step = opened(connection, actor, handle, _ACT, version)
        ready_to_judge(gate, connection, actor, handle)
        text, objections = despite_dissents(connection, handle, reasons, dissents)
        again = reviewed(gate, stored, resolutions(connection, [handle]).get(handle, ()))
        if not isinstance(again, Sufficient):
            raise NotAllowedError(
                f"Request {handle} is not sufficient under the law as it is in force now; return or refer it."
            )
        done = move(gate, connection, actor, stored, step, text)
        records = [
            Record(
                "request.endorsed",
                handle,
                {
                    "examiner": actor.handle,
                    "act": _ACT,
                    "reasons": text,
                    "dissent": objections,
                    "predecessor": again.digest,
                },
            )
        ]
        if handle not in work_marks.exercises(connection, [handle]):
            asked = question_of(gate, stored)
            register.ask(connection, put_on_record(gate, [(handle, asked)]))
            records.append(
                Record(
                    "verification.asked",
                    handle,
                    {
                        "ticket": str(handle),
                        "actor": actor.handle,
                        "purpose": stored.request.statute,
                        "question_digest": question_digest(asked),
                        "predecessor": again.digest,
                    },
                )
            )
        gate.record(connection, records)
    return done
