"""A dissent is signed: by the officer's own passkey, or by the gate on a fresh proof of identity.

1. What the passkey signed is this statement, on this request, by this officer, at this gate, nothing else.
2. Without a passkey the gate signs, if the officer proved a moment ago who they are.
3. Whoever changes a statement outside the gate breaks its signature, and every page says so.
4. The database takes no dissent without a signature; what was kept is checked without the gate.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.workplace.office import ADA, ELIAS, ERIN, INA, SAM, Office
from tests.workplace.passkey import PRESENT, SoftPasskey
from wicketgate.core.actor import Actor
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.flow.inspect.bundle import bundle
from wicketgate.flow.work.dissent import dissent, terms
from wicketgate.flow.work.refusals import ConfirmationError
from wicketgate.flow.work.signature import Assertion, signed_by_gate, signer
from wicketgate.ledger import LedgerError
from wicketgate.ledger.verify import verify_bundle
from wicketgate.store import work_marks
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service

WORDS = "The order that is named was lifted.\r\nAsk first."


def signed(office: Office, actor: Actor, handle: Handle, words: str = WORDS, **how: Any) -> Assertion:
    """What the officer's passkey makes of these words on this request."""
    return SoftPasskey().sign(terms(office.gate, actor, handle, words).challenge, **how)


def test_an_officer_signs_with_a_passkey_and_everybody_sees_it(office: Office) -> None:
    handle = office.one()
    dissent(office.gate, ELIAS, handle, WORDS, signed(office, ELIAS, handle))
    for reader in (INA, ERIN, ADA, SAM):
        seen = office.page(reader, handle).dissents
        assert [(each.officer, each.signer) for each in seen] == [("elias", "passkey")]
    assert "dissent" in office.kinds(handle)


def test_the_kept_signature_is_checked_with_nothing_but_a_library(office: Office) -> None:
    handle = office.one()
    dissent(office.gate, ELIAS, handle, WORDS, signed(office, ELIAS, handle))
    seen = office.page(INA, handle).dissents[0]
    kept = {
        name: b64decode(part) for name, part in json.loads(seen.signature or "").items() if name not in NAMES
    }
    client = json.loads(kept["client_data"])
    assert urlsafe_b64decode(client["challenge"] + "=") == hashlib.sha256(seen.terms.encode()).digest()
    assert seen.terms.splitlines()[-1] == digest(WORDS) == seen.digest
    key = load_der_public_key(kept["key"])
    assert isinstance(key, EllipticCurvePublicKey)
    message = kept["authenticator_data"] + hashlib.sha256(kept["client_data"]).digest()
    key.verify(kept["signature"], message, ECDSA(hashes.SHA256()))


NAMES = ("by", "site")
FORGERIES: dict[str, Callable[[Office, Handle, Handle], Assertion]] = {
    "another text": lambda office, handle, _: signed(office, ELIAS, handle, "I agree."),
    "another request": lambda office, _, other: signed(office, ELIAS, other),
    "another officer": lambda office, handle, _: signed(office, SAM, handle),
    "another site": lambda office, handle, _: signed(office, ELIAS, handle, site="evil.example"),
    "nobody verified": lambda office, handle, _: signed(office, ELIAS, handle, flags=PRESENT),
    "an enrolment": lambda office, handle, _: signed(office, ELIAS, handle, about="webauthn.create"),
    "another key": lambda office, handle, _: _by(signed(office, ELIAS, handle), SoftPasskey().public),
    "no key": lambda office, handle, _: _by(signed(office, ELIAS, handle), b"no key"),
}


def _by(made: Assertion, key: bytes) -> Assertion:
    return Assertion(key, made.site, made.authenticator_data, made.client_data, made.signature)


def test_a_signature_over_anything_else_attaches_nothing(office: Office) -> None:
    handle, other = office.one(), office.one()
    for name, forged in FORGERIES.items():
        with pytest.raises(ConfirmationError, match="Nothing was done"):
            dissent(office.gate, ELIAS, handle, WORDS, forged(office, handle, other))
        assert not office.page(INA, handle).dissents, name
    assert office.kinds(handle).count("access.denied") == len(FORGERIES)


def test_the_gate_signs_on_a_fresh_proof_only(office: Office) -> None:
    handle, now = office.one(), office.clock.now()
    with pytest.raises(ConfirmationError, match="Prove again who you are"):
        dissent(office.gate, SAM, handle, WORDS, now - timedelta(minutes=6))
    dissent(office.gate, SAM, handle, WORDS, now - timedelta(minutes=4))
    assert office.page(INA, handle).dissents[0].signer == "gate"


def test_what_is_changed_outside_the_gate_breaks_its_signature(office: Office) -> None:
    handle = office.one()
    dissent(office.gate, ELIAS, handle, WORDS, signed(office, ELIAS, handle))
    dissent(office.gate, SAM, handle, WORDS, office.clock.now())
    said = office.page(INA, handle).dissents
    assert [each.signer for each in said] == ["passkey", "gate"]
    for each, actor in zip(said, (ELIAS, SAM), strict=True):
        logged = {digest(each.signature)}
        assert signer(terms(office.gate, actor, handle, WORDS), each.signature, logged) == each.signer
        assert signer(terms(office.gate, actor, handle, "I agree."), each.signature, logged) == "broken"
        assert signer(terms(office.gate, ERIN, handle, WORDS), each.signature, logged) == "broken"
    note = json.loads(said[1].signature or "")["note"]
    mine = terms(office.gate, SAM, handle, WORDS)
    for forged in (note.replace("proved 20", "proved 19"), note.replace(" sam\n", " erin\n"), "", "{}"):
        assert forged != note
        kept = json.dumps({"by": "gate", "note": forged})
        assert signer(mine, kept, {digest(kept)}) == "broken"
    assert signer(mine, "no JSON", {digest("no JSON")}) == "broken"
    assert signer(mine, None, {None}) == "nobody"
    assert signer(mine, None, {digest("a signature")}) == "broken"


def test_a_signature_that_holds_and_is_not_the_ledgers_is_broken(office: Office, tmp_path: Path) -> None:
    handle = office.one()
    dissent(office.gate, ELIAS, handle, WORDS, signed(office, ELIAS, handle))
    assert office.page(INA, handle).dissents[0].signer == "passkey"
    assert checked_bundle(office, handle, tmp_path / "before") == []
    with office.gate.database.administer() as owner:
        owner.execute("ALTER TABLE gate.dissent DISABLE TRIGGER ALL")
        owner.execute(
            "UPDATE gate.dissent SET signature = %s WHERE handle = %s",
            [signed(office, ELIAS, handle).to_text(), handle.text],
        )
        owner.execute("ALTER TABLE gate.dissent ENABLE TRIGGER ALL")
    assert office.page(INA, handle).dissents[0].signer == "broken"
    failures = checked_bundle(office, handle, tmp_path / "after")
    assert "content: the signature of a dissent is not in it" in "\n".join(failures)
    assert "was changed" in (tmp_path / "after" / "README.txt").read_text()


def checked_bundle(office: Office, handle: Handle, folder: Path) -> list[str]:
    """What the verifier finds wrong in the inspector's bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle(office.gate, INA, [handle]))) as packed:
        packed.extractall(folder)
    return list(verify_bundle(folder, vkey=office.gate.key.vkey).failures)


def test_the_gates_note_is_never_a_checkpoint(office: Office) -> None:
    said = terms(office.gate, SAM, office.one(), WORDS)
    made = signed_by_gate(office.gate.key, said, office.clock.now())
    assert signer(said, made, {digest(made)}) == "gate"
    with pytest.raises(LedgerError, match="checkpoint"):
        office.gate.key.sign_note(f"{office.gate.key.origin}\n1\nAAAA\n")


def test_the_database_takes_no_dissent_without_a_signature(office: Office) -> None:
    handle, at, none = office.one(), office.clock.now(), None
    with (
        pytest.raises(ActRefusedError, match="dissent_signed"),
        office.gate.acting(Service.REVIEW) as connection,
    ):
        work_marks.dissent(connection, handle, ELIAS, "x", digest("x"), none, at)  # type: ignore[arg-type]
