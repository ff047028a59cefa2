"""Recalls in the browser: a dry run with counts, a list that two people start, service, and the list."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.stories.people import VALID
from tests.web.desk import Desk
from tests.web.site import Site
from wicketgate.core.identifiers import Handle
from wicketgate.flow import recall_campaign as campaign

PROCEDURE = "two paths of the test"


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)


def imported(desk: Desk) -> Handle:
    (handle,) = desk.receive(VALID, determined=False)
    submission, row = (
        int(str(desk.value(f"SELECT {column} FROM gate.request WHERE handle = %s", handle.text)))
        for column in ("submission", "row")
    )
    campaign.import_disclosures(desk.gate, submission, [row], PROCEDURE, date(2025, 8, 7))
    return handle


def test_a_recall_from_the_dry_run_to_the_list(desk: Desk) -> None:
    from wicketgate.web.views.acting import WRONG

    handle = imported(desk)
    sam, cora = desk.client("sam", "safeguards_officer"), desk.client("cora", "counsel")
    page = f"/recalls/propose/?procedure={PROCEDURE}"
    dry = sam.get(page)
    assert b"1 disclosure" in dry.content
    found = re.search(rb'name="list_digest" value="(sha256:[0-9a-f]{64})"', dry.content)
    assert found is not None
    digest = found[1].decode()
    changed = sam.post(page, {"reasons": "A court says so.", "days": "10", "list_digest": "sha256:0"})
    assert changed.status_code == WRONG
    assert b"list has changed" in changed.content
    sent = {"reasons": "A court says so.", "days": "10", "list_digest": digest}
    done = sam.post(page, sent, follow=True)
    assert b"is proposed" in done.content
    assert b"Start the recall" not in done.content, "nobody starts what they proposed"
    number = campaign.all_of(desk.gate)[0].number
    detail = f"/recalls/{number}/"
    assert b"Start the recall" in cora.get(detail).content
    assert cora.post(detail + "start/", {"typed": "9"}).status_code == WRONG
    assert b"is started" in cora.post(detail + "start/", {"typed": "1"}, follow=True).content
    shown = sam.get(detail).content
    assert b"0 of 1 disclosures are called back" in shown
    assert b"every 3s" in shown
    assert campaign.go_on(desk.gate, number) == 1
    assert b"every 3s" not in sam.get(detail).content
    listed = sam.get(detail + "list/DHS/").getvalue().decode()
    assert handle.text in listed
    assert VALID["taxpayer_last_name"] not in listed
    today = desk.gate.clock.now().date().isoformat()
    served = {"served_on": today, "how": "registered mail", "proof": "RR 1"}
    assert b"on record" in sam.post(detail + "serve/DHS/", served, follow=True).content
    assert sam.post(detail + "serve/DHS/", served).status_code == WRONG
    assert sam.get(detail + "serve/DOJ/").status_code == 404
    assert sam.get("/recalls/999/").status_code == 404
    assert b"under way" in sam.get("/recalls/").content
    stands = campaign.standing(desk.gate, number)
    begun, agency = replace(stands.campaign, started_at=None), stands.agencies[0]._replace(certified=1)
    states = [replace(stands, campaign=begun), stands, replace(stands, agencies=(agency,))]
    assert [each.state for each in states] == ["proposed", "under_way", "done"]


def test_an_empty_choice_is_not_everything(desk: Desk) -> None:
    sam = desk.client("sam", "safeguards_officer")
    assert b"an empty choice is everything" in sam.get("/recalls/propose/?agency=").content
    assert b"equals sign" in sam.get("/recalls/propose/?switch=S2").content
