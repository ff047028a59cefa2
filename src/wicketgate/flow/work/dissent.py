"""An officer's objection: attached for ever, its hash in the ledger, and answered by whoever proceeds."""

from __future__ import annotations

from wicketgate.core.actor import Actor
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import attempt, given, known
from wicketgate.flow.work.refusals import NotAllowedError, UnknownRequestError
from wicketgate.store import work_marks
from wicketgate.store.services import Service

_SERVICES = {
    Role.EXAMINER: Service.REVIEW,
    Role.COUNSEL: Service.REVIEW,
    Role.APPROVER: Service.DECIDE,
    Role.SAFEGUARDS_OFFICER: Service.OVERSEE,
}
_ANSWERING = {Role.COUNSEL: Service.REVIEW, Role.APPROVER: Service.DECIDE}


def dissent(gate: Gate, actor: Actor, handle: Handle, statement: str, signature: str | None = None) -> int:
    """Attach a dissent to any request, whatever its state; returns its number.

    `signature` is what the officer's own device made over the statement, kept as it is; without one the
    dissent is attributed. Raises `WorkRefusedError`; then nothing was done.
    """
    service = _SERVICES.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you attach no dissent.")
    with attempt(gate, actor, handle, "dissent", service) as connection:
        text = given(statement, f"for your dissent on {handle}")
        known(connection, handle)
        named = digest(text)
        number = work_marks.dissent(connection, handle, actor, text, named, signature, gate.clock.now())
        fields = {
            "officer": actor.handle,
            "role": actor.role.value,
            "statement_digest": named,
            "signature_digest": digest(signature) if signature else None,
        }
        gate.record(connection, [Record("dissent", handle, fields)])
    return number


def answer_dissent(gate: Gate, actor: Actor, handle: Handle, number: int, reasons: str) -> None:
    """Say why the disclosure proceeds against a dissent that came after the approval.

    Until then nothing is released. Nobody answers their own. Raises `WorkRefusedError`.
    """
    service = _ANSWERING.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you answer no dissent.")
    with attempt(gate, actor, handle, "answer dissent", service) as connection:
        text = given(reasons, f"for proceeding against the dissent on {handle}")
        known(connection, handle)
        named = work_marks.dissents(connection, handle).get(number)
        if named is None:
            raise UnknownRequestError(f"There is no dissent {number} on {handle}.")
        work_marks.answer_dissent(connection, number, handle, actor, text, gate.clock.now())
        fields = {
            "officer": actor.handle,
            "role": actor.role.value,
            "statement_digest": named,
            "reasons": text,
        }
        gate.record(connection, [Record("dissent.answered", handle, fields)])
