"""Release: the intent is an entry before the register is opened, the sealed package one after."""

from __future__ import annotations

import hashlib

from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.approve import decided, gathered
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import GATE, Gate, Record, Rows
from wicketgate.flow.suspended import split_by_suspension
from wicketgate.flow.witnessing import require_witnesses
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.stages.decide import Decision
from wicketgate.stages.disclose import seal_package
from wicketgate.store import acts, answers, log, packages, register, requests
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.packages import Package, RecipientKey
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service
from wicketgate.store.work_marks import withheld

INTENDED = "disclosure.intended"


def release(gate: Gate, rows: Rows) -> int:
    """Seal and release the approved requests among `rows`; returns how many packages wait for pick-up.

    A request whose recipient officer has no registered key stays approved and waits for one.
    Raises `WitnessingError`, before anything is recorded or read, when witnesses have not cosigned recently.
    """
    require_witnesses(gate)
    intend(gate, rows)
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
        stored = split_by_suspension(gate, connection, stored)
        stored = _not_withheld(connection, stored)
        keys = packages.keys_of(connection, [recipient(each) for each in stored])
        intended = _intended(gate, stored)
        ready = [e for e in stored if recipient(e) in keys and e.standing.handle in intended]
        if ready:
            _release(gate, connection, ready, keys)
    return len(ready)


def intend(gate: Gate, rows: Rows) -> None:
    """Record the intent to disclose, once per approved request, and commit it before anything is read."""
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
        stored = _not_withheld(connection, stored)
        known = _intended(gate, stored)
        keys = packages.keys_of(connection, [recipient(each) for each in stored])
        records = [
            Record(
                INTENDED,
                each.standing.handle,
                {
                    "item": each.request.items_requested,
                    "agency": each.request.requesting_agency,
                    "recipient": recipient(each),
                    "recipient_key": keys[recipient(each)].key_id,
                    "purpose": each.request.statute,
                },
            )
            for each in stored
            if each.standing.handle not in known and recipient(each) in keys
        ]
        if records:
            gate.record(connection, records)


def recipient(stored: StoredRequest) -> str:
    """The officer to whom the package is sealed: the first whom the request names."""
    return (stored.request.engaged_officers or "").split(";")[0].strip()


def _not_withheld(connection: Connection, stored: list[StoredRequest]) -> list[StoredRequest]:
    """Those that no unanswered dissent holds back; an exercise is withheld for ever."""
    held_back = withheld(connection, [each.standing.handle for each in stored])
    return [each for each in stored if each.standing.handle not in held_back]


def _release(
    gate: Gate, connection: Connection, stored: list[StoredRequest], keys: dict[str, RecipientKey]
) -> None:
    evidence = gathered(gate, connection, stored)
    approvals = acts.latest(connection, [each.standing.handle for each in stored], "approve")
    addresses = register.release(connection, [each.standing.handle for each in stored])
    now = gate.clock.now()
    done, records, told, sealed = [], [], {}, []
    for each in stored:
        handle, version = each.standing.handle, each.standing.version
        if handle not in addresses:  # became ambiguous or was held back since the answer
            done.append(Act(handle, "hold", Role.GATE, GATE, version))
            records.append(Record("request.held", handle, {"act": "hold", "actor": GATE}))
            state = State.HELD
        else:
            by = approvals[handle]
            decision = Decision(handle, by.actor, approve=True, at=by.at)
            approved = decided(gate, each, evidence, decision)
            key = keys[recipient(each)]
            package = seal_package(approved, key.officer, key.jwk, addresses[handle], now)
            digest = "sha256:" + hashlib.sha256(package.jwe.encode()).hexdigest()
            sealed.append(Package(handle, key.key_id, package.jwe, digest, now, package.expires_at))
            done.append(Act(handle, "release", Role.GATE, GATE, version))
            fields = {"recipient": key.officer, "package_digest": digest, "predecessor": approved.digest}
            records.append(Record("disclosure.released", handle, fields))
            state = State.RELEASED
        told[handle] = answer_text(outward_answer(each.standing.request_id, state, held=Held()))
    packages.seal(connection, sealed)
    acts.perform(connection, done, now)
    answers.give(connection, told, now)
    gate.record(connection, records)


def _intended(gate: Gate, stored: list[StoredRequest]) -> frozenset[Handle]:
    with gate.acting(Service.AUDIT) as connection:
        return log.having(connection, INTENDED, [each.standing.handle for each in stored])
