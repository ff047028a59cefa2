"""What a lawful gate does on each day on which something happened in 2025 and 2026.

The days and numbers are those of court papers and press accounts; people, registers and requests are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import VALID, rows_of, without, write_submission
from tests.workplace.office import ADA, CORA, INA, Office
from tests.workplace.signing import OFFICER, Signer, fetched
from wicketgate.core.actor import Actor
from wicketgate.core.context import Context
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.closures import closures
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.outbox import open_all
from wicketgate.flow.pick_up import Collector, pick_up
from wicketgate.flow.recall import certify_destruction, recall
from wicketgate.flow.review_file import review_file
from wicketgate.flow.simulate import simulate
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import SuspendedError
from wicketgate.law import compile_authority, load
from wicketgate.store import log
from wicketgate.store.services import Service
from wicketgate.synthetic import make_register, make_submission
from wicketgate.synthetic.procedure_2025 import procedure_2025

LAW, CONTEXT = law_and_context()
COREY = Actor("corey", Role.COUNSEL)
DOJ = VALID | {
    "requesting_agency": "DOJ",
    "signatory_capacity": "attorney_general",
    "statute": "18 U.S.C. 1343",
    "engaged_officers": "Dee Fraud|77|DOJ",
}
OLD_ORDER = {"removal_order_final_on": "2024-01-25", "signed_on": "2025-02-10"}
"""A complete request could have been made in February 2025 as well."""


@pytest.fixture
def office(database: object, tmp_path: Path) -> Iterator[Office]:
    opened = Office(database, tmp_path)  # type: ignore[arg-type]
    yield opened
    opened.gate.close()


def on(office: Office, day: date, hour: int = 9) -> None:
    """The gate on a day: its clock, and the day of its reviews."""
    office.clock.at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    office.gate.context = replace(office.gate.context, as_of=day)


def codes(office: Office, handle: Handle) -> set[str]:
    """The elements that a request did not show."""
    found = office.value("SELECT findings FROM gate.request WHERE handle = %s", handle.text)
    assert isinstance(found, list)
    return set(found)


def asked_of_the_register(office: Office) -> int:
    (number,) = office.row("SELECT count(*) FROM register.ticket")
    return int(number)


def test_february_2025_a_call_for_banks_and_employers_is_refused_and_stays_on_record(office: Office) -> None:
    """Mid-February: 700,000 people by telephone, with bank names and employers. 21 February: is it legal?"""
    on(office, date(2025, 2, 14))
    lawful = without(**OLD_ORDER)
    call = lawful | {"form": "oral", "items_requested": "last_known_address;bank_name;employer"}
    refused = office.receive(*[call] * 3)
    for handle in refused:
        assert office.state(handle) == "deficient"
        assert {"A5", "A8"} <= codes(office, handle)
        assert office.kinds(handle) == ["request.received", "request.determined"]
    on(office, date(2025, 2, 21))
    assert office.state(office.one(lawful)) == "sufficient", "whoever asks lawfully is not stalled"
    assert asked_of_the_register(office) == 0


def test_june_2025_seven_million_under_one_letter_are_so_many_requests_each_alone(office: Office) -> None:
    """June: 7.3 million; counsel finds deficiencies. Each row is judged, and none borrows a word."""
    on(office, date(2025, 6, 25))
    cover = without("reasons", "taxable_periods", "statute", "signatory_name", **OLD_ORDER)
    rows = [cover | {"reasons": "See the cover letter."}, cover, without(**OLD_ORDER)]
    first, second, third = office.receive(*rows)
    assert office.state(first) == office.state(second) == "deficient"
    assert {"B3", "B4"} <= codes(office, first)
    assert {"B3", "B4", "B5"} <= codes(office, second)
    assert office.state(third) == "sufficient", "a complete row stands, whatever stands beside it"


def test_august_2025_of_the_narrowed_file_nothing_is_disclosed(tmp_path: Path) -> None:
    """5 to 7 August: 1.28 million rows in shape, 600 here; 47,289 of them were answered then."""
    day = date(2025, 8, 7)
    make_register(tmp_path / "register", persons=3_000, seed=1)
    file = tmp_path / "august.csv"
    make_submission(file, rows=600, kind="august-2025", seed=1, register=tmp_path / "register")
    context = replace(CONTEXT, as_of=day)
    found = simulate(file, tmp_path / "register", tmp_path / "out", LAW, context)
    assert found.outcomes["disclosed"] == 0
    assert found.outcomes["not_verified"] == 0, "the register is asked about none of them"
    assert found.outcomes["deficient"] == 600
    assert rows_of(tmp_path / "out" / "disclosed.csv") == []
    then = procedure_2025(file, tmp_path / "register")
    assert then.disclosed > 0
    assert then.unlawful == then.disclosed
    assert then.by_number / then.disclosed > 0.8, "nine in ten went by number alone"


def test_august_2025_one_official_cannot_be_engaged_in_all_of_them(tmp_path: Path) -> None:
    """One assistant director was presented as personally and directly engaged in a million matters."""
    context = replace(CONTEXT, as_of=date(2025, 8, 5))

    def determined(number: int, **changed: str) -> list[dict[str, str]]:
        row = without(engaged_officers="Ann Assistant|1|DHS", **OLD_ORDER, **changed)
        rows = [
            row
            | {
                "request_id": f"R{n}",
                "matter_number": f"DHS-2025-{n:05}",
                "taxpayer_last_name": f"Quintero {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 26]}abon",
                "reasons": f"{VALID['reasons']} Sighting {n}.",
            }
            for n in range(number)
        ]
        review_file(write_submission(tmp_path / "s.csv", rows), tmp_path / "out", LAW, context)
        return rows_of(tmp_path / "out" / "determinations.csv")

    assert all("B7" in row["findings"].split(";") for row in determined(26)), "a person must look at each"
    assert not any("B7" in row["findings"].split(";") for row in determined(3))
    signed = determined(1, signatory_capacity="other", signatory_name="Ann Assistant")
    assert (signed[0]["determination"], "A2" in signed[0]["findings"]) == ("deficient", True)


STAY = NewOrder("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21), document=b"%PDF the stay")


def released_on_the_eve(office: Office) -> tuple[Handle, Handle]:
    """20 November 2025: one request is approved, of another a package waits for its officer."""
    on(office, date(2025, 11, 20))
    row = without(removal_order_final_on="2025-01-25", signed_on="2025-11-10")
    approved, waiting = office.endorsed(row=row), office.one(row)
    office.endorse_and_approve(waiting)
    office.approve(ADA, approved)
    open_all(office.gate)
    return approved, waiting


def test_november_2025_the_stay_stops_what_is_under_way_and_loses_nothing(office: Office) -> None:
    """21 November: the policy is stayed. What was approved is held, what waits is not handed out."""
    approved, waiting = released_on_the_eve(office)
    on(office, date(2025, 11, 21))
    number = record_order(office.gate, CORA, STAY)
    onward(office.gate, approved)
    assert office.state(approved) == "held"
    assert fetched(office, waiting) is None
    new = office.one(without(signed_on="2025-11-20"))
    assert office.state(new) in ("sufficient", "held"), "requests are kept"
    assert [(c.scope, c.docket) for c in closures(office.gate)] == [("*", "1:25-cv-00457")]

    on(office, date(2025, 12, 20))
    assert fetched(office, waiting) is None
    assert office.page(CORA, approved).clock == "stopped"
    on(office, date(2026, 2, 24))  # another panel affirms in another case: that lifts no order of this court
    assert len(closures(office.gate)) == 1
    propose_lifting(office.gate, CORA, number, b"%PDF vacated")
    assert len(closures(office.gate)) == 1
    confirm_lifting(office.gate, COREY, number)
    assert closures(office.gate) == ()
    assert office.state(approved) == "held", "until counsel resumes it, and then it begins again"


def test_february_2026_an_order_against_the_recipient_alone_stops_the_custodian_too(office: Office) -> None:
    """5 February: DHS may not inspect, use or copy the data. Nothing more is sent there; others go on."""
    on(office, date(2026, 2, 4))
    AgencySide(office.folder).register(office.gate, ["Dee Fraud|77|DOJ"])
    row = without(signed_on="2026-02-01")
    theirs, justice = office.one(row), office.one(DOJ | {"signed_on": "2026-02-01"})
    for handle in (theirs, justice):
        office.endorse_and_approve(handle)
    undecided = office.endorsed(row=row)
    open_all(office.gate)
    on(office, date(2026, 2, 5))
    order = NewOrder(
        "D. Mass.", "1:25-cv-12822", "recipient", date(2026, 2, 5), agency="DHS", document=b"%PDF injunction"
    )
    record_order(office.gate, INA, order)
    with pytest.raises(SuspendedError):
        office.approve(ADA, undecided)
    assert fetched(office, theirs) is None
    side = AgencySide(office.folder)
    collector = Collector("Dee Fraud|77|DOJ", side.key_id("Dee Fraud|77|DOJ"))
    assert pick_up(office.gate, {justice: collector}).keys() == {justice}
    on(office, date(2026, 2, 10))
    assert fetched(office, theirs) is None
    assert office.state(theirs) == "released", "kept, not destroyed: the court may still decide"


REPORTED = (
    "Failed to Provide 97301",
    "Unknown Address 97301",
    "NA NA",
    "97301",
    "Don't Care 12345",
    "County Jail",
    "Juniper Street",
    "",
)
"""What stood in the field that had to hold an address (11 February and 26 February 2026)."""


def test_february_2026_what_was_admitted_then_is_no_request_here_and_a_number_cures_nothing(
    office: Office,
) -> None:
    """23 January: an error is told. 11 February: 47,289 matches, nearly 5 % on insufficient addresses."""
    on(office, date(2026, 1, 23))
    rows = [without(address_line1=text, signed_on="2026-01-20") for text in REPORTED]
    assert all(row["taxpayer_tin"] for row in rows), "each with the right number"
    for handle in office.receive(*rows):
        assert office.state(handle) == "deficient"
        assert any(code.startswith("B2") for code in codes(office, handle))
    assert asked_of_the_register(office) == 0

    on(office, date(2026, 2, 11))  # what did go out, and should not have, is asked back and certified
    sent = office.one(without(signed_on="2026-02-01"))
    office.endorse_and_approve(sent)
    open_all(office.gate)
    assert fetched(office, sent) is not None
    assert (
        recall(office.gate, CORA, sent, "Its address is insufficient on a second look.") == "recall_noticed"
    )
    holder = Signer(OFFICER).registered(office)
    certify_destruction(office.gate, holder.certifies(sent, copies=2, on=date(2026, 2, 11)))
    assert office.state(sent) == "recalled"
    assert office.kinds(sent)[-2:] == ["disclosure.recalled", "destruction.certified"]


def test_february_2026_two_courts_disagree_and_every_determination_says_which_reading_it_took(
    office: Office,
) -> None:
    """24 February: addresses alone may go. 26 February: 42,695 violations, an address must be a real one."""
    on(office, date(2026, 2, 24))
    row = without(signed_on="2026-02-20")
    allowed = office.one(row)
    assert office.state(allowed) == "sufficient"

    def under(**switches: str) -> None:
        context: Context = replace(office.gate.context, switches={**CONTEXT.switches, **switches})
        authority = load(LAW.authority.name, on=context.as_of, switches=context.switches)
        office.gate.context, office.gate.law = context, compile_authority(authority)

    under(S1_address_only_output="forbidden")  # the reading of before, which a custodian may return to
    forbidden = office.one(row)
    assert office.state(forbidden) == "deficient"
    on(office, date(2026, 2, 26))
    under()
    junk = office.one(row | {"address_line1": "Failed to Provide"})
    assert office.state(junk) == "deficient", "no reading that is offered accepts it"
    with pytest.raises(Exception, match="S2_request_address_standard"):
        under(S2_request_address_standard="non_blank")  # held unlawful: it cannot be chosen

    with office.gate.acting(Service.AUDIT) as connection:
        entries = log.about(connection, [allowed, forbidden, junk], ["request.determined"])
    told = {
        handle: (found[-1].body["switches_digest"], found[-1].body["authority_digest"])
        for handle, found in entries.items()
    }
    assert told[allowed] == told[junk] != told[forbidden]
    stay = record_order(office.gate, CORA, replace(STAY, begins=date(2026, 2, 26)))
    massachusetts = record_order(
        office.gate,
        INA,
        NewOrder("D. Mass.", "1:25-cv-12822", "recipient", date(2026, 2, 5), agency="DHS", document=b"x"),
    )
    for number, left in ((stay, 1), (massachusetts, 0)):
        propose_lifting(office.gate, CORA, number, b"%PDF lifted")
        confirm_lifting(office.gate, COREY, number)
        assert len(closures(office.gate)) == left, "the stricter holds until it is lifted itself"
