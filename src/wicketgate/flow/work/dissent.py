"""An officer's signed objection: there for ever, its hash in the ledger, answered by whoever proceeds."""

from __future__ import annotations

from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.work.acting import attempt, given, known
from wicketgate.flow.work.decide import proved_lately
from wicketgate.flow.work.refusals import ConfirmationError, NotAllowedError, UnknownRequestError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.flow.work.signature import Assertion, SignatureError, Terms, signed_by_gate
from wicketgate.store import work_marks
from wicketgate.store.services import Service

_SERVICES = {
    Role.EXAMINER: Service.REVIEW,
    Role.COUNSEL: Service.REVIEW,
    Role.APPROVER: Service.DECIDE,
    Role.SAFEGUARDS_OFFICER: Service.OVERSEE,
}
_ANSWERING = {Role.COUNSEL: Service.REVIEW, Role.APPROVER: Service.DECIDE}


def terms(gate: Gate, actor: Actor, handle: Handle, statement: str) -> Terms:
    """What an officer signs under a statement; raises `IncompleteError` for a statement that is none."""
    return Terms.of(gate.key.vkey, actor, handle, given(statement, f"for your dissent on {handle}"))


def dissent(
    gate: Gate,
    actor: Actor,
    handle: Handle,
    statement: str,
    signed: Assertion | datetime,
    rules: OfficeRules = HOUSE_RULES,
) -> int:
    """Attach a signed dissent to any request, whatever its state; returns its number.

    `signed` is what the officer's own device made over `terms`, or when the officer last proved who they
    are: then the gate signs that. Raises `ConfirmationError` for a signature that does not hold or a proof
    that is too old, and `WorkRefusedError`; then nothing was done.
    """
    service = _SERVICES.get(actor.role)
    if service is None:
        raise NotAllowedError(f"As {actor.role} you attach no dissent.")
    with attempt(gate, actor, handle, "dissent", service) as connection:
        text = given(statement, f"for your dissent on {handle}")
        said = terms(gate, actor, handle, text)
        if isinstance(signed, Assertion):
            signature = _checked(signed, said)
        else:
            proved_lately(gate, handle, signed, rules)
            signature = signed_by_gate(gate.key, said, signed)
        known(connection, handle)
        named = said.statement
        number = work_marks.dissent(connection, handle, actor, text, named, signature, gate.clock.now())
        fields = {
            "officer": actor.handle,
            "role": actor.role.value,
            "statement_digest": named,
            "signature_digest": digest(signature),
        }
        gate.record(connection, [Record("dissent", handle, fields)])
    return number


def _checked(assertion: Assertion, said: Terms) -> str:
    try:
        assertion.check(said)
    except SignatureError as error:
        raise ConfirmationError(f"{error} Nothing was done.") from None
    return assertion.to_text()


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
