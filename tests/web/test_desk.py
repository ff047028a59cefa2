"""Officers at work on their pages, without a browser: what each sees, does, and is kept from doing.

1. A request goes through the hands of an examiner and an approver; the gate does its own part in between.
2. Counsel determines, an officer dissents, a clerk's request is returned in the law's words.
3. Two people act at once; somebody is slow; somebody mistypes; nothing that was written is lost.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.stories.people import VALID
from tests.web.desk import Desk, address, filled, send
from tests.web.site import Site
from tests.workplace.office import INA, REFERABLE
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.work.signature import Terms, signer
from wicketgate.ledger import Opening, Receipt, VerifierKey, verify_opening
from wicketgate.ledger.schemas import CURRENT, PRIVATE
from wicketgate.store import suspension
from wicketgate.store.services import Service

if TYPE_CHECKING:
    from django.test import Client

EXAMINER, APPROVER, COUNSEL = Role.EXAMINER, Role.APPROVER, Role.COUNSEL


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One office for this file."""
    return Desk(site, tmp_path_factory.mktemp("desk"))


def endorsed(desk: Desk) -> Handle:
    """A request that erin endorsed on her pages."""
    handle = desk.one()
    erin = desk.client("erin", EXAMINER)
    erin.post(address(handle, "take"))
    assert send(erin, address(handle, "endorse"), reasons="Secret of the examiner.").status_code == 302
    assert desk.state(handle) == "verified"
    return handle


def test_a_lawful_request_goes_through_two_peoples_hands(desk: Desk) -> None:
    handle = desk.one()
    erin = desk.client("erin", EXAMINER)
    queue = erin.get("/queue/").content.decode()
    assert str(handle) in queue
    assert "Nothing is hidden by filters" in queue
    page = erin.get(address(handle)).content.decode()
    assert "Quintero Salas" in page
    assert "4821 Juniper Street" in page
    assert "Declare this and take the request" in page
    assert erin.get(address(handle, "endorse")).status_code == 403

    assert erin.post(address(handle, "take")).status_code == 302
    page = erin.get(address(handle)).content.decode()
    for offer in ("Return with findings", "Refer to counsel", "Endorse", "Give it back"):
        assert offer in page
    after = send(erin, address(handle, "endorse"), reasons="The second notice convinced me.")
    told = erin.get(after.headers["Location"]).content.decode()
    assert f"You endorsed {handle}." in told
    assert "The request is now: Waits for an approver." in told

    ada = desk.client("ada", APPROVER)
    page = ada.get(address(handle)).content.decode()
    assert "withheld from approvers" in page
    assert "Juniper" not in page
    assert "convinced me" not in page
    ada.post(address(handle, "take"))
    deciding = ada.get(address(handle, "decide")).content.decode()
    assert "Juniper" not in deciding
    assert deciding.index('value="refuse" autofocus') < deciding.index('value="approve"')
    wrong = send(ada, address(handle, "decide"), typed="WG-2222-2222-2222", decision="approve")
    assert wrong.status_code == 422
    assert "The number that you typed is not" in wrong.content.decode()
    assert send(ada, address(handle, "decide"), typed=str(handle), decision="approve").status_code == 302
    assert desk.state(handle) == "released"
    assert "convinced me" in ada.get(address(handle)).content.decode()
    assert "Juniper" not in ada.get(address(handle)).content.decode()


def test_refusing_needs_reasons_and_keeps_what_was_typed(desk: Desk) -> None:
    handle = endorsed(desk)
    ada = desk.client("ada", APPROVER)
    ada.post(address(handle, "take"))
    # The return key in a field presses the first button: refuse.
    empty = send(ada, address(handle, "decide"), typed=str(handle))
    assert empty.status_code == 422
    assert "State your reasons" in empty.content.decode()
    assert f'value="{handle}"' in empty.content.decode()
    assert (
        send(
            ada, address(handle, "decide"), typed=str(handle), decision="refuse", reasons="Thin."
        ).status_code
        == 302
    )
    assert desk.state(handle) == "refused"


def test_a_decision_needs_a_fresh_proof_and_loses_nothing(desk: Desk) -> None:
    handle = endorsed(desk)
    ada = desk.client("ada", APPROVER)
    ada.post(address(handle, "take"))
    slow = desk.client("ada", APPROVER, proved=400)
    assert slow.get(address(handle, "decide")).headers["Location"].startswith("/prove/password/")
    sent = {
        "typed": str(handle),
        "decision": "refuse",
        "reasons": "Written with care.",
        "version": "3",
        "dissents": "0",
    }
    answer = slow.post(address(handle, "decide"), sent)
    assert answer.status_code == 403
    assert "Written with care." in answer.content.decode()
    assert desk.state(handle) == "verified"


def test_findings_are_rows_of_elements_and_words(desk: Desk) -> None:
    handle = desk.one()
    erin = desk.client("erin", EXAMINER)
    erin.post(address(handle, "take"))
    page = erin.get(address(handle, "return") + "?code=B5").content.decode()
    assert '<option value="B5" selected>' in page
    half = {"point-0-code": "B5", "point-0-words": " ", "reasons": "Kept words."}
    wrong = send(erin, address(handle, "return"), **half)
    assert wrong.status_code == 422
    assert "belong together" in wrong.content.decode()
    assert "Kept words." in wrong.content.decode()
    none = send(erin, address(handle, "return"), reasons="Nothing named.")
    assert "Name at least one element" in none.content.decode()
    full = {"point-0-code": "B5", "point-0-words": "The same as in forty others.", "reasons": "Not specific."}
    assert send(erin, address(handle, "return"), **full).status_code == 302
    assert desk.state(handle) == "deficient"
    page = erin.get(address(handle)).content.decode()
    assert "The same as in forty others." in page


def test_counsel_determines_what_was_referred(desk: Desk) -> None:
    first, second = desk.one(REFERABLE), desk.one(REFERABLE)
    cora = desk.client("cora", COUNSEL)
    for handle, way, state in ((first, "resolve", "sufficient"), (second, "reject", "deficient")):
        cora.post(address(handle, "take"))
        empty = send(cora, address(handle, "determine"), way=way)
        assert empty.status_code == 422
        words = {"point-0-words": "The provision is a criminal one.", "way": way}
        assert send(cora, address(handle, "determine"), **words).status_code == 302
        assert desk.state(handle) == state
    assert "resolved by counsel" in cora.get(address(first)).content.decode()


def test_a_dissent_must_have_been_read_and_answered(desk: Desk) -> None:
    handle = endorsed(desk)
    sam, ada = desk.client("sam", Role.SAFEGUARDS_OFFICER), desk.client("ada", APPROVER)
    ada.post(address(handle, "take"))
    stale = filled(ada, address(handle, "decide"))
    assert objects(sam, handle, "The recipient has open findings.").status_code == 302
    late = ada.post(
        address(handle, "decide"),
        {**stale, "typed": str(handle), "decision": "approve", "reasons": "Written before."},
    )
    assert late.status_code == 409
    assert "that your page did not show" in late.content.decode()
    assert "Written before." in late.content.decode()
    page = ada.get(address(handle, "decide")).content.decode()
    assert "There is a dissent" in page
    assert "The recipient has open findings." in page
    silent = send(ada, address(handle, "decide"), typed=str(handle), decision="approve")
    assert silent.status_code == 422
    read = send(
        ada, address(handle, "decide"), typed=str(handle), decision="approve", reasons="The plan mends it."
    )
    assert read.status_code == 302
    assert desk.state(handle) == "released"


def objects(client: Client, handle: Handle, words: str) -> Any:
    """Write a dissent, read it once more, and sign it."""
    page = send(client, address(handle, "dissent"), reasons=words)
    assert page.status_code == 200
    assert "This is what you sign" in page.content.decode()
    return client.post(address(handle, "dissent"), {"reasons": words, "way": "gate"})


def test_a_dissent_is_signed_on_a_fresh_proof_and_its_signature_is_a_file(desk: Desk) -> None:
    handle = desk.one()
    words = {"reasons": "Nobody asked\r\nthe field office.", "way": "gate"}
    slow = desk.client("sam", Role.SAFEGUARDS_OFFICER, proved=400)
    late = slow.post(address(handle, "dissent"), words)
    assert late.status_code == 403
    assert "the field office." in late.content.decode()
    sam = desk.client("sam", Role.SAFEGUARDS_OFFICER)
    forged = sam.post(address(handle, "dissent"), {**words, "credential": '{"id": "AAAA"}'})
    assert forged.status_code == 422
    assert "Your passkey did not sign this text" in forged.content.decode()
    assert "Add a passkey" in sam.post(address(handle, "dissent"), {"reasons": "x"}).content.decode()
    assert sam.post(address(handle, "dissent"), words).status_code == 302
    ina = desk.client("ina", Role.INSPECTOR)
    assert send(ina, f"/inspect/requests/{handle}/open/", purpose=PURPOSE).status_code == 302
    page = ina.get(address(handle)).content.decode()
    assert "Signed by the gate on the officer" in page
    number = desk.page(INA, handle).dissents[0].number
    file = json.loads(ina.get(address(handle, f"dissents/{number}")).content)
    terms = Terms(desk.gate.key.vkey, handle, "sam", Role.SAFEGUARDS_OFFICER, digest(file["statement"]))
    assert file["terms"] == terms.text()
    kept = desk.page(INA, handle).dissents[0].signature
    assert json.loads(kept or "") == file["signature"]
    assert signer(terms, kept, {digest(kept)}) == "gate"
    assert ina.get(address(handle, f"dissents/{number + 1}")).status_code == 404


def test_counsel_resumes_what_an_order_held(desk: Desk) -> None:
    handle = desk.one()
    erin, cora = desk.client("erin", EXAMINER), desk.client("cora", COUNSEL)
    erin.post(address(handle, "take"))
    with suspended(desk):
        send(erin, address(handle, "endorse"))
        assert desk.state(handle) == "held"
        assert "still suspended" in cora.get(address(handle)).content.decode()
        assert cora.get(address(handle, "resume")).status_code == 403
    assert "Resume it" in cora.get(address(handle)).content.decode()
    assert send(cora, address(handle, "resume"), reasons=" ").status_code == 422
    old = filled(cora, address(handle, "resume"))
    with suspended(desk):
        again = cora.post(address(handle, "resume"), {**old, "reasons": "It was lifted."})
        assert again.status_code in (403, 409)
    told = send(cora, address(handle, "resume"), reasons="The order was lifted.")
    assert told.status_code == 302
    assert desk.state(handle) == "sufficient"
    assert "The order was lifted." in erin.get(address(handle)).content.decode()


@contextmanager
def suspended(desk: Desk) -> Iterator[None]:
    """A court's order, and its end."""
    order = {"court": "D.D.C.", "docket": "1:26-cv-9", "actor": "ina"}
    for change in (suspension.suspend, suspension.lift):
        with desk.gate.acting(Service.OVERSEE) as connection:
            change(connection, "DHS", **order, at=desk.clock.now())
        if change is suspension.suspend:
            yield


def test_a_dissent_after_the_approval_withholds_the_release_until_it_is_answered(desk: Desk) -> None:
    from wicketgate.flow.work.decide import approve

    handle = endorsed(desk)
    ada, sam = desk.client("ada", APPROVER), desk.client("sam", Role.SAFEGUARDS_OFFICER)
    ada.post(address(handle, "take"))
    actor = desk.account("ada", "approver").actor
    assert actor is not None
    approve(desk.gate, actor, handle, desk.page(actor, handle).version, desk.proof(handle))
    objects(sam, handle, "Too late?")
    assert desk.state(handle) == "approved"
    number = str(desk.page(actor, handle).dissents[0].number)
    assert send(ada, address(handle, "answer-dissent"), number=number, reasons="No.").status_code == 302
    assert desk.state(handle) == "released"


def test_two_people_at_once_and_the_second_is_told_what_happened(desk: Desk) -> None:
    handle = endorsed(desk)
    ada, abel = desk.client("ada", APPROVER), desk.client("abel", APPROVER)
    ada.post(address(handle, "take"))
    lost = abel.post(address(handle, "take"))
    assert lost.status_code == 409
    assert "Somebody else was first" in lost.content.decode()
    old = filled(ada, address(handle, "decide"))
    send(ada, address(handle, "decide"), typed=str(handle), decision="refuse", reasons="No.")
    # The same page in another window: the request is decided, so the page itself is closed.
    again = ada.post(address(handle, "decide"), {**old, "typed": str(handle), "decision": "approve"})
    assert again.status_code in (403, 409)
    assert desk.kinds(handle).count("decision") == 1


def test_claims_are_given_back_and_conflicts_are_for_good(desk: Desk) -> None:
    handle = desk.one()
    erin = desk.client("erin", EXAMINER)
    erin.post(address(handle, "take"))
    assert send(erin, address(handle, "give-back"), reasons=" ").status_code == 422
    assert send(erin, address(handle, "give-back"), reasons="My shift ends.").headers["Location"] == "/queue/"
    assert send(erin, address(handle, "conflict"), reasons="She is my neighbour.").status_code == 302
    page = erin.get(address(handle)).content.decode()
    assert "You declared a conflict of interest" in page
    assert "take the request" not in page


def test_the_queue_is_narrowed_by_its_address(desk: Desk) -> None:
    handle = desk.one()
    erin = desk.client("erin", EXAMINER)
    narrowed = erin.get("/queue/?agency=DOJ").content.decode()
    assert "hidden by filters" in narrowed
    assert "No request matches these filters." in narrowed
    erin.post(address(handle, "take"))
    mine = erin.get("/queue/?claimed=me&sort=age").content.decode()
    assert str(handle) in mine
    for wrong in ("clock=never", "submission=x", "sort=drop", "after=x"):
        answer = erin.get(f"/queue/?{wrong}")
        assert answer.status_code in (400, 409), wrong
        assert "Traceback" not in answer.content.decode()
    assert erin.get("/queue/?agency=%00").status_code == 400


def test_a_narrowed_queue_is_kept_under_a_name(desk: Desk) -> None:
    erin, elias = desk.client("erin", EXAMINER), desk.client("elias", EXAMINER)
    assert "Keep this view as" not in erin.get("/queue/").content.decode()
    assert "Keep this view as" in erin.get("/queue/?agency=DHS&sort=age").content.decode()
    kept = {"query": "agency=DHS&sort=age", "name": "Old ones of DHS"}
    assert erin.post("/queue/views/", kept).headers["Location"] == "/queue/?agency=DHS&sort=age"
    page = erin.get("/queue/").content.decode()
    assert '<a class="usa-link" href="?agency=DHS&amp;sort=age">Old ones of DHS</a>' in page
    assert "Old ones" not in elias.get("/queue/").content.decode()
    again = erin.post("/queue/views/", kept | {"query": "clock=late"}, follow=True).content.decode()
    assert again.count("Old ones of DHS") == 1
    for wrong in (
        {"name": " "},
        {"query": "next=https://evil.example"},
        {"query": "clock=never"},
        {"query": ""},
    ):
        told = erin.post("/queue/views/", kept | wrong, follow=True)
        assert "othing was kept" in told.content.decode(), wrong
    number = desk.account("erin", "examiner").views.get().pk
    elias.post(f"/queue/views/{number}/remove/")
    assert "Old ones" in erin.get("/queue/").content.decode()
    erin.post(f"/queue/views/{number}/remove/")
    assert "Old ones" not in erin.get("/queue/").content.decode()


def test_the_export_holds_what_the_page_holds_and_no_formula(desk: Desk) -> None:
    from wicketgate.web.csv_answer import csv_answer

    handle = desk.receive(VALID | {"requesting_agency": "=CMD()"}, VALID)[1]
    erin = desk.client("erin", EXAMINER)
    answer = erin.get("/queue/export.csv?agency=DHS")
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert str(handle) in {line["request"] for line in lines}
    assert {line["agency"] for line in lines} == {"DHS"}
    cells = ["=1", "+1", "-1", "@x", "\tx", "\nx", "DHS"]
    _, written = csv.reader(io.StringIO(csv_answer("t.csv", ["a"], [cells]).getvalue().decode(), newline=""))
    assert written == [*(f"'{cell}" for cell in cells[:-1]), "DHS"]


def test_a_receipt_proves_an_entry_and_opens_what_the_reader_may_read(desk: Desk) -> None:
    handle = endorsed(desk)
    for name, role, opens in (("erin", EXAMINER, True), ("ada", APPROVER, False)):
        client = desk.client(name, role)
        actor = desk.account(name, str(role)).actor
        assert actor is not None
        for step in desk.page(actor, handle).timeline:
            answer = client.get(address(handle, f"receipts/{step.index}"))
            with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                texts = {each: packed.read(each).decode() for each in packed.namelist()}
            receipt = Receipt.parse(texts.pop(f"{step.index}.tlog-proof"))
            openings = [Opening.from_text(text) for text in texts.values()]
            assert bool(openings) is (opens and step.kind != "verification.answered")
            for opening in openings:
                assert verify_opening(opening.leaf, opening)
                receipt.verify(opening.leaf, VerifierKey.parse(desk.gate.key.vkey))
            assert opens or "Secret of the examiner" not in str(texts)
    assert desk.client("erin", EXAMINER).get(address(handle, "receipts/999999")).status_code == 404


def test_next_leads_to_a_request_that_nobody_has_taken(desk: Desk) -> None:
    desk.one()
    erin = desk.client("erin", EXAMINER)
    where = erin.get("/queue/next/").headers["Location"]
    assert where.startswith("/requests/WG-")
    erin.post(where + "take/")
    assert erin.get("/queue/next/").headers["Location"] != where


PURPOSE = "The agency says that it never asked for this person."


def test_the_inspector_reads_by_handle_and_opens_for_a_purpose(desk: Desk) -> None:
    handle = desk.one(VALID | {"engaged_officers": "Ida Impossible|1|DHS"})
    ina = desk.client("ina", Role.INSPECTOR)
    place = f"/inspect/requests/{handle}/"
    assert ina.get(address(handle)).headers["Location"] == place
    assert ina.get(f"/inspect/?handle={str(handle).lower()}").headers["Location"] == place
    assert ina.get("/inspect/?handle=nonsense").status_code == 422
    shown = ina.get(place).content.decode()
    assert "DHS" in shown
    for word in ("Quintero", "Juniper", "Impossible", "900-70-0001"):
        assert word not in shown
    assert ina.get(place + "evidence.zip").status_code == 409
    assert send(ina, place + "open/", purpose="look").status_code == 422
    assert (
        "Nothing was disclosed"
        in send(ina, place + "open/", purpose=PURPOSE, disclosed="on").content.decode()
    )
    assert send(ina, place + "open/", purpose=PURPOSE).headers["Location"] == address(handle)
    assert "Quintero Salas" in ina.get(address(handle)).content.decode()
    assert ina.get(place + "evidence.zip").content.startswith(b"PK")
    assert ina.get(place + "disclosed/").headers["Location"] == place + "open/"

    page = ina.get("/inspect/shapes/opened/").content.decode()
    assert PURPOSE in page
    assert "<svg" in page
    assert handle.text in ina.get("/inspect/shapes/officers/?least=1&agency=DHS").content.decode()
    listed = ina.get("/inspect/shapes/officers/export.csv?least=1").getvalue().decode()
    assert handle.text in listed
    assert "Impossible" not in listed
    assert ina.get("/inspect/shapes/nonsense/").status_code == 404
    assert ina.get("/inspect/shapes/officers/?days=x&least=99999999&group=nonsense").status_code == 200
    assert desk.client("erin", Role.EXAMINER).get("/inspect/").status_code == 403


def test_an_account_is_taken_down_by_one_and_decided_by_another(desk: Desk) -> None:
    handle = desk.one()
    sam = desk.client("sam", Role.SAFEGUARDS_OFFICER)
    words = {"identified_by": "Passport at the counter.", "reasons": "What was sent about them?"}
    assert send(sam, "/accounts/ask/", handle="nonsense", **words).status_code == 422
    assert send(sam, "/accounts/ask/", handle=str(handle), **words).headers["Location"] == "/accounts/"
    page = sam.get("/accounts/").content.decode()
    assert handle.text in page
    assert "waits for another person" in page
    cora = desk.client("cora", Role.COUNSEL)
    row = cora.get("/accounts/").content.decode().split(f">{handle}<")[1].split("</tr>")[0]
    (place,) = re.findall(r"/accounts/[0-9]+/decide/", row)
    assert sam.get(place).status_code == 403
    sent = {"decision": "release", "language": "es", "words": "Nothing speaks against it."}
    assert send(cora, place, **sent).headers["Location"] == "/accounts/"
    letter = cora.get(place.replace("decide/", "letter.pdf"))
    assert letter.content.startswith(b"%PDF")
    assert cora.get("/accounts/999/letter.pdf").status_code == 404


def test_what_if_shows_the_difference_and_changes_nothing(desk: Desk) -> None:
    handle = desk.one()
    cora = desk.client("cora", Role.COUNSEL)
    page = cora.get("/inspect/what-if/?reading=S1_address_only_output%3Dforbidden").content.decode()
    assert handle.text in page
    assert page.count("<svg") == 3
    assert desk.state(handle) == "sufficient"
    for wrong in ("S2_request_address_standard%3Dnon_blank", "S4_officer_caseload%3D", ""):
        assert cora.get(f"/inspect/what-if/?reading={wrong}").status_code == 422
    number = "/inspect/what-if/?reading=S4_officer_caseload%3D&number="
    assert b"What would change" in cora.get(number + "1").content
    assert b"must be an integer from 1 to" in cora.get(number + "100000").content
    assert cora.get(number + "x", headers={"HX-Request": "true"}).status_code == 200, "put in by script"


def test_the_reports_are_files_for_inspectors(desk: Desk) -> None:
    ina, year = desk.client("ina", Role.INSPECTOR), desk.clock.now().year
    desk.one()
    assert str(year) in ina.get("/inspect/reports/").content.decode()
    assert b"DHS,requests" in ina.get(f"/inspect/reports/{year}/confidential.csv").content
    assert ina.get(f"/inspect/reports/{year}/safeguards.pdf").content.startswith(b"%PDF")
    for path in (f"{year}/public.csv", f"{year}/nonsense.csv", f"{year}/confidential.exe"):
        assert ina.get(f"/inspect/reports/{path}").status_code == 404
    assert desk.site.anybody().get(f"/public/reports/{year}.csv").status_code == 404


def test_the_inspector_plants_and_reads_the_evidence(desk: Desk) -> None:
    pattern = desk.one()
    ina = desk.client("ina", Role.INSPECTOR)
    unopened = ina.get(f"/judgement/plant/?like={pattern}")
    assert (unopened.status_code, b"State first for what you open" in unopened.content) == (422, True)
    assert send(ina, f"/inspect/requests/{pattern}/open/", purpose=PURPOSE).status_code == 302
    shown = ina.get(f"/judgement/plant/?like={pattern}")
    assert "Quintero Salas" in shown.content.decode()
    sent = filled(ina, f"/judgement/plant/?like={pattern}") | {
        "submission": "requests.csv",
        "why": "Somebody else's order.",
    }
    wrong = ina.post("/judgement/plant/", sent | {"statute": "8 U.S.C. 1231"})
    assert wrong.status_code == 422
    assert "tests nobody" in wrong.content.decode()
    assert ina.post("/judgement/plant/", sent).headers["Location"] == "/judgement/"
    page = ina.get("/judgement/").content.decode()
    assert "Somebody else&#x27;s order." in page
    assert "<svg" in page
    assert ina.get("/judgement/plant/?like=nonsense").status_code == 422
    capacity = ina.get("/capacity/").content.decode()
    assert "Officer-days" in capacity
    assert "<svg" in capacity


def test_a_clerk_withdraws_a_request_of_the_agency_and_no_other(desk: Desk) -> None:
    mine, other = desk.one(), desk.one(VALID | {"requesting_agency": "DOJ"})
    late = endorsed(desk)
    cleo = desk.client("cleo", Role.CLERK)
    assert cleo.get(address(mine)).status_code == 403
    for number, words in (
        (other, "has no request"),
        (late, "no longer be withdrawn"),
        ("WG-1", "not the number"),
    ):
        answer = send(cleo, "/withdraw/", handle=str(number), reasons="She has been found.")
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "She has been found." in answer.content.decode()
    assert send(cleo, "/withdraw/", handle=str(mine).lower(), reasons="Found.").status_code == 302
    assert desk.state(mine) == "withdrawn"


def test_every_column_of_a_request_is_on_the_page_once() -> None:
    from wicketgate.core.request import COLUMNS
    from wicketgate.core.states import State
    from wicketgate.flow.work.possible import Possible
    from wicketgate.web.offers import DOORS
    from wicketgate.web.words import ENTRIES, FIELDS, STATES

    shown = [column for _group, columns in FIELDS for column, _label in columns]
    assert sorted(shown) == sorted(COLUMNS)
    assert set(STATES) == set(State)
    told = {kind for kind, _act in ENTRIES} | {
        "submission.received",
        "official.key",
        "order.act",
        "recall.act",
        "safeguards.act",
        "incident.act",
        *("safeguards.document", "safeguards.reply"),
        "hold",
        "disposition",
    }  # about no request
    assert told >= set(PRIVATE[CURRENT])
    assert Possible("claim").act in DOORS
