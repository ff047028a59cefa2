"""The book of safeguards in the browser: an agency is kept, its door closes, an incident runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.desk import Desk
from tests.web.site import Site
from wicketgate.flow import incidents
from wicketgate.flow.safeguards import agency_file


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    return Desk(site, tmp_path)


def test_an_agency_is_kept_and_found_wanting(desk: Desk) -> None:
    from wicketgate.web.views.acting import WRONG

    code = sorted(code for code in desk.gate.context.agencies if not code.startswith(("DHS", "DOJ")))[0]
    sam, sara = (desk.client(name, "safeguards_officer") for name in ("sam", "sara"))
    page, day = f"/safeguards/agencies/{code}/", desk.gate.clock.now().date().isoformat()
    assert b"does not keep this agency yet" in sam.get(page).content
    assert b"on record" in sam.post(page + "keep/", {"since": day}, follow=True).content
    assert sam.post(page + "keep/", {"since": day}).status_code == WRONG
    closed = sam.get(page).content
    assert b"The door is closed" in closed
    assert b"training missing" in sam.get("/safeguards/").content
    assert b"safeguards:" in desk.client("erin", "examiner").get("/").content, "the banner says why"
    found = {"finding": "Copies on a laptop.", "plan_due_on": day}
    assert b"on record" in sam.post(page + "find/", found, follow=True).content
    assert b"on record" in sam.post(page + "visit/", {"done_on": day, "report": "Seen."}, follow=True).content
    (number,) = (each.number for each in agency_file(desk.gate, code).findings)
    link = f"/safeguards/findings/{number}/close/"
    assert sam.post(link, {"words": "Mended."}).status_code == WRONG, "another person closes it"
    assert b"Copies on a laptop." in sara.get(link).content
    assert b"on record" in sara.post(link, {"words": "Mended."}, follow=True).content
    assert sara.get(link).status_code == 404, "it is closed"
    assert sam.get("/safeguards/agencies/KGB/").status_code == 404
    assert sam.get(page + "burn/").status_code == 404


def test_an_incident_is_told_and_decided(desk: Desk) -> None:
    from wicketgate.web.views.acting import WRONG

    sam, cora = desk.client("sam", "safeguards_officer"), desk.client("cora", "counsel")
    sent = {"agency": "DHS", "discovered_at": "2026-03-01 09:30", "what": "A list lay on a drive."}
    assert b"on record" in sam.post("/safeguards/incidents/record/", sent, follow=True).content
    number = incidents.all_of(desk.gate)[0].incident.number
    page = f"/safeguards/incidents/{number}/"
    shown = sam.get(page).content
    assert b"7431(e)" in shown, "the words to begin with are the authority's"
    assert b"Overdue since" in shown
    assert sam.post(page + "3/", {"choice": "notify", "words": "x"}).status_code == WRONG, "counsel decides"
    assert cora.post(page + "3/", {"words": "x"}).status_code == WRONG, "nothing is decided by default"
    decided = cora.post(page + "3/", {"choice": "do not notify", "words": "Nobody's."}, follow=True)
    assert b"they are not told" in decided.content
    assert sam.get(page + "9/").status_code == 404
    assert sam.get("/safeguards/incidents/999/").status_code == 404
