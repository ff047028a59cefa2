"""The ZIP table is the one that the code names, and it holds every kind of place."""

from __future__ import annotations

import gzip
import hashlib
from importlib import resources

import pytest

from wicketgate.address import zips
from wicketgate.address.fold import city_words
from wicketgate.address.pub28 import STATES

DATA = resources.files("wicketgate.address").joinpath("data")


def test_the_table_is_the_edition_that_its_notice_names() -> None:
    data = gzip.decompress(DATA.joinpath("zips.csv.gz").read_bytes())
    notice = DATA.joinpath("README.md").read_text("utf-8")
    assert hashlib.sha256(data).hexdigest() == zips.SHA256
    assert zips.SHA256 in notice
    assert zips.VERSION in notice


def test_another_file_in_its_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "SHA256", "0" * 64)
    with pytest.raises(RuntimeError, match="not the table"):
        zips.table.__wrapped__()


def test_every_state_district_territory_and_military_region_has_codes() -> None:
    entries = [zips.look_up(code) for code in zips.table()]
    assert {entry.state for entry in entries if entry} == set(STATES.values())
    assert {entry.kind for entry in entries if entry} == {"S", "P", "U", "M"}
    assert len(entries) == 42_789


def test_city_names_are_folded_like_the_city_of_a_request() -> None:
    assert [city for city in zips.all_cities() if city_words(city) != city] == []


@pytest.mark.parametrize(
    ("code", "kind", "state", "city"),
    [
        ("12345", "U", "NY", "schenectady"),
        ("96799", "P", "AS", "pago pago"),
        ("96201", "M", "AP", "apo"),
        ("63101", "S", "MO", "st louis"),
        ("00926", "S", "PR", "san juan"),
    ],
)
def test_kind_state_and_cities_are_read(code: str, kind: str, state: str, city: str) -> None:
    entry = zips.look_up(code)
    assert entry is not None
    assert (entry.kind, entry.state) == (kind, state)
    assert f"|{city}|" in entry.cities


def test_a_code_that_no_post_office_has_is_not_found() -> None:
    assert zips.look_up("00000") is None
    assert zips.look_up("") is None
