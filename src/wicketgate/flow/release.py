"""Release: the intent is an entry before the register is opened, the sealed package one after."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.approve import decided, gathered
from wicketgate.flow.determine import answer_text
from wicketgate.flow.gate import GATE, Gate, Record, Rows
from wicketgate.flow.proofs import Prepared, prepared
from wicketgate.flow.suspended import split_by_suspension
from wicketgate.flow.witnessing import require_witnesses
from wicketgate.keys import open_address
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.stages.decide import Decision
from wicketgate.stages.disclose import first_officer, seal_package
from wicketgate.store import acts, answers, log, packages, register, requests, signatures
from wicketgate.store.acts import Act
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded
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
    proofs = _proofs(gate, rows)
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
        stored = split_by_suspension(gate, connection, stored)
        stored = _not_withheld(connection, stored)
        keys = _keys(connection, stored)
        ready = [e for e in stored if e.standing.handle in keys and e.standing.handle in proofs.proved]
        return _release(gate, connection, ready, keys, proofs) if ready else 0


def intend(gate: Gate, rows: Rows) -> None:
    """Record the intent to disclose and commit it before anything is read: who, for what, about whom.

    Once per approved request, and again where another record, officer's key or approval took the place
    of the one that was named.
    """
    with gate.acting(Service.RELEASE) as connection:
        stored = requests.in_state(connection, rows.submission, State.APPROVED, rows.first, rows.last)
        stored = _not_withheld(connection, stored)
        handles = [each.standing.handle for each in stored]
        known = _intents(gate, handles)
        keys = _keys(connection, stored)
        approvals = acts.latest(connection, handles, "approve")
        subjects = register.subjects(connection, handles)
        records = []
        for each in stored:
            handle = each.standing.handle
            if handle not in keys or handle not in subjects:
                continue
            named: dict[str, Canonical] = {
                "actor": approvals[handle].actor,
                "subject": subjects[handle],
                "item": each.request.items_requested,
                "agency": each.request.requesting_agency,
                "recipient": recipient(each),
                "recipient_key": keys[each.standing.handle].key_id,
                "purpose": each.request.statute,
            }
            if handle not in known or not named.items() <= known[handle].body.items():
                records.append(Record(INTENDED, handle, named))
        if records:
            gate.record(connection, records)


def recipient(stored: StoredRequest) -> str:
    """The officer to whom the package is sealed: the first whom the request names."""
    return first_officer(stored.request)


def _keys(connection: Connection, stored: list[StoredRequest]) -> dict[Handle, RecipientKey]:
    """The valid key of each request's officer: the one that a signed request names, else the newest."""
    newest = packages.keys_of(connection, [recipient(each) for each in stored])
    named = signatures.recipient_keys(connection, [each.standing.handle for each in stored])
    known = packages.keys_named(connection, list(named.values()))
    found = {}
    for each in stored:
        handle = each.standing.handle
        key = known.get(named[handle]) if handle in named else newest.get(recipient(each))
        if key is not None and key.officer == recipient(each):
            found[handle] = key
    return found


def _not_withheld(connection: Connection, stored: list[StoredRequest]) -> list[StoredRequest]:
    """Those that no unanswered dissent holds back; an exercise is withheld for ever."""
    held_back = withheld(connection, [each.standing.handle for each in stored])
    return [each for each in stored if each.standing.handle not in held_back]


def _release(
    gate: Gate,
    connection: Connection,
    stored: list[StoredRequest],
    keys: dict[Handle, RecipientKey],
    proofs: Prepared[Handle],
) -> int:
    evidence = gathered(gate, connection, stored)
    handles = [each.standing.handle for each in stored]
    found = register.release(connection, handles)
    taxpayers = register.taxpayers(connection, handles)
    approvals = acts.latest(connection, handles, "approve")
    officers = {each.standing.handle: keys[each.standing.handle].key_id for each in stored}
    addresses = _opened(gate, found, proofs, officers)
    now = gate.clock.now()
    shares = gate.the_keys().shares(list(addresses), now.astimezone(UTC).date())
    done, records, told, sealed = [], [], {}, []
    for each in stored:
        handle, version = each.standing.handle, each.standing.version
        if handle not in found:  # became ambiguous or was held back since the answer
            done.append(Act(handle, "hold", Role.GATE, GATE, version))
            records.append(Record("request.held", handle, {"act": "hold", "actor": GATE}))
            state = State.HELD
        elif handle not in addresses:
            continue  # another record than the one that was named: it is named first, at the next release
        else:
            by = approvals[handle]
            decision = Decision(handle, by.actor, approve=True, at=by.at)
            approved = decided(gate, each, evidence, decision)
            key = keys[each.standing.handle]
            package = seal_package(
                approved,
                key.officer,
                key.jwk,
                addresses[handle],
                now,
                share=shares[handle].share,
                purpose=each.request.statute or "",
            )
            digest = "sha256:" + hashlib.sha256(package.jwe.encode()).hexdigest()
            sealed.append(
                Package(
                    handle, key.key_id, package.jwe, shares[handle].sealed, digest, now, package.expires_at
                )
            )
            done.append(Act(handle, "release", Role.GATE, GATE, version))
            fields = {
                "recipient": key.officer,
                "package_digest": digest,
                "taxpayer": taxpayers[handle],
                "predecessor": approved.digest,
            }
            records.append(Record("disclosure.released", handle, fields))
            state = State.RELEASED
        told[handle] = answer_text(outward_answer(each.standing.request_id, state, held=Held()))
    packages.seal(connection, sealed)
    acts.perform(connection, done, now)
    answers.give(connection, told, now)
    gate.record(connection, records)
    return len(sealed)


def _opened(
    gate: Gate,
    found: Mapping[Handle, register.Sealed],
    proofs: Prepared[Handle],
    officers: Mapping[Handle, str],
) -> dict[Handle, dict[str, str]]:
    """The addresses that the intents on record name; the key process gives one key for each proof."""
    named = [
        handle
        for handle, record in found.items()
        if proofs.proved[handle].fields.items()
        >= {"subject": record.record, "recipient_key": officers[handle]}.items()
    ]
    opening = gate.the_keys().record_keys(proofs.about(named), [found[handle].load for handle in named])
    return {
        handle: open_address(key, found[handle].record, found[handle].sealed)
        for handle, key in zip(named, opening, strict=True)
    }


def _proofs(gate: Gate, rows: Rows) -> Prepared[Handle]:
    """Proofs of the newest intents among `rows`, made before anything is locked."""
    with gate.acting(Service.RELEASE) as connection:
        handles = requests.handles_in(connection, rows.submission, State.APPROVED, rows.first, rows.last)
    return prepared(gate, _intents(gate, handles))


def _intents(gate: Gate, handles: Sequence[Handle]) -> dict[Handle, Recorded]:
    """The newest intent about each request that has one."""
    with gate.acting(Service.AUDIT) as connection:
        recorded = log.about(connection, handles, [INTENDED])
    return {handle: entries[-1] for handle, entries in recorded.items()}
