"""Officials and officers with keys, in the office of the tests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.stories.people import VALID
from tests.workplace.office import CORA, SAM, UNCOUNTED, Office
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.official_keys import Registration, confirm_key, register_key
from wicketgate.flow.pick_up import Collected, Collector, SignedPickUp, pick_up
from wicketgate.flow.recall import Certificate
from wicketgate.flow.receive import Incoming, receive
from wicketgate.flow.signed import Refused
from wicketgate.stages.facts import row_facts
from wicketgate.stages.signing import (
    DESTRUCTION,
    PICK_UP,
    REQUEST,
    Signature,
    Terms,
    key_id_of,
    new_signing_key,
    sign,
)
from wicketgate.store import requests
from wicketgate.store.services import Service

OFFICER = VALID["engaged_officers"].split(";")[0]
OFFICIAL = VALID["signatory_name"]


@dataclass
class Signer:
    """Somebody of an agency with a signing key."""

    name: str
    agency: str = "DHS"
    public: dict[str, str] = field(default_factory=dict)
    private: dict[str, str] = field(default_factory=dict)
    numbers: int = 0

    def __post_init__(self) -> None:
        if not self.public:
            self.public, self.private = new_signing_key()

    @property
    def key_id(self) -> str:
        return key_id_of(self.public)

    def registration(self) -> Registration:
        return Registration.made(self.name, self.agency, self.public, self.private)

    def registered(self, office: Office) -> Signer:
        """Registered by one person and confirmed by another."""
        register_key(office.gate, CORA, self.registration())
        confirm_key(office.gate, SAM, self.key_id)
        return self

    def signs(self, office: Office, row: Mapping[str, str], **changed: object) -> Signature:
        """A signature over a row as it should be, or with some of its terms changed."""
        self.numbers += 1
        words: dict[str, object] = {
            "nonce": secrets.token_urlsafe(24),
            "expires": office.clock.now() + timedelta(days=7),
            "sequence": self.numbers,
            "recipient_key": AgencySide(office.folder).key_id(OFFICER),
            **changed,
        }
        terms = Terms(**words)  # type: ignore[arg-type]
        signed = sign(terms.signed_part(Request.from_mapping(dict(row))), self.private, REQUEST)
        return Signature(self.key_id, terms, signed)

    def asks_for(self, office: Office, handle: Handle, **changed: object) -> SignedPickUp:
        """A signed pick-up."""
        words = {
            "nonce": secrets.token_urlsafe(24),
            "expires": office.clock.now() + timedelta(hours=1),
            **changed,
        }
        unsigned = SignedPickUp(self.key_id, jws="", **words)  # type: ignore[arg-type]
        document = unsigned.document(handle, AgencySide(office.folder).key_id(OFFICER))
        return unsigned._replace(jws=sign(document, self.private, PICK_UP))

    def certifies(
        self, handle: Handle, copies: int = 1, method: str = "destroy", on: date = date(2026, 3, 1)
    ) -> Certificate:
        """A signed certificate of destruction."""
        unsigned = Certificate(handle, self.name, copies, "electronic", method, on, self.key_id, "")
        return replace(unsigned, jws=sign(unsigned.document(), self.private, DESTRUCTION))


def send(
    office: Office, row: Mapping[str, str], signature: Signature | None
) -> tuple[list[Handle], list[Refused]]:
    """One request comes in with its signature; returns what was received and what was refused."""
    request = Request.from_mapping(dict(row))
    law = office.gate.law
    facts = (
        dict.fromkeys(SET_FACTS, 1) | row_facts(request, office.gate.context, law.authority.vocabulary).facts
    )
    with office.gate.acting(Service.INTAKE) as connection:
        opened = requests.open_submission(
            connection,
            name="signed.csv",
            digest=digest(secrets.token_hex(8)),
            authority=law.authority.name,
            authority_digest=law.authority.digest,
            as_of=office.gate.context.as_of,
            at=office.clock.now(),
        )
    incoming = [Incoming(1, request, facts, law.evaluate(facts))]
    given = {} if signature is None else {1: signature}
    refused = receive(office.gate, opened, incoming, UNCOUNTED, office.kin, given)
    with office.gate.acting(Service.AUDIT) as connection:
        stored = requests.between(connection, opened.submission, 1, 1)
    return [each.standing.handle for each in stored], refused


def fetched(office: Office, handle: Handle, signed: SignedPickUp | None = None) -> Collected | None:
    """A pick-up by the officer."""
    collector = Collector(OFFICER, AgencySide(office.folder).key_id(OFFICER), signed)
    return pick_up(office.gate, {handle: collector}).get(handle)
