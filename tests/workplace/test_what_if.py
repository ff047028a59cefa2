"""What another reading or a draft of the law would have made of the requests on record."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.stories.people import VALID
from tests.workplace.office import Office
from wicketgate.flow.backtest_report import as_html
from wicketgate.flow.backtest_result import Change
from wicketgate.flow.inspect.what_if import AuthorityError, draft, readings, what_if, write_changed
from wicketgate.law.source import find

CIVIL = VALID | {"statute": "8 U.S.C. 1231"}
DOJ = VALID | {"requesting_agency": "DOJ", "signatory_capacity": "attorney_general"}


@pytest.fixture
def past(fresh: Office) -> Office:
    fresh.receive(VALID, CIVIL, VALID)
    fresh.receive(DOJ | {"engaged_officers": "Dee Fraud|77|DOJ"})
    return fresh


def test_a_stricter_reading_fails_what_passed_and_says_through_which_element(
    past: Office, tmp_path: Path
) -> None:
    size = past.value("SELECT count(*) FROM log.entry")
    states = past.row("SELECT array_agg(state ORDER BY handle) FROM gate.request")
    found = what_if(past.gate, draft(past.gate, switches={"S1_address_only_output": "forbidden"}))
    assert found.all.requests == 4
    changes = found.all.changes()
    assert (changes[Change.FAILS], changes[Change.PASSES]) == (3, 0)
    assert found.by_agency()["DHS"][Change.FAILS] == 2
    assert found.by_agency()["DOJ"][Change.FAILS] == 1
    [code] = found.all.by_element()[Change.FAILS]
    assert found.all.by_element()[Change.FAILS][code].alone == 3
    assert list(found.all.differences()) == ["S1_address_only_output: allowed before, forbidden now"]
    assert "Requests by agency" in as_html(found.all, found.by_agency())
    write_changed(tmp_path / "changed.csv", found)
    with (tmp_path / "changed.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["new_determination"] for row in rows if row["change"] == "newly_fail"} == {"deficient"}
    assert all(row["handle"].startswith("WG-") for row in rows)
    assert "Quintero" not in (tmp_path / "changed.csv").read_text()
    assert past.value("SELECT count(*) FROM log.entry") == size, "nothing is recorded"
    assert past.row("SELECT array_agg(state ORDER BY handle) FROM gate.request") == states


def test_the_reading_in_force_changes_nothing(past: Office) -> None:
    found = what_if(past.gate, draft(past.gate))
    assert not any(found.all.changes().values())
    assert found.changed == []


def test_a_draft_of_the_text_is_tried_with_its_own_vocabulary(past: Office, tmp_path: Path) -> None:
    source = find("usc26-6103-i2").folder
    shutil.copytree(Path(str(source)), tmp_path / "usc26_6103_i2")
    words = tmp_path / "usc26_6103_i2" / "vocabulary.toml"
    text = words.read_text()
    assert "8 U.S.C. 1253" in text
    words.write_text(text.replace("8 U.S.C. 1253", "8 U.S.C. 1254"))
    found = what_if(past.gate, draft(past.gate, root=tmp_path))
    changes = found.all.changes()
    assert changes[Change.PASSES] == 0
    assert sum(changes.values()) > 0
    assert any("B4" in row[-1] for row in found.changed)


def test_only_the_newest_are_looked_at_where_that_is_wanted(past: Office) -> None:
    found = what_if(past.gate, draft(past.gate), newest=2)
    assert found.all.requests == 2
    assert set(found.agencies) == {"DHS", "DOJ"}


def test_a_reading_that_was_held_unlawful_cannot_even_be_tried(past: Office) -> None:
    assert "non_blank" not in readings(past.gate)["S2_request_address_standard"].values
    for switches in ({"S2_request_address_standard": "non_blank"}, {"S0": "x"}):
        with pytest.raises(AuthorityError):
            draft(past.gate, switches=switches)
