"""The end of what is kept: holds, and the disposition of requests by two people, by destroying keys.

Nothing is due where the custodian's context names no schedule. The confirmation is an entry of the
log before a key dies, and each request leaves a tombstone; its leaves stay, so old proofs still verify.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from wicketgate.core.actor import Actor
from wicketgate.core.context import Schedule
from wicketgate.core.digest import Canonical
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.proofs import prepared
from wicketgate.ledger import public_leaf
from wicketgate.stages.retention import over_before
from wicketgate.store import retention
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.retention import Disposition, Due, Hold, Scope
from wicketgate.store.services import Service

AUTHORISERS = frozenset({Role.SAFEGUARDS_OFFICER, Role.COUNSEL})
"""Who may dispose of records, each of two people."""
HOLDERS = AUTHORISERS | {Role.INSPECTOR}
"""Who may keep them from it, alone."""
MOST = 5_000
"""Requests on one list."""
DISPOSITION, HOLD = "disposition", "hold"

__all__ = [
    "AUTHORISERS",
    "HOLDERS",
    "MOST",
    "ActRefusedError",
    "Disposition",
    "Hold",
    "KeptError",
    "Line",
    "Scope",
    "carry_out",
    "carry_out_all",
    "confirm",
    "dispositions",
    "due",
    "holds",
    "lift_hold",
    "place_hold",
    "propose",
    "withdraw",
]


class KeptError(ActRefusedError):
    """A list is confirmed, and a hold that came meanwhile keeps its requests; they are whole."""


@dataclass(frozen=True, slots=True)
class Line:
    """One schedule, the day before which its records must have ended, and how many are over."""

    schedule: Schedule
    before: date
    found: Due


def due(gate: Gate) -> list[Line]:
    """What every schedule of the custodian says today."""
    with gate.acting(Service.AUDIT) as connection:
        return [
            Line(each, before, retention.count_due(connection, each.states, before))
            for each in gate.context.retention
            for before in [over_before(each, gate.context.as_of)]
        ]


def holds(gate: Gate) -> list[Hold]:
    """Every hold, the lifted ones too."""
    with gate.acting(Service.AUDIT) as connection:
        return retention.holds(connection)


def dispositions(gate: Gate) -> list[Disposition]:
    """Every list that was ever proposed."""
    with gate.acting(Service.AUDIT) as connection:
        return retention.dispositions(connection)


def place_hold(gate: Gate, actor: Actor, scope: Scope, matter: str) -> int:
    """Keep what a matter is about, from now on; returns the hold's number. Raises `ActRefusedError`."""
    _require(actor, HOLDERS, "places a hold")
    _require_words(matter, "A hold names its matter")
    if scope.agency is not None and not gate.context.line(scope.agency):
        raise ActRefusedError(f"The custodian knows no agency {scope.agency}; add it to the context.")
    with gate.acting(Service.OVERSEE) as connection:
        number = retention.place_hold(connection, scope, matter.strip(), actor.handle, gate.clock.now())
        fields: dict[str, Canonical] = {"scope": str(scope), "matter": matter.strip()}
        _record(gate, connection, HOLD, number, "place", actor, fields)
    return number


def lift_hold(gate: Gate, actor: Actor, number: int, reasons: str) -> None:
    """End a hold; what it kept is due again, for two people. Raises `ActRefusedError`."""
    _require(actor, HOLDERS, "lifts a hold")
    _require_words(reasons, "To lift a hold needs reasons")
    with gate.acting(Service.OVERSEE) as connection:
        if not retention.lift_hold(connection, number, actor.handle, gate.clock.now()):
            raise ActRefusedError(f"There is no hold {number} that could be lifted.")
        _record(gate, connection, HOLD, number, "lift", actor, {"reasons": reasons})


def propose(gate: Gate, actor: Actor, schedule: str, reasons: str) -> int:
    """Put the oldest records that are over under a schedule on a list; returns its number.

    Nothing is destroyed until another person confirms it. Raises `ActRefusedError`.
    """
    _require(actor, AUTHORISERS, "disposes of records")
    _require_words(reasons, "A disposition needs reasons")
    chosen = next((each for each in gate.context.retention if each.name == schedule), None)
    if chosen is None:
        raise ActRefusedError(f"The custodian's context has no retention schedule {schedule}.")
    before = over_before(chosen, gate.context.as_of)
    with gate.acting(Service.OVERSEE) as connection:
        number = retention.propose(
            connection,
            schedule=chosen.name,
            authority=chosen.authority,
            states=chosen.states,
            before=before,
            reasons=reasons,
            most=MOST,
            actor=actor.handle,
            at=gate.clock.now(),
        )
        if number is None:
            raise ActRefusedError(f"Nothing is due under {schedule} that no hold keeps.")
        _record(gate, connection, DISPOSITION, number, "propose", actor, {"reasons": reasons})
    return number


def confirm(gate: Gate, actor: Actor, number: int) -> None:
    """Confirm a list as another person, and carry it out: what its requests said is gone everywhere.

    Raises `ActRefusedError`, and `KeptError`, `KeysError` or `WitnessingError` when it is confirmed and could
    not be carried out yet: then `carry_out` is to be called again, as the clock does.
    """
    _require(actor, AUTHORISERS, "disposes of records")
    with gate.acting(Service.OVERSEE) as connection:
        retention.confirm(connection, number, actor.handle, gate.clock.now())
        _record(gate, connection, DISPOSITION, number, "confirm", actor, {})
    carry_out(gate, number)


def withdraw(gate: Gate, actor: Actor, number: int, reasons: str) -> None:
    """Give a list up, whoever proposed it; nothing on it was destroyed. Raises `ActRefusedError`."""
    _require(actor, AUTHORISERS, "disposes of records")
    _require_words(reasons, "To withdraw a disposition needs reasons")
    with gate.acting(Service.OVERSEE) as connection:
        if not retention.withdraw(connection, number, actor.handle, gate.clock.now()):
            raise ActRefusedError(f"Disposition {number} does not wait for anybody.")
        _record(gate, connection, DISPOSITION, number, "withdraw", actor, {"reasons": reasons})


def carry_out(gate: Gate, number: int) -> None:
    """Destroy the keys of a confirmed list against the proof of its entry; harmless when that was done.

    Raises `ActRefusedError`, `KeptError`, `KeysError` or `WitnessingError`.
    """
    with gate.acting(Service.AUDIT) as connection:
        known = retention.disposition(connection, number)
        entry = retention.confirmation(connection, number)
        handles = retention.listed(connection, number)
        first = retention.first_entries(connection, handles)
    if known is None or entry is None:
        raise ActRefusedError(f"Disposition {number} was not confirmed, so nothing is destroyed.")
    evidence, names = prepared(gate, {number: entry}).about([number]), [handle.text for handle in handles]
    if known.carried_out_at is not None:
        gate.the_keys().expunge(evidence, names)
        gate.database.vault.forget()
        return
    named: list[dict[str, Canonical]] = [
        {"index": index, "authority": known.authority, "rule": known.schedule} for index in first
    ]
    tombstones = [Entry("tombstone", public_leaf("tombstone", fields), None, fields) for fields in named]
    with gate.acting(Service.OVERSEE) as connection:
        if kept := retention.held(connection, number):
            raise KeptError(
                f"Disposition {number} is confirmed and not carried out: a hold keeps {kept} of its requests;"
                " it is carried out when the hold is lifted."
            )
        gate.the_keys().expunge(evidence, names)
        gate.database.vault.forget()
        retention.forget(connection, number, gate.clock.now())
        gate.append(connection, tombstones)


def carry_out_all(gate: Gate, *, again: bool = False) -> int:
    """Carry out what was confirmed and is not done; with `again`, also what was, for keys brought back.

    What a hold keeps waits; returns how many were carried out.
    """
    done = 0
    for each in dispositions(gate):
        if each.confirmed_at is not None and (again or each.carried_out_at is None):
            with suppress(KeptError):
                carry_out(gate, each.number)
                done += 1
    return done


def _record(
    gate: Gate,
    connection: Connection,
    kind: str,
    number: int,
    act: str,
    actor: Actor,
    said: dict[str, Canonical],
) -> None:
    fields: dict[str, Canonical] = {
        "number": number,
        "act": act,
        "actor": actor.handle,
        "role": actor.role.value,
    }
    if kind == DISPOSITION:
        known = retention.disposition(connection, number)
        assert known is not None  # noqa: S101  # it was written in this transaction
        fields |= {
            "schedule": known.schedule,
            "authority": known.authority,
            "before": known.before.isoformat(),
            "requests": known.requests,
            "list_digest": known.list_digest,
            "proposer": known.proposed_by,
        }
    gate.record_apart(connection, kind, fields | said)


def _require(actor: Actor, roles: frozenset[Role], what: str) -> None:
    if actor.role not in roles:
        allowed = " or ".join(sorted(role.value.replace("_", " ") for role in roles))
        raise ActRefusedError(f"Only {allowed} {what}; you act as {actor.role.value.replace('_', ' ')}.")


def _require_words(words: str, sentence: str) -> None:
    if not words.strip() or len(words) > 2_000:
        raise ActRefusedError(f"{sentence}, in at most 2,000 characters.")
