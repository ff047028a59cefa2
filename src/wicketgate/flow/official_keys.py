"""Officials' keys: shown to be theirs, registered by one person, confirmed by another, ended by any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.stages.signing import POSSESSION, SignatureError, key_id_of, sign, verify
from wicketgate.store import signatures
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service
from wicketgate.store.signatures import OfficialKey

KIND = "official.key"
_ROLES = frozenset({Role.COUNSEL, Role.SAFEGUARDS_OFFICER})


@dataclass(frozen=True, slots=True)
class Registration:
    """What an official hands in: a public key, and proof that they hold its private half."""

    official: str
    agency: str
    jwk: Mapping[str, str] = field(repr=False)
    proof: str = field(repr=False)
    """A detached JWS of the key itself over `statement`."""

    @classmethod
    def made(
        cls, official: str, agency: str, public: Mapping[str, str], private: Mapping[str, str]
    ) -> Registration:
        """The registration of one's own key."""
        return cls(official, agency, public, sign(_statement(official, agency, public), private, POSSESSION))

    @property
    def key_id(self) -> str:
        """The key's name."""
        return key_id_of(self.jwk)


def register_key(gate: Gate, actor: Actor, registration: Registration) -> str:
    """Register a key whose holder has shown to have it; returns its name. It counts once confirmed.

    Raises `ActRefusedError`: not by this role, no proof, an unknown agency, registered before.
    """
    _require_role(actor)
    if not gate.context.line(registration.agency):
        raise ActRefusedError(f"The custodian knows no agency {registration.agency}; add it to the context.")
    statement = _statement(registration.official, registration.agency, registration.jwk)
    try:
        verify(registration.proof, statement, registration.jwk, POSSESSION)
    except SignatureError as problem:
        raise ActRefusedError(f"The key was not registered: {problem}") from None
    key = OfficialKey(registration.key_id, registration.official, registration.agency, registration.jwk)
    with gate.acting(Service.INTAKE) as connection:
        signatures.register(connection, key, actor.handle, gate.clock.now())
        fields = {"official": key.official, "agency": key.agency, "proof_digest": digest(registration.proof)}
        gate.record_apart(connection, KIND, _fields(key.key_id, "register", actor, **fields))
    return key.key_id


def confirm_key(gate: Gate, actor: Actor, key_id: str) -> None:
    """Confirm that the key is the official's, as somebody else than who registered it."""
    _require_role(actor)
    with gate.acting(Service.OVERSEE) as connection:
        signatures.confirm(connection, key_id, actor.handle, gate.clock.now())
        gate.record_apart(connection, KIND, _fields(key_id, "confirm", actor))


def revoke_key(gate: Gate, actor: Actor, key_id: str, reasons: str) -> None:
    """End the use of a key at once; what was received under it stays. One person is enough to stop."""
    _require_role(actor)
    if not reasons.strip():
        raise ActRefusedError("To revoke a key needs reasons.")
    with gate.acting(Service.OVERSEE) as connection:
        signatures.revoke(connection, key_id, actor.handle, gate.clock.now())
        gate.record_apart(connection, KIND, _fields(key_id, "revoke", actor, reasons=reasons))


def _fields(key_id: str, act: str, actor: Actor, **further: Canonical) -> dict[str, Canonical]:
    return {"key_id": key_id, "act": act, "actor": actor.handle, **further}


def _statement(official: str, agency: str, jwk: Mapping[str, str]) -> dict[str, Canonical]:
    return {"official": official, "agency": agency, "key": key_id_of(jwk)}


def _require_role(actor: Actor) -> None:
    if actor.role not in _ROLES:
        raise ActRefusedError("Only counsel or a safeguards officer keeps the officials' keys.")
