"""The inspector's desk: everything by handle, nothing personal without a purpose on record, and shapes.

1. Without a purpose nothing that a request says is shown; with one the entry is there before it is seen.
2. What was disclosed is opened by the key process against that very entry, and by nothing else.
3. Each shape finds what was planted for it, and the desk works under a suspension.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from tests.stories.people import VALID
from tests.workplace.office import ADA, CORA, ERIN, INA, REFERABLE, SAM, Office
from tests.workplace.signing import fetched
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.inspect.bundle import bundle
from wicketgate.flow.inspect.desk import Asked, counts, overview, shape
from wicketgate.flow.inspect.opening import (
    UnopenedError,
    disclosed_address,
    open_request,
    opened,
)
from wicketgate.flow.orders import NewOrder, record_order
from wicketgate.flow.outbox import open_all
from wicketgate.flow.proofs import prepared
from wicketgate.flow.work.case import case
from wicketgate.flow.work.determine_referral import resolve_referral
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.receipt import receipt
from wicketgate.flow.work.refusals import (
    IncompleteError,
    NotAllowedError,
    UnknownRequestError,
    WorkRefusedError,
)
from wicketgate.keys import KeysError, through_socket
from wicketgate.store import register
from wicketgate.store.services import Service

PURPOSE = "The agency says that it never asked for this person."
IVAN = Actor("ivan", Role.INSPECTOR)


def test_nothing_that_a_request_says_is_read_without_a_purpose_on_record(office: Office) -> None:
    handle = office.one()
    with pytest.raises(UnopenedError, match="State first for what"):
        case(office.gate, INA, handle, office.kin)
    seen = overview(office.gate, INA, handle)
    assert (seen.outline.state, seen.outline.agency, seen.open_until) == ("sufficient", "DHS", None)
    assert "Rosa" not in repr(seen)
    assert "Juniper" not in repr(seen)
    assert receipt(office.gate, INA, handle, seen.timeline[0].index).openings == {}
    for purpose in ("", "  look  ", "\0" * 30, "x" * 3_000):
        with pytest.raises(IncompleteError, match="State for what"):
            open_request(office.gate, INA, handle, purpose)
    assert "access.opened" not in office.kinds(handle)

    open_request(office.gate, INA, handle, PURPOSE)
    assert office.kinds(handle)[-1] == "access.opened"
    assert case(office.gate, INA, handle, office.kin).fields["taxpayer_first_name"] == "Rosa"
    assert receipt(office.gate, INA, handle, seen.timeline[0].index).openings
    with pytest.raises(UnopenedError):
        case(office.gate, IVAN, handle, office.kin)
    assert all(step.kind != "access.opened" for step in office.page(ERIN, handle).timeline)
    office.clock.on(minutes=61)
    with pytest.raises(UnopenedError):
        case(office.gate, INA, handle, office.kin)


def test_only_an_inspector_opens_and_only_what_is_there(office: Office) -> None:
    handle = office.one()
    for actor in (ERIN, ADA, CORA, SAM):
        with pytest.raises(NotAllowedError):
            open_request(office.gate, actor, handle, PURPOSE)
        with pytest.raises(NotAllowedError):
            overview(office.gate, actor, handle)
        with pytest.raises(NotAllowedError):
            shape(office.gate, actor, Asked("dissents"))
    with pytest.raises(IncompleteError, match="Nothing was disclosed"):
        open_request(office.gate, INA, handle, PURPOSE, disclosed=True)
    with pytest.raises(UnknownRequestError):
        open_request(office.gate, INA, Handle("WG-2222-2222-2222"), PURPOSE)


@pytest.fixture
def disclosed(fresh: Office) -> Handle:
    handle = fresh.one()
    fresh.endorse_and_approve(handle)
    open_all(fresh.gate)
    assert fetched(fresh, handle)
    return handle


def test_what_was_disclosed_is_opened_by_the_key_process_against_the_entry(
    fresh: Office, disclosed: Handle
) -> None:
    office, handle = fresh, disclosed
    order = NewOrder("D.D.C.", "1:25", "custodian", office.clock.at.date(), document=b"x")
    record_order(office.gate, CORA, order)
    open_request(office.gate, INA, handle, PURPOSE)
    assert disclosed_address(office.gate, INA, handle) is None, "the purpose did not say so"
    plain = opened(office.gate, INA, handle)
    assert plain is not None
    with pytest.raises(KeysError, match="does not name its subject"):
        office.gate.the_keys().record_keys(prepared(office.gate, {handle: plain}).about([handle]), [1])
    open_request(office.gate, INA, handle, PURPOSE, disclosed=True)
    found = disclosed_address(office.gate, INA, handle)
    assert found is not None
    assert "4821 Juniper St" in found.values()
    assert disclosed_address(office.gate, IVAN, handle) is None

    entry = opened(office.gate, INA, handle)
    assert entry is not None
    with office.gate.acting(Service.OVERSEE) as connection:
        assert register.opened(connection, handle, entry.index - 3, str(entry.body["subject"])) is None
        assert register.opened(connection, handle, entry.index, "0" * 32) is None
    for service in (Service.AUDIT, Service.PORTAL, Service.DECIDE):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), office.gate.acting(service) as connection:
            register.opened(connection, handle, entry.index, "0" * 32)


def test_what_cannot_be_put_on_record_or_opened_by_the_keys_stays_closed(
    fresh: Office, disclosed: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, handle = fresh, disclosed

    def gone(*_arguments: object, **_words: object) -> NoReturn:
        raise psycopg.OperationalError("the log cannot be reached")

    with monkeypatch.context() as broken:
        broken.setattr(type(office.gate), "record_together", gone)
        with pytest.raises(psycopg.OperationalError):
            open_request(office.gate, INA, handle, PURPOSE, disclosed=True)
    assert disclosed_address(office.gate, INA, handle) is None
    with pytest.raises(UnopenedError):
        case(office.gate, INA, handle, office.kin)
    open_request(office.gate, INA, handle, PURPOSE, disclosed=True)
    nowhere = through_socket(Path("/nowhere/keys.sock"))
    monkeypatch.setattr(type(office.gate), "the_keys", lambda _gate: nowhere)
    with pytest.raises(KeysError):
        disclosed_address(office.gate, INA, handle)


def test_each_shape_finds_what_warrants_a_look(fresh: Office) -> None:
    busy = VALID | {"engaged_officers": "Ida Impossible|1|DHS"}
    handles = fresh.receive(*[busy | {"matter_number": f"DHS-2026-{n:05}"} for n in range(12)])
    home = busy | {"taxpayer_last_name": "Crowd", "address_line1": "1 Full House Rd"}
    fresh.receive(*[home | {"taxpayer_first_name": name} for name in ("Ann", "Ben", "Cid", "Dot")])
    fresh.receive(home | {"taxpayer_first_name": "Eve", "address_postal_code": "10001"})
    endorse(fresh.gate, ERIN, handles[0], fresh.take(ERIN, handles[0]))
    endorse(fresh.gate, ERIN, handles[1], fresh.take(ERIN, handles[1], minutes=0.5))
    referred = fresh.one(REFERABLE)
    page = fresh.take(CORA, referred)
    codes = [e.code for e in fresh.page(CORA, referred).elements if e.standing == "refer"]
    resolve_referral(fresh.gate, CORA, referred, page, [(code, "It is read.") for code in codes])
    dissent(fresh.gate, SAM, handles[2], "No officer is engaged in so many.", fresh.clock.now())
    with pytest.raises(WorkRefusedError):
        fresh.approve(ERIN, handles[3])
    open_request(fresh.gate, INA, handles[4], PURPOSE)

    found = {name: shape(fresh.gate, INA, Asked(name)) for name in counts(fresh.gate, INA)}
    officer = found["officers"].groups[0]
    assert (officer.name, officer.number) == ("Ida Impossible|1|DHS", 13)
    assert found["reasons"].groups[0].number == 18
    assert found["addresses"].groups[0].number == 4, (
        "four people at one address; the same street elsewhere is another"
    )
    assert [(m.handle, m.told) for m in found["speed"].members] == [(handles[1].text, "30 s")]
    assert [m.handle for m in found["overridden"].members] == [referred.text]
    assert [m.handle for m in found["dissents"].members] == [handles[2].text]
    assert [m.handle for m in found["denied"].members] == [handles[3].text]
    assert [(m.handle, m.told) for m in found["opened"].members] == [(handles[4].text, PURPOSE)]
    assert not found["unclaimed"].members
    one = shape(fresh.gate, INA, Asked("addresses", sign=found["addresses"].groups[0].sign))
    assert len(one.members) == 4
    for each in found.values():
        assert "Full House" not in repr(each)
        assert "Crowd" not in repr(each)
    assert not shape(fresh.gate, INA, Asked("officers", agency="DOJ")).groups
    fresh.clock.on(days=100)
    assert not shape(fresh.gate, INA, Asked("officers")).groups


def checked(folder: Path, *more: str) -> tuple[int, str]:
    """The bundled verifier in a Python that knows nothing of this project."""
    done = subprocess.run(
        [sys.executable, "-I", "wicketgate-verify.pyz", "--bundle", ".", *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={},
    )
    return done.returncode, done.stdout + done.stderr


def test_a_bundle_is_checked_offline_by_the_verifier_in_it(
    fresh: Office, disclosed: Handle, tmp_path: Path
) -> None:
    office, handle, tmp_path = fresh, disclosed, tmp_path / "evidence"
    with pytest.raises(UnopenedError):
        bundle(office.gate, INA, [handle])
    open_request(office.gate, INA, handle, PURPOSE)
    with zipfile.ZipFile(io.BytesIO(bundle(office.gate, INA, [handle]))) as packed:
        packed.extractall(tmp_path)
    code, said = checked(tmp_path, "--vkey", office.gate.key.vkey)
    assert code == 0, said
    assert "'disclosure.released', 'taxpayer'" in said
    assert said.count("the document that an opened entry names") == 2, "the request and the law"
    code, said = checked(tmp_path)
    assert (code, "get it from somebody else" in said) == (0, True)

    law = next(path for path in (tmp_path / "content").iterdir() if b'"switches"' in path.read_bytes())
    damages: dict[str, Callable[[], object]] = {
        "a changed law": lambda: law.write_bytes(law.read_bytes().replace(b"1253", b"1254")),
        "a lost receipt": lambda: next(tmp_path.rglob("*.tlog-proof")).unlink(),
        "another document": lambda: (tmp_path / "content" / ("0" * 64)).write_bytes(b"{}"),
    }
    for name, damage in damages.items():
        kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        damage()
        assert checked(tmp_path)[0] == 1, name
        for path, content in kept.items():
            path.write_bytes(content)
        (tmp_path / "content" / ("0" * 64)).unlink(missing_ok=True)
    assert checked(tmp_path)[0] == 0
