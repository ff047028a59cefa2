"""Witnesses outside the custodian cosign the log, and the gate stops where they are not heard.

Without recent cosignatures nothing is released; suspensions and inspections go on.
A witness that saw more of this log than the database holds, or another history of it,
stops all writing: the database was restored from an old copy, or somebody else signs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from wicketgate.core.clock import Clock, SystemClock
from wicketgate.flow.witness_client import Reply, UnreachableError, send
from wicketgate.ledger import (
    EMPTY_ROOT,
    AddCheckpoint,
    LedgerError,
    LogKey,
    Note,
    Policy,
    PolicyWitness,
    VerifierKey,
    consistency_proof,
    read_checkpoint,
    verify_consistency,
)
from wicketgate.store import cosignatures, log, tiles
from wicketgate.store.cosignatures import Cosignature
from wicketgate.store.log import LogError
from wicketgate.store.services import Service

if TYPE_CHECKING:
    from wicketgate.flow.gate import Gate

LIMIT = timedelta(hours=4)
"""How old the newest witnessing may be when something is released."""
RETRY = timedelta(seconds=60)
"""How long a release waits before it asks silent witnesses again."""
_LOOKED_AT = 64
"""Cosigned sizes searched for the newest with a quorum."""
_ATTEMPTS = 3

Send: TypeAlias = Callable[[str, bytes], Reply]


class WitnessingError(RuntimeError):
    """Something is not released because witnesses have not cosigned recently; one sentence."""


class LogContradictedError(LogError):
    """A witness saw what this database does not hold; nothing is signed until a person has found out why."""


class Witnessed(NamedTuple):
    """The newest checkpoint that the policy accepts: its size, its note with cosignatures, and since when."""

    size: int
    note: str
    at: datetime


@dataclass(slots=True)
class Witnessing:
    """Whom a gate asks, and what they said since this process began."""

    policy: Policy
    limit: timedelta = LIMIT
    clock: Clock = field(default_factory=SystemClock)
    send: Send = send
    problems: dict[str, str] = field(default_factory=dict)
    """Why a witness, by the policy's name for it, did not cosign when last asked."""
    _agreed: dict[VerifierKey, int] = field(default_factory=dict)
    _contradiction: str | None = None
    _asked_at: datetime | None = None

    @classmethod
    def by(cls, policy: Policy, key: LogKey, **options: object) -> Witnessing:
        """Witnessing of the log that signs with `key`; `LedgerError` when the policy is about others."""
        if policy.logs and key.verifier not in policy.logs:
            raise LedgerError(f"The policy does not name the key of {key.origin}; add its log line.")
        return cls(policy, **options)  # type: ignore[arg-type]

    def permit_signing(self) -> None:
        """Raise `LogError` unless the witnesses were asked and none contradicts this log."""
        if self._asked_at is None:
            raise LogError("The log is not written: its witnesses were not asked yet what they have seen.")
        if self._contradiction:
            raise LogContradictedError(self._contradiction)

    def agreed(self) -> bool:
        """True when, since this process began, a quorum found this log to continue what it knew."""
        return self.policy.witnessed_at(self._agreed) is not None

    def may_ask_again(self) -> bool:
        """False while witnesses that were silent a moment ago are left in peace."""
        return not self.problems or self._asked_at is None or self.clock.now() - self._asked_at >= RETRY


def ask_witnesses(gate: Gate) -> bool:
    """Ask every witness to cosign the newest checkpoint; True when a quorum agrees with this log.

    Call it when a gate is opened, before anything is recorded, and every few minutes
    after. Witnesses that do not answer are named in `problems`. Raises
    `LogContradictedError` when one has seen more, or something else.
    """
    witnessing = _of(gate)
    for witness in witnessing.policy.witnesses:
        if witness.url is None:
            continue
        try:
            _ask(gate, witnessing, witness, witness.url)
            witnessing.problems.pop(witness.name, None)
        except (UnreachableError, LedgerError) as problem:
            witnessing.problems[witness.name] = str(problem)
        except LogContradictedError as found:
            witnessing._contradiction = str(found)
    witnessing._asked_at = witnessing.clock.now()
    witnessing.permit_signing()
    return witnessing.agreed()


def require_witnesses(gate: Gate) -> None:
    """Raise `WitnessingError` unless witnesses cosigned within the limit; a gate without a policy needs none.

    When they did not, they are asked once more before it is refused.
    """
    witnessing = gate.witnessing
    if witnessing is None:
        return
    witnessing.permit_signing()
    if not _recent(gate, witnessing) and witnessing.may_ask_again():
        ask_witnesses(gate)
    if not _recent(gate, witnessing):
        silent = "; ".join(f"{name}: {why}" for name, why in sorted(witnessing.problems.items()))
        hours = witnessing.limit / timedelta(hours=1)
        raise WitnessingError(
            f"Nothing is released: too few witnesses cosigned the log within {hours:g} hours;"
            f" restore the connection to them ({silent or 'none has a URL'})."
        )


def witnessed(gate: Gate) -> Witnessed | None:
    """The newest checkpoint that the gate's policy accepts, every cosignature checked; or None."""
    witnessing = _of(gate)
    keys = {str(witness.key): witness.key for witness in witnessing.policy.witnesses}
    with gate.acting(Service.AUDIT) as connection:
        candidates = cosignatures.newest(connection, list(keys), _LOOKED_AT)
    for note, lines in candidates:
        times: dict[VerifierKey, int] = {}
        cosigned = note
        for each in lines:
            key = keys[each.witness]
            try:
                stated = _stated(note, each.line, key)
                read_checkpoint(note, gate.key.verifier)
            except LedgerError:
                continue
            cosigned += each.line
            # A witness whose clock is ahead does not make its word last longer.
            times[key] = min(stated, int(each.received_at.timestamp()))
        since = witnessing.policy.witnessed_at(times)
        if since is not None and times:
            at = datetime.fromtimestamp(min(since, max(times.values())), tz=witnessing.clock.now().tzinfo)
            return Witnessed(lines[0].size, cosigned, at)
    return None


def _recent(gate: Gate, witnessing: Witnessing) -> bool:
    if witnessing.policy.witnessed_at({}) is not None:
        return True  # the policy asks for no witness
    newest = witnessed(gate) if witnessing.agreed() else None
    return newest is not None and witnessing.clock.now() - newest.at <= witnessing.limit


def _ask(gate: Gate, witnessing: Witnessing, witness: PolicyWitness, url: str) -> None:
    """One witness, told the size that it saw last as often as it must be."""
    old: int | None = None
    for _ in range(_ATTEMPTS):
        request, size = _request(gate, witness, old)
        reply = witnessing.send(url, bytes(request))
        if reply.status == 200:
            _keep(gate, witnessing, witness, request.note, size, reply.text)
            witnessing._agreed[witness.key] = int(witnessing.clock.now().timestamp())
            return
        told = _seen_size(reply.text) if reply.status == 409 else None
        # A witness that names the size which the request began with found another root there.
        if reply.status == 422 or told == request.old > 0:
            raise LogContradictedError(
                f"The log is not written: the witness {witness.name} holds another history of it;"
                " compare its evidence with the published log before anything else."
            )
        if told is None:
            raise UnreachableError(f"it answered with HTTP status {reply.status}")
        old = told
    raise UnreachableError("it told several sizes in a row")


def _request(gate: Gate, witness: PolicyWitness, told: int | None) -> tuple[AddCheckpoint, int]:
    """The newest checkpoint with a proof from the size that the witness saw last."""
    with gate.acting(Service.WITNESS) as connection:
        old = cosignatures.last_size(connection, str(witness.key)) if told is None else told
        empty = gate.key.sign_checkpoint(0, EMPTY_ROOT)
        before = cosignatures.note_of(connection, old) if old else empty
        # Read second: whatever another process adds meanwhile, the newest is never older than `before`.
        size, note = log.latest_checkpoint(connection) or (0, empty)
        if before is None:
            raise LogContradictedError(
                f"The log is not written: the witness {witness.name} has seen {old} entries of it and this"
                f" database, which holds {size}, never signed that size; it was restored from an old copy or"
                " another gate signs with its key."
            )
        tiles.keep_tiles(connection, size)
        proof = tuple(consistency_proof(old, size, tiles.stored_hashes(connection, size)))
    first, last = read_checkpoint(before, gate.key.verifier), read_checkpoint(note, gate.key.verifier)
    if not verify_consistency(old, size, proof, first.root, last.root):
        raise LogContradictedError(
            f"The log is not written: what is stored of its {size} entries does not continue its own"
            f" checkpoint of {old}; the database was changed."
        )
    return AddCheckpoint(old, proof, note), size


def _keep(
    gate: Gate, witnessing: Witnessing, witness: PolicyWitness, note: str, size: int, answer: str
) -> None:
    """Store the line of the witness's key; lines of other keys are ignored."""
    text = note.partition("\n\n")[0]
    lines = Note.parse(f"{text}\n\n{answer}").signatures
    own = [str(line) for line in lines if (line.name, line.key_id) == (witness.key.name, witness.key.id)]
    if len(own) != 1:
        raise UnreachableError("it answered without a cosignature of its key")
    stated = _stated(note, own[0], witness.key)
    if size:  # an empty log has no checkpoint to which it could belong
        with gate.acting(Service.WITNESS) as connection:
            now = witnessing.clock.now()
            cosignatures.store(connection, Cosignature(size, str(witness.key), own[0], stated, now))


def _stated(note: str, line: str, key: VerifierKey) -> int:
    """The time in a valid cosignature under a note; raises `LedgerError` for any other line."""
    text = note.partition("\n\n")[0]
    at = Note.parse(f"{text}\n\n{line}").verify([key])[key]
    if at is None:
        raise LedgerError("A cosignature states its time.")
    return at


def _seen_size(text: str) -> int:
    digits = text.removesuffix("\n")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise UnreachableError("it told no size that can be read")
    return int(digits)


def _of(gate: Gate) -> Witnessing:
    if gate.witnessing is None:
        raise WitnessingError("The gate has no witness policy; name one.")
    return gate.witnessing
