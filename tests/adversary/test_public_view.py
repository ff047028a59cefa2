"""The public logs of two gates with other persons' data look the same and are no function of that data."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import copy_of
from tests.ledger.logs import files
from tests.stories.people import VALID
from tests.workplace.office import ERIN, KEY, Office
from wicketgate.core.digest import canonical
from wicketgate.core.identifiers import Handle
from wicketgate.flow.simulation_outputs import publish
from wicketgate.flow.work.claim import release_claim
from wicketgate.ledger import commit
from wicketgate.ledger.schemas import CURRENT, PRIVATE
from wicketgate.ledger.tiles import unbundle
from wicketgate.store import log
from wicketgate.store.database import Database
from wicketgate.store.services import Service

HERS = {
    "taxpayer_first_name": "Wilhelmina",
    "taxpayer_last_name": "Featherstonehaugh",
    "address_line1": "77 Marchmont Crescent",
    "matter_number": "24-3377123",
}
HIS = {
    "taxpayer_first_name": "Bo",
    "taxpayer_last_name": "Ng",
    "address_line1": "4 Elm St",
    "matter_number": "24-1",
}


def day(database: Database, folder: Path, person: Mapping[str, str]) -> tuple[Path, set[str]]:
    """Some requests go through an office; the public folder, and every text that its private records hold."""
    office = Office(database, folder)
    row = {**VALID, **person}
    office.endorsed(row=row)
    handle = office.one(VALID | {"taxpayer_first_name": person["taxpayer_first_name"]})
    office.take(ERIN, handle)
    reasons = f"{person['taxpayer_last_name']} of {person['address_line1']}"
    release_claim(office.gate, ERIN, handle, reasons)
    publish(office.gate, folder / "ledger")
    with office.gate.acting(Service.AUDIT) as connection:
        named = connection.execute(
            "SELECT DISTINCT handle FROM log.entry WHERE handle IS NOT NULL"
        ).fetchall()
        entries = log.about(connection, [Handle(name) for (name,) in named])
    office.gate.close()
    private = {str(value) for about in entries.values() for each in about for value in each.body.values()}
    return folder / "ledger", private | set(row.values()) | set(person.values()) | {reasons}


@pytest.fixture(scope="module")
def two(template: Database, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, set[str]]]:
    """The same day twice, with other people."""
    made = []
    for name, person in (("hers", HERS), ("his", HIS)):
        with copy_of(template) as database:
            made.append(day(database, tmp_path_factory.mktemp(name), person))
    return made


def test_names_and_sizes_of_all_files_are_the_same(two: list[tuple[Path, set[str]]]) -> None:
    hers, his = (files(folder) for folder, _ in two)
    assert {name: len(data) for name, data in hers.items()} == {name: len(data) for name, data in his.items()}
    assert len(hers) > 3


def test_outside_the_commitments_the_entries_are_the_same(two: list[tuple[Path, set[str]]]) -> None:
    hers, his = (unbundle(next((folder / "tile/entries").rglob("*.p/*")).read_bytes()) for folder, _ in two)
    for one, other in zip(hers, his, strict=True):
        assert (one[:1], len(one)) == (other[:1], len(other))
        if one[:1] == b"\x01":
            assert (one[:3], one[35:]) == (other[:3], other[35:]) == (one[:3], bytes(29))
        else:
            assert one == other


def functions_of(value: str) -> Iterator[bytes]:
    """What somebody without the salts could compute of a value: hashes, keyed by what is public or not."""
    for data in {value.encode(), value.upper().encode(), value.lower().encode(), canonical(value)}:
        yield data
        keys = (b"", KEY.vkey.encode(), KEY.origin.encode())
        for algorithm in ("sha256", "sha512", "sha1", "md5", "sha3_256"):
            yield hashlib.new(algorithm, data).digest()
            for key in keys:
                yield hmac.new(key, data, algorithm).digest()
        for prefix in (b"\x00", b"\x01", b"wicketgate/field/v1\x00", bytes(32)):
            yield hashlib.sha256(prefix + data).digest()


def test_no_public_byte_is_a_function_of_the_data_without_its_salt(two: list[tuple[Path, set[str]]]) -> None:
    for folder, private in two:
        published = files(folder)
        text = b"\n".join(published[name] for name in published if not name.startswith("tile/"))
        leaves = b"".join(data for name, data in published.items() if name.startswith("tile/entries"))
        tiles = b"".join(data for name, data in published.items() if name.startswith("tile/0"))
        # Private leaves are searched, not those in clear, which name the law, a court and nobody.
        entries = [unbundle(data) for name, data in published.items() if name.startswith("tile/entries")]
        hidden = b"".join(leaf for bundle in entries for leaf in bundle if leaf[:1] == b"\x01")
        assert hidden
        for value in sorted(private):
            for found in functions_of(value):
                if len(found) >= 6:
                    assert found not in hidden
                if len(found) >= 16:
                    assert found not in leaves + tiles + text or found in KEY.vkey.encode()
                    assert base64.b64encode(found)[:-4] not in text
                    assert found.hex().encode() not in leaves + text


@pytest.mark.parametrize("kind", sorted(PRIVATE[CURRENT]))
def test_of_one_stream_of_salts_only_the_commitment_knows_the_data(kind: str) -> None:
    """Same salts, other data: 32 bytes differ. Same data, other salts: the same 32 differ, every time."""
    names = PRIVATE[CURRENT][kind]
    fields = [dict.fromkeys(names, who) for who in ("Wilhelmina Featherstonehaugh", "Bo")]
    salts = [bytes([number]) * 32 * (len(names) + 1) for number in (1, 2)]
    leaves = [[commit(kind, data, nonces=salt).leaf for data in fields] for salt in salts]
    flat = [leaf for several in leaves for leaf in several]
    assert len(set(flat)) == 4
    assert len({leaf[:3] + leaf[35:] for leaf in flat}) == 1
    assert commit(kind, fields[0], nonces=salts[0]).leaf == leaves[0][0]
    assert commit(kind, fields[0]).leaf != commit(kind, fields[0]).leaf


def test_leaves_of_all_kinds_look_alike() -> None:
    """Only 32 of the 64 bytes of a private leaf are not the same for every kind and every content."""
    leaves = [
        commit(kind, dict.fromkeys(names[:number], "Bo")).leaf
        for kind, names in PRIVATE[CURRENT].items()
        for number in (0, 1, len(names))
    ]
    assert len({(leaf[:3], leaf[35:], len(leaf)) for leaf in leaves}) == 1
    assert len(set(leaves)) == len(leaves)
