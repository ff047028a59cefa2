"""The agencies' pages: a request with mistakes, lists, letters, documents, and nobody else's anything."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.stories.people import VALID
from tests.web.desk import Desk
from tests.web.site import Site
from tests.workplace.office import ADA, ERIN
from tests.workplace.signing import Signer
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.outbox import open_all
from wicketgate.flow.safeguards import find, keep
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.onward import onward
from wicketgate.stages.signing import REQUEST, sign

ASK = "/agency/ask/"
WRITTEN = {
    **VALID,
    "engaged_officers": VALID["engaged_officers"].replace(";", "\r\n"),
    "sole_use_attested": "on",
}


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = Desk(site, tmp_path_factory.mktemp("desk"))
    yield opened
    from wicketgate.web import gates

    gates.close()


def clerk(desk: Desk) -> Any:
    return desk.client("cleo", Role.CLERK)


def stranger(desk: Desk) -> Any:
    account = desk.account("dora", "clerk")
    if account.agency != "DOJ":
        account.agency = "DOJ"
        account.save()
    return desk.site.browser(account)


def mark_of(checked: Any) -> str:
    """By which a page says that its words were checked."""
    return hidden(checked)["checked"]


def hidden(page: Any) -> dict[str, str]:
    """What a page holds hidden, by name."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode())
    return {name: html.unescape(value) for name, value in found}


def newest(desk: Desk) -> int:
    """The agency's newest submission."""
    page = clerk(desk).get("/agency/submissions/").content.decode()
    return max(map(int, re.findall(r"/agency/submissions/(\d+)/", page)))


def sent(desk: Desk, reference: str, **changed: str) -> Handle:
    """One request from the form, checked and sent."""
    written = {**WRITTEN, "request_id": reference, **changed}
    checked = clerk(desk).post(ASK, {**written, "do": "check"})
    answer = clerk(desk).post(ASK, {**written, "checked": mark_of(checked), "do": "send"})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Handle(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def test_a_request_is_checked_mended_sent_and_followed(desk: Desk) -> None:
    begun = clerk(desk).get(ASK)
    assert b'value="26 U.S.C.' in begun.content
    assert clerk(desk).post(ASK, {"do": "check"}).status_code == 422
    lacking = {**WRITTEN, "request_id": "W-1", "address_line1": "Unknown"}
    checked = clerk(desk).post(ASK, {**lacking, "do": "check"})
    assert "This would be returned" in checked.content.decode()
    assert 'href="#id_address_line1"' in checked.content.decode()
    assert b'value="Unknown"' in checked.content
    # Whoever changes the words after the check sees the check of the new words first.
    changed = {**WRITTEN, "request_id": "W-1", "checked": mark_of(checked), "do": "send"}
    again = clerk(desk).post(ASK, changed)
    assert again.status_code == 200
    assert "Nothing is missing" in again.content.decode()
    done = clerk(desk).post(ASK, {**changed, "checked": mark_of(again)}, follow=True)
    page = done.content.decode()
    assert "The request is received" in page
    assert "No answer has left yet" in page
    assert VALID["reasons"] in page
    twice = clerk(desk).post(ASK, {**changed, "checked": mark_of(again)}, follow=True)
    assert twice.redirect_chain == done.redirect_chain
    assert "had been received already" in twice.content.decode()


def test_a_draft_goes_into_a_file_and_comes_back(desk: Desk) -> None:
    saved = clerk(desk).post(ASK, {**WRITTEN, "do": "save"})
    assert saved.headers["Content-Disposition"].endswith('"prepared-request.jsonl"')
    file = io.BytesIO(saved.content)
    file.name = "prepared.jsonl"
    opened = clerk(desk).post(ASK, {"do": "open", "prepared": file})
    assert VALID["matter_number"] in opened.content.decode()
    for wrong in (b"{", b"[]", b'{"state": "approved"}', b"[" * 60_000, b"x" * 70_000):
        file = io.BytesIO(wrong)
        file.name = "prepared.jsonl"
        refused = clerk(desk).post(ASK, {"do": "open", "prepared": file})
        assert refused.status_code == 422
        assert b"not a prepared request" in refused.content


def test_lists_letters_and_receipts_are_there_when_the_answer_has_left(desk: Desk) -> None:
    handle = sent(desk, "X-1", reasons="")
    request, letter = f"/agency/requests/{handle}/", f"/agency/requests/{handle}/letter.pdf"
    assert clerk(desk).get(letter).status_code == 404
    open_all(desk.gate)
    page = clerk(desk).get(request).content.decode()
    assert "How to mend it" in page
    assert clerk(desk).get(letter).content == clerk(desk).get(letter).content
    listed = clerk(desk).get("/agency/requests/?status=deficient").content.decode()
    assert handle.text in listed
    assert handle.text not in clerk(desk).get("/agency/requests/?status=withdrawn").content.decode()
    assert clerk(desk).get("/agency/requests/?status=approved").status_code == 400
    packed = zipfile.ZipFile(io.BytesIO(clerk(desk).get(request + "receipts.zip").content))
    names = packed.namelist()
    assert {"verify.html", "READ-ME.txt"} < set(names)
    assert any(name.endswith("request.determined.tlog-proof") for name in names)


def test_the_list_is_exported_as_narrow_as_it_is_and_to_nobody_else(desk: Desk) -> None:
    answered = sent(desk, "=1+2", reasons="")
    open_all(desk.gate)
    waits = sent(desk, "Y-2")
    narrowed = {"": {answered, waits}, "status=deficient": {answered}, "status=withdrawn": set[Handle]()}
    for query, there in narrowed.items():
        answer = clerk(desk).get(f"/agency/requests/export.csv?{query}")
        rows = {row["request"]: row for row in csv.DictReader(io.StringIO(answer.getvalue().decode()))}
        assert {each for each in (answered, waits) if each.text in rows} == there, query
    whole = clerk(desk).get("/agency/requests/export.csv").getvalue().decode()
    row = next(row for row in csv.DictReader(io.StringIO(whole)) if row["request"] == answered.text)
    assert (row["your_reference"], row["clock"], row["due_on"]) == ("'=1+2", "ended", "")
    assert clerk(desk).get("/agency/requests/export.csv?status=approved").status_code == 400
    other = stranger(desk).get("/agency/requests/export.csv").getvalue().decode()
    assert answered.text not in other
    assert waits.text not in other


def test_a_submission_is_summed_up_and_its_rows_run_in_no_spreadsheet(desk: Desk) -> None:
    handle = sent(desk, "=1+1", reasons="")
    open_all(desk.gate)
    number = newest(desk)
    page = clerk(desk).get(f"/agency/submissions/{number}/").content.decode()
    assert "What is missing, by element" in page
    rows = b"".join(clerk(desk).get(f"/agency/submissions/{number}/results.csv").streaming_content).decode()
    assert f"1,'=1+1,{handle},deficient," in rows
    assert clerk(desk).get(f"/agency/submissions/{number}/notice.pdf").content.startswith(b"%PDF")


def test_another_agencys_numbers_are_no_pages(desk: Desk) -> None:
    handle = sent(desk, "Y-1", reasons="")
    open_all(desk.gate)
    number = newest(desk)
    kim = desk.account("kim", "safeguards_contact")
    kim.agency = "DHS"
    kim.save()
    handed = desk.site.browser(kim).post("/agency/safeguards/new/training/", TRAINING)
    assert handed.status_code == 302
    lena = desk.account("lena", "safeguards_contact")
    lena.agency = "DOJ"
    lena.save()
    document = handed.headers["Location"]
    other = Handle.new()
    for path, empty in (
        (f"/agency/requests/{handle}/", f"/agency/requests/{other}/"),
        (f"/agency/requests/{handle}/letter.pdf", f"/agency/requests/{other}/letter.pdf"),
        (f"/agency/requests/{handle}/receipts.zip", f"/agency/requests/{other}/receipts.zip"),
        (f"/agency/submissions/{number}/", "/agency/submissions/999999/"),
        (f"/agency/submissions/{number}/notice.pdf", "/agency/submissions/999999/notice.pdf"),
        (f"/agency/submissions/{number}/results.csv", "/agency/submissions/999999/results.csv"),
    ):
        mine, nothing = stranger(desk).get(path), stranger(desk).get(empty)
        assert (mine.status_code, nothing.status_code) == (404, 404), path
        same = mine.content.decode().replace(handle.text, "…").replace(f"submission {number}", "…")
        assert _plain(same) == _plain(
            nothing.content.decode().replace(other.text, "…").replace("submission 999999", "…")
        )
        assert clerk(desk).get(path).status_code == 200
    for path in (document, "/agency/safeguards/999999/"):
        assert desk.site.browser(lena).get(path).status_code == 404
    theirs = stranger(desk).get("/agency/submissions/").content.decode()
    assert f"/agency/submissions/{number}/" not in theirs
    assert handle.text not in stranger(desk).get("/agency/requests/").content.decode()


TRAINING = {"agency": "DHS", "from": "2025-01-01", "to": "2025-12-31", "people": "12", "trained": "12"}


def _plain(page: str) -> str:
    """Without the token that every page has of its own."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


def test_a_document_is_handed_in_and_answered(desk: Desk) -> None:
    kim = desk.account("kim", "safeguards_contact")
    kim.agency = "DHS"
    kim.save()
    browser = desk.site.browser(kim)
    assert browser.post("/agency/safeguards/new/corrective_plan/", {"agency": "DHS"}).status_code == 422
    officer = Actor("sara", Role.SAFEGUARDS_OFFICER)
    keep(desk.gate, officer, "DHS", date(2100, 1, 1))
    finding = find(desk.gate, officer, "DHS", "The archive is not encrypted.", date(2100, 1, 1))
    assert "The archive is not" in browser.get("/agency/safeguards/new/corrective_plan/").content.decode()
    plan = {"agency": "DHS", "finding": str(finding), "action_1": "Encrypt it", "due_1": "2026-09-01"}
    handed = browser.post("/agency/safeguards/new/corrective_plan/", plan, follow=True)
    assert "Encrypt it" in handed.content.decode()
    number = handed.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    sam = desk.client("sam", Role.SAFEGUARDS_OFFICER)
    path = f"/safeguards/documents/{number}/"
    assert "Encrypt it" in sam.get(path).content.decode()
    assert sam.post(path, {"outcome": "returned"}).status_code == 422
    assert sam.post(path, {"outcome": "accepted", "counts_until": "2027-01-01"}).status_code == 302
    assert "Accepted" in browser.get(f"/agency/safeguards/{number}/").content.decode()
    assert clerk(desk).get("/agency/safeguards/new/corrective_plan/").status_code == 404
    assert clerk(desk).get(path).status_code == 403


def test_an_officer_sees_only_what_is_sealed_to_them(desk: Desk, tmp_path: Path) -> None:
    officer = VALID["engaged_officers"].split(";")[0]
    alma = desk.account("alma", "recipient_officer")
    alma.agency, alma.officer = "DHS", officer
    alma.save()
    handle = desk.one()
    desk.endorse_and_approve(handle)
    path = f"/agency/packages/{handle}/"
    assert desk.site.browser(alma).get(path).status_code == 404  # before its slot there is nothing
    open_all(desk.gate)
    assert desk.site.browser(alma).get(path).status_code == 200
    ben = desk.account("ben", "recipient_officer")
    ben.agency, ben.officer = "DHS", VALID["engaged_officers"].split(";")[1]
    ben.save()
    assert desk.site.browser(ben).get(path).status_code == 404
    assert desk.site.browser(ben).post(path + "pick-up/").status_code == 404
    given = desk.site.browser(alma).post(path + "pick-up/")
    assert set(given.json()) == {"handle", "jwe", "share"}
    assert desk.site.browser(alma).post(path + "pick-up/").status_code == 404
    wrong = desk.site.browser(alma).post(path + "acknowledge/", {"digest": "sha256:" + "0" * 64})
    assert wrong.status_code == 404


_OWN = r"\bR\d+\b|\d{4}-\d\d-\d\d \d\d:\d\d|submissions/\d+/\">\d+"
"""What every request has of its own: reference, moments, submission."""


def test_every_end_without_a_disclosure_is_the_same_page_with_the_same_receipts(desk: Desk) -> None:
    """That the letters are the same but for the reference, tests/letters shows."""
    absent = desk.one({**VALID, "taxpayer_first_name": "Nobody", "taxpayer_last_name": "Onfile"})
    refused = desk.one()
    for handle in (absent, refused):
        endorse(desk.gate, ERIN, handle, desk.take(ERIN, handle))
        onward(desk.gate, handle)
    desk.refuse(ADA, refused)
    open_all(desk.gate)
    assert (desk.state(absent), desk.state(refused)) == ("not_verified", "refused")
    pages, names = [], []
    for handle in (absent, refused):
        page = clerk(desk).get(f"/agency/requests/{handle}/").content.decode()
        head, _, written = page.partition('id="written"')
        assert written
        head = re.sub(_OWN, "…", _plain(head).replace(handle.text, "…"))
        pages.append(head)
        packed = zipfile.ZipFile(
            io.BytesIO(clerk(desk).get(f"/agency/requests/{handle}/receipts.zip").content)
        )
        names.append(packed.namelist())
    assert pages[0] == pages[1]
    assert names[0] == names[1]


def test_where_only_signed_requests_count_the_page_offers_what_is_signed(desk: Desk) -> None:
    official = Signer(VALID["signatory_name"]).registered(desk)
    desk.gate.signed_only = True
    try:
        written = {**WRITTEN, "request_id": "SIGNED-1"}
        checked = clerk(desk).post(ASK, {**written, "do": "check"})
        offer, page = hidden(checked), html.unescape(checked.content.decode())
        document = page.partition("data-document>")[2].partition("</pre>")[0]
        send = {**written, "checked": mark_of(checked), "do": "send"}
        assert clerk(desk).post(ASK, send).status_code == 422
        signature = {
            "key": official.key_id,
            **{name: offer[name] for name in ("nonce", "expires", "sequence", "recipient_key")},
            "jws": sign(json.loads(document), official.private, REQUEST),
        }
        assert clerk(desk).post(ASK, {**send, **signature, "jws": "x..y"}).status_code == 422
        assert clerk(desk).post(ASK, {**send, **signature}).status_code == 302
        again = hidden(clerk(desk).post(ASK, {**written, "do": "check"}))
        assert int(again["sequence"]) == int(offer["sequence"]) + 1
        nobody = {**written, "engaged_officers": "Nobody Known|1|DHS", "do": "check"}
        assert b"has no confirmed key" in clerk(desk).post(ASK, nobody).content
    finally:
        desk.gate.signed_only = False
