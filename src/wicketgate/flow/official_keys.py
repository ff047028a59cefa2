"""Keys of an agency's people and systems: shown to be theirs, registered by one person, confirmed by another.

A key has one use: `sign` requests, pick-ups and certificates, `receive` packages, or `connect` an
agency's system to the API. Any one person ends it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.stages.signing import POSSESSION, SignatureError, key_id_of, sign, verify
from wicketgate.store import key_book, packages, signatures
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.database import Connection
from wicketgate.store.key_book import KeyLine, Place
from wicketgate.store.packages import RecipientKey
from wicketgate.store.services import Service
from wicketgate.store.signatures import OfficialKey

__all__ = ["ActRefusedError", "KeyLine", "Place", "Registration", "Use"]

KIND = "official.key"
PAGE = 100
"""Keys on one page of the book."""
Use: TypeAlias = Literal["sign", "receive", "connect"]
_ROLES = frozenset({Role.COUNSEL, Role.SAFEGUARDS_OFFICER})


@dataclass(frozen=True, slots=True)
class Registration:
    """What an official hands in: a public key, and proof that they hold its private half.

    `official` is the name as requests give it: of a signatory for ``sign``, ``Name|badge|agency`` of a
    recipient officer for ``receive``, a name of the system for ``connect``. A key for receiving signs this
    one proof and nothing else (SP 800-56A allows it for showing possession).
    """

    official: str
    agency: str
    jwk: Mapping[str, str] = field(repr=False)
    proof: str = field(repr=False)
    """A detached JWS of the key itself over `statement`."""
    use: Use = "sign"

    @classmethod
    def made(
        cls,
        official: str,
        agency: str,
        public: Mapping[str, str],
        private: Mapping[str, str],
        use: Use = "sign",
    ) -> Registration:
        """The registration of one's own key."""
        statement = _statement(official, agency, public, use)
        return cls(official, agency, public, sign(statement, private, POSSESSION), use)

    @property
    def key_id(self) -> str:
        """The key's name."""
        return key_id_of(self.jwk)


def register_key(gate: Gate, actor: Actor, registration: Registration) -> str:
    """Register a key whose holder has shown to have it; returns its name. It counts once confirmed.

    Raises `ActRefusedError`: not by this role, no proof, an unknown agency, registered before.
    """
    _require_role(actor)
    require_sound(gate, registration)
    with gate.acting(Service.INTAKE) as connection:
        now = gate.clock.now()
        if registration.use == "receive":
            key = RecipientKey(registration.key_id, registration.official, dict(registration.jwk))
            if packages.register_keys(connection, [key], actor.handle, now) != 1:
                raise ActRefusedError(f"The key {key.key_id} is registered already.")
        else:
            signatures.register(connection, _official(registration), actor.handle, now)
        fields = {
            "official": registration.official,
            "agency": registration.agency,
            "proof_digest": digest(registration.proof),
        }
        done = "register" if registration.use == "sign" else f"register to {registration.use}"
        gate.record_apart(connection, KIND, _fields(registration.key_id, done, actor.handle, **fields))
    return registration.key_id


def register_offered(gate: Gate, actor: Actor, key_id: str) -> str:
    """Register a key that an agency handed in over the API. Raises like `register_key`."""
    with gate.acting(Service.INTAKE) as connection:
        found = key_book.offered(connection, key_id)
    if found is None:
        raise ActRefusedError(f"No key {key_id} was handed in.")
    return register_key(gate, actor, Registration(**found))


def book(gate: Gate, actor: Actor, after: Place | None = None) -> tuple[list[KeyLine], Place | None]:
    """One page of the keys that wait and then those in use, and where the next begins.

    Raises `ActRefusedError` for another role.
    """
    _require_role(actor)
    with gate.acting(Service.AUDIT) as connection:
        found = key_book.page(connection, after, PAGE + 1)
    return found[:PAGE], key_book.place_of(found[PAGE - 1]) if len(found) > PAGE else None


def one_key(gate: Gate, actor: Actor, key_id: str) -> KeyLine | None:
    """One key, whatever became of it."""
    _require_role(actor)
    with gate.acting(Service.AUDIT) as connection:
        return key_book.one(connection, key_id)


def require_sound(gate: Gate, registration: Registration) -> None:
    """Raise `ActRefusedError` unless the registration names a known agency and shows possession."""
    if registration.use not in get_args(Use):
        raise ActRefusedError("A key is for one of these: sign, receive, connect.")
    if not gate.context.line(registration.agency):
        raise ActRefusedError(f"The custodian knows no agency {registration.agency}; add it to the context.")
    if registration.use == "receive":
        parts = registration.official.split("|")
        if len(parts) != 3 or not all(map(str.strip, parts)) or parts[2] != registration.agency:
            raise ActRefusedError(
                "A recipient's key names its officer as requests do: Name|badge|agency, with its code."
            )
    statement = _statement(registration.official, registration.agency, registration.jwk, registration.use)
    try:
        verify(registration.proof, statement, registration.jwk, POSSESSION)
    except SignatureError as problem:
        raise ActRefusedError(f"The key was not registered: {problem}") from None


def confirm_key(gate: Gate, actor: Actor, key_id: str) -> None:
    """Confirm that the key is the official's, as somebody else than who registered it."""
    _require_role(actor)
    now = gate.clock.now()
    with gate.acting(Service.OVERSEE) as connection:
        if not (
            signatures.confirm(connection, key_id, actor.handle, now)
            or packages.confirm_keys(connection, [key_id], actor.handle, now)
        ):
            raise ActRefusedError(f"No key {key_id} waits to be confirmed.")
        gate.record_apart(connection, KIND, _fields(key_id, "confirm", actor.handle))


def revoke_key(gate: Gate, actor: Actor, key_id: str, reasons: str) -> None:
    """End the use of a key at once; what was received under it stays. One person is enough to stop."""
    _require_role(actor)
    _revoke(gate, Service.OVERSEE, actor.handle, key_id, reasons)


def revoke_own(gate: Gate, speaker: str, key_id: str, reasons: str) -> None:
    """An agency ends a key of its own, over its connecting key `speaker`."""
    _revoke(gate, Service.PORTAL, speaker, key_id, reasons)


def _revoke(gate: Gate, service: Service, by: str, key_id: str, reasons: str) -> None:
    if not reasons.strip():
        raise ActRefusedError("To revoke a key needs reasons.")
    with gate.acting(service) as connection:
        if not _end(connection, key_id, by, gate):
            raise ActRefusedError(f"No key {key_id} is in use.")
        gate.record_apart(connection, KIND, _fields(key_id, "revoke", by, reasons=reasons))


def _end(connection: Connection, key_id: str, by: str, gate: Gate) -> bool:
    """End the use of a key of whatever kind; False when none of this name is in use."""
    now = gate.clock.now()
    return signatures.revoke(connection, key_id, by, now) or packages.revoke_key(connection, key_id, by, now)


def _official(registration: Registration) -> OfficialKey:
    return OfficialKey(
        registration.key_id, registration.official, registration.agency, registration.jwk, registration.use
    )


def _fields(key_id: str, act: str, actor: str, **further: Canonical) -> dict[str, Canonical]:
    return {"key_id": key_id, "act": act, "actor": actor, **further}


def _statement(official: str, agency: str, jwk: Mapping[str, str], use: str) -> dict[str, Canonical]:
    return {"official": official, "agency": agency, "key": key_id_of(jwk), "use": use}


def _require_role(actor: Actor) -> None:
    if actor.role not in _ROLES:
        raise ActRefusedError("Only counsel or a safeguards officer keeps the officials' keys.")
