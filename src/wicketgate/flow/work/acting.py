"""What every act of a person begins with: the request under lock, who may do it, a trace of refusals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.states import TRANSITIONS, Transition, allowed
from wicketgate.flow.gate import GATE, Gate, Record
from wicketgate.flow.work.refusals import (
    IncompleteError,
    NotAllowedError,
    OvertakenError,
    RecusedError,
    SuspendedError,
    UnclaimedError,
    UndeclaredError,
    UnknownRequestError,
    WorkRefusedError,
)
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.store import acts, requests, suspension, work_claims, work_marks
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import DISCLOSING, Service

LONGEST = 10_000
"""Characters of a reason or a statement."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act that was done: the request's new state and version, for the next page."""

    handle: Handle
    act: str
    state: str
    version: int


@contextmanager
def attempt(gate: Gate, actor: Actor, handle: Handle, act: str, service: Service) -> Iterator[Connection]:
    """One transaction for one act of a person; a refusal undoes it and, where it counts, is an entry.

    Raises `WorkRefusedError` for whatever the database refuses.
    """
    try:
        with gate.acting(service) as connection:
            try:
                yield connection
            except acts.StaleError as error:
                raise OvertakenError(f"{error} Nothing was done; open the request again.") from None
            except acts.SuspendedError as error:
                raise SuspendedError(f"{error} Nothing was done.") from None
            except acts.ActRefusedError as error:
                raise NotAllowedError(f"{error} Nothing was done.") from None
    except WorkRefusedError as error:
        if error.recorded:
            fields = {"actor": actor.handle, "role": actor.role.value, "act": act, "reason": error.code}
            gate.record_together(service, [Record("access.denied", handle, fields)])
        raise


def opened(
    connection: Connection, actor: Actor, handle: Handle, act: str, version: int
) -> tuple[StoredRequest, Transition]:
    """The request, locked, and the step of the table that `act` takes it along.

    Raises `UnknownRequestError`, `NotAllowedError`, and `OvertakenError` when it left `version`.
    """
    if not any(step.act == act and step.role is actor.role for step in TRANSITIONS):
        raise NotAllowedError(f"You act as {actor.role}, and no {actor.role} may {act} a request.")
    closed = act in DISCLOSING and not suspension.open_among(connection, [handle])
    present = requests.lock(connection, handle)
    if present is not None and present != version:
        raise OvertakenError(_first(connection, handle))
    stored = None if present is None else requests.get(connection, handle)
    if stored is None:
        raise UnknownRequestError(f"No request {handle} waits for you as {actor.role}; go back to the queue.")
    steps = [step for step in allowed(stored.standing.state, actor.role) if step.act == act]
    if not steps:
        raise NotAllowedError(
            f"As {actor.role} you may not {act} request {handle}, which is {stored.standing.state}."
        )
    if closed:
        raise SuspendedError(
            f"Request {handle} cannot go on: disclosure to its agency, or to an officer it names, "
            "is suspended. Its clock stands still."
        )
    return stored, steps[0]


def _first(connection: Connection, handle: Handle) -> str:
    """Who was first, what they did and when, as one sentence and what it means for whoever came second."""
    done = acts.history(connection, handle)[-1]
    who = "The gate" if done.actor == GATE else f"The {done.role.replace('_', ' ')} {done.actor}"
    return (
        f"{who} acted on request {handle} after you opened it ({done.act}, {done.at:%H:%M} UTC): "
        f"it is {done.target.replace('_', ' ')} now. Nothing was done by you; open the request again."
    )


def known(connection: Connection, handle: Handle) -> None:
    """Lock the request; raises `UnknownRequestError` when there is none."""
    if requests.lock(connection, handle) is None:
        raise UnknownRequestError(f"There is no request {handle}.")


def ready_to_judge(gate: Gate, connection: Connection, actor: Actor, handle: Handle) -> None:
    """Whoever judges has declared that nothing binds them, and has claimed the request."""
    said = work_marks.declared(connection, handle, actor)
    if said.recused:
        raise RecusedError(f"You declared a conflict of interest on {handle}; another person takes it.")
    if said.nothing:
        raise UndeclaredError(f"Declare first whether you have a conflict of interest on {handle}.")
    if not work_claims.holds_claim(connection, handle, actor, gate.clock.now()):
        raise UnclaimedError(f"Claim {handle} first: your claim is not there, or it has expired.")


def move(
    gate: Gate,
    connection: Connection,
    actor: Actor,
    stored: StoredRequest,
    step: Transition,
    reasons: str | None,
) -> Done:
    """Do the act."""
    handle, version = stored.standing.handle, stored.standing.version
    acts.perform(
        connection,
        [Act(handle, step.act, actor.role, actor.handle, version, reasons)],
        gate.clock.now(),
    )
    return Done(handle, step.act, step.target.value, version + 1)


def given(reasons: str | None, for_what: str) -> str:
    """Reasons that must be there; raises `IncompleteError`."""
    text = (reasons or "").strip()
    if not text:
        raise IncompleteError(f"State your reasons {for_what}; nothing was done.")
    if "\0" in text:
        raise IncompleteError("The reasons hold a character that cannot be stored; nothing was done.")
    if len(text) > LONGEST:
        raise IncompleteError(f"The reasons are longer than {LONGEST:,} characters; nothing was done.")
    return text


def despite_dissents(
    connection: Connection, handle: Handle, reasons: str | None, seen: int
) -> tuple[str | None, list[str]]:
    """The reasons for proceeding and the digests of the dissents they answer.

    `seen` is how many dissents the person's page showed: reasons answer no dissent that was attached later.
    Raises `IncompleteError`, and `OvertakenError` when there are more.
    """
    objections = list(work_marks.dissents(connection, handle).values())
    if len(objections) > seen:
        raise OvertakenError(
            f"A dissent was attached to {handle} that your page did not show. "
            "Nothing was done; open the request again and read it."
        )
    if objections:
        return given(reasons, f"for proceeding against the dissent on {handle}"), objections
    return (given(reasons, "") if (reasons or "").strip() else None), []


def points(gate: Gate, chosen: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Elements with reasons, each an element of the law and each once; raises `IncompleteError`."""
    codes = {element.code for element in gate.law.elements}
    if not chosen:
        raise IncompleteError("Name at least one element of the law; nothing was done.")
    if unknown := sorted({code for code, _ in chosen} - codes):
        raise IncompleteError(f"{unknown[0]!a} is no element of {gate.law.authority.name}; nothing was done.")
    if len({code for code, _ in chosen}) < len(chosen):
        raise IncompleteError("Each element is named once; nothing was done.")
    return [(code, given(reasons, f"for the element {code}")) for code, reasons in chosen]


__all__ = ["HOUSE_RULES", "Done", "OfficeRules", "attempt", "despite_dissents", "given", "move", "opened"]
