"""The demonstration's history: some weeks of an office, played through the acts of real officers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from wicketgate.cli.demo_agency import Calendar, play_agency
from wicketgate.cli.demo_books import begin_incident, cosign, end_retention
from wicketgate.cli.demo_people import ABEL, ADA, CLEO, CORA, ELIAS, ERIN, INA, SAM
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow.account import ask_account
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.determine import determine
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.inspect.opening import open_request
from wicketgate.flow.orders import NewOrder, confirm_lifting, propose_lifting, record_order
from wicketgate.flow.outbox import open_due
from wicketgate.flow.progress import Progress
from wicketgate.flow.receive_file import receive_file
from wicketgate.flow.review_file import reviewed
from wicketgate.flow.statistics import publish_due
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.case import CaseView, case
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import Confirmation, approve, refuse
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.determine_referral import reject_referral, resolve_referral
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.examine import refer, return_with_findings
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.plant import plant
from wicketgate.flow.work.queue import Filters, export
from wicketgate.flow.work.refusals import WorkRefusedError
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.synthetic import make_submission
from wicketgate.synthetic.submission import Kind

SEED = 20250807


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission of the history: how it looks, when it came, and how much of it is worked on."""

    name: str
    kind: Kind
    rows: int
    days_ago: float
    examined: float
    decided: float


SUBMISSIONS = (
    Sent("last-year", "august-2025", 40, 405, 0.0, 0.0),
    Sent("last-autumn", "mixed", 24, 400, 1.0, 1.0),
    Sent("2019-matters", "mixed", 130, 41, 0.85, 0.8),
    Sent("district-offices", "lawful", 110, 17, 0.7, 0.6),
    Sent("august", "august-2025", 120, 9, 0.0, 0.0),
    Sent("monday", "mixed", 120, 1.2, 0.15, 0.2),
)


_LONG_AGO, _UNDER_ORDER = "last-autumn", "district-offices"


class History:
    """Plays the weeks before today."""

    def __init__(self, gate: Gate, kin: Kin, folder: Path, progress: Progress) -> None:
        self._now = datetime.now(UTC)
        self._clock = Calendar(self._now - timedelta(days=407))
        gate.clock = self._clock
        self._gate, self._kin, self._folder, self._progress = gate, kin, folder, progress
        self._agency = AgencySide(folder)
        self._left: set[Handle] = set()
        self._done = 0

    def play(self) -> None:
        """All submissions, each worked on before the next one comes."""
        for sent in SUBMISSIONS:
            if sent is SUBMISSIONS[-1]:
                play_agency(self._gate, self._kin, self._folder, self._clock, self._agency)
                self._step()
            self._clock.reach(self._now - timedelta(days=sent.days_ago))
            self._gate.context = replace(self._gate.context, as_of=self._clock.now().date())
            self._receive(sent)
            self._day(sent)
            if sent.name == _LONG_AGO:
                self._finish()
            if sent.name == _UNDER_ORDER:
                self._court()
        self._plant()
        self._ask_for_an_account()
        self._begin()
        begin_incident(self._gate, self._clock.now())
        open_due(self._gate)
        publish_due(self._gate)
        self._gate.context = replace(self._gate.context, as_of=self._clock.now().date())
        end_retention(self._gate)
        cosign(self._gate, self._folder / "witness")

    def _receive(self, sent: Sent) -> None:
        path = self._folder / f"{sent.name}.csv"
        make_submission(
            path,
            rows=sent.rows,
            kind=sent.kind,
            seed=SEED + sent.rows,
            register=self._folder / "register",
            as_of=self._gate.context.as_of,
        )
        with reviewed(path, self._gate.law, self._gate.context) as review:
            received = receive_file(self._gate, path, review, TryBudget.beside(self._kin.key), self._kin)
        self._done += determine(self._gate, Rows(received.submission, 1, sent.rows))

    def _day(self, sent: Sent) -> None:
        """What examiners, counsel and approvers do with what lies there."""
        for number, handle in self._worked("sufficient", sent.examined):
            self._try(partial(self._examine, handle, ERIN.actor if number % 2 else ELIAS.actor, number))
        for number, handle in self._worked("referred", sent.examined):
            self._try(partial(self._determine, handle, CORA.actor, number))
        self._withdraw()
        for number, handle in self._worked("verified", sent.decided):
            self._try(partial(self._decide, handle, ADA.actor if number % 2 else ABEL.actor, number))
        self._object()

    def _worked(self, state: str, share: float) -> list[tuple[int, Handle]]:
        """What is worked on of that which lies there, numbered: some of it is left lying, and gets late."""
        lying = [handle for handle in self._handles(INA.actor, state) if handle not in self._left]
        worked = list(enumerate(lying[: int(len(lying) * share)]))
        self._left.update(handle for number, handle in worked if number % 7 == 2)
        return [(number, handle) for number, handle in worked if number % 7 != 2]

    def _examine(self, handle: Handle, actor: Actor, number: int) -> None:
        if number % 23 == 11:
            declare(self._gate, actor, handle, conflict=True, reasons="The signatory is a relative of mine.")
            return
        page = self._taken(handle, actor, minutes=7 + number % 9)
        if number % 9 == 5:
            code = page.elements[number % len(page.elements)].code
            words = "The reasons speak of another person's act; this person's own part is not stated."
            return_with_findings(self._gate, actor, handle, page.version, [(code, words)], words)
        elif number % 11 == 4:
            code = page.elements[number % len(page.elements)].code
            question = "Is the matter still open? The docket that is named was closed last year."
            refer(self._gate, actor, handle, page.version, [(code, question)], question)
        else:
            endorse(self._gate, actor, handle, page.version, dissents=len(page.dissents))
        onward(self._gate, handle)

    def _determine(self, handle: Handle, actor: Actor, number: int) -> None:
        page = self._taken(handle, actor, minutes=15 + number % 7)
        asked = [each.code for each in page.elements if each.standing == "refer"]
        asked += [each.code for each in page.elements if each.spoken and each.code not in asked]
        if number % 3 == 0:
            words = "The facts that were sent later do not show it."
            reject_referral(self._gate, actor, handle, page.version, [(code, words) for code in asked[:1]])
        else:
            words = "Shown by the order that the agency attached; I read it."
            found = [(code, words) for code in asked]
            resolve_referral(self._gate, actor, handle, page.version, found, dissents=len(page.dissents))
        onward(self._gate, handle)

    def _decide(self, handle: Handle, actor: Actor, number: int) -> None:
        page = self._taken(handle, actor, minutes=6 + number % 5)
        proof = Confirmation(handle.text, self._clock.now())
        if number % 7 == 3:
            words = "The period and the act that is described lie eight years apart."
            refuse(self._gate, actor, handle, page.version, proof, words)
            return
        officers = page.fields.get("engaged_officers", "").split(";")
        self._agency.register(self._gate, officers[:1])
        reasons = "I read the objection; the order it misses is on file." if page.dissents else None
        approve(self._gate, actor, handle, page.version, proof, reasons, dissents=len(page.dissents))
        onward(self._gate, handle)

    def _withdraw(self) -> None:
        for handle in self._handles(INA.actor, "sufficient")[:40:20]:
            self._try(partial(withdraw, self._gate, CLEO.actor, handle, "The matter was closed."))

    def _object(self) -> None:
        """Two officers object to what waits for a decision."""
        words = (
            "The engaged officer works at another office than the one that signed. Ask before this goes on."
        )
        waiting = self._handles(INA.actor, "verified")[-2:]
        for handle, actor in zip(waiting, (SAM.actor, ERIN.actor), strict=False):
            self._try(partial(dissent, self._gate, actor, handle, words, self._clock.now()))

    def _finish(self) -> None:
        """Nothing of last year's is left lying: the agency withdraws what nobody came to."""
        for state in ("referred", "sufficient", "verified"):
            for handle in self._handles(INA.actor, state):
                self._try(partial(withdraw, self._gate, CLEO.actor, handle, "The matter was closed."))
        self._clock.on(days=2)
        open_due(self._gate)

    def _court(self) -> None:
        """A court suspends disclosure for some days, and what examiners endorse meanwhile is held."""
        begins = self._clock.now().date()
        order = NewOrder("D.D.C.", "1:26-cv-00031", "custodian", begins, document=b"%PDF-1.7 order")
        number = record_order(self._gate, INA.actor, order)
        for handle in self._handles(INA.actor, "sufficient")[:3]:
            self._try(partial(self._examine, handle, ERIN.actor, 0))
        self._clock.on(days=2)
        propose_lifting(self._gate, INA.actor, number, b"%PDF-1.7 lifting")
        confirm_lifting(self._gate, CORA.actor, number)

    def _begin(self) -> None:
        """What officers have taken today, and not finished."""
        self._clock.reach(self._now - timedelta(minutes=50))
        for actor, state in ((ERIN.actor, "sufficient"), (ADA.actor, "verified"), (CORA.actor, "referred")):
            for handle in self._handles(actor, state)[3:5]:
                self._try(partial(self._taken, handle, actor, 3))

    def _plant(self) -> None:
        """The inspector plants one request that a sound officer refuses."""
        for handle in self._handles(ERIN.actor, "sufficient")[-1:]:
            purpose = "To plant a request like it, which a sound officer refuses."
            open_request(self._gate, INA.actor, handle, purpose)
            fields = dict(case(self._gate, INA.actor, handle, self._kin).fields)
            request = replace(
                Request.from_mapping(fields),
                request_id="R-0001",
                taxpayer_first_name="Quentin",
                taxpayer_last_name="Quarterstaff",
                reasons=f"{fields['reasons']} The subject is the uncle of the person under investigation.",
            )
            why = "The reasons are about another person: the subject is only a relative."
            self._try(partial(plant, self._gate, INA.actor, request, why, kin=self._kin))

    def _ask_for_an_account(self) -> None:
        """Somebody had a notice and asks what was disclosed about them; counsel has not decided yet."""
        for handle in self._handles(INA.actor, "sufficient")[-1:]:
            how, why = (
                "Passport shown at the counter; copy in file 7.",
                "What was sent about them, and to whom?",
            )
            ask_account(self._gate, SAM.actor, handle, how, why)

    def _taken(self, handle: Handle, actor: Actor, minutes: float) -> CaseView:
        declare(self._gate, actor, handle, conflict=False)
        claim(self._gate, actor, handle)
        self._clock.on(minutes=minutes)
        return case(self._gate, actor, handle, self._kin)

    def _handles(self, actor: Actor, state: str) -> list[Handle]:
        return [Handle(each.row.handle) for each in export(self._gate, actor, Filters(state=state))]

    def _try(self, act: Callable[[], object]) -> None:
        """One act; what the rules of the office do not allow just now is left lying."""
        with suppress(WorkRefusedError):
            act()
        self._step()

    def _step(self) -> None:
        self._done += 1
        self._progress("play some weeks of the office", self._done)
