"""A gate with an office: real database, a tiny register, synthetic officers, a clock that tests move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.campaigns.disclosures import law_and_context
from tests.keeping import keys_in
from tests.stories.people import VALID, write_register
from wicketgate.core.actor import Actor
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.flow import register_files
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.opening import open_request
from wicketgate.flow.receive import Incoming, receive
from wicketgate.flow.try_budget import TryBudget
from wicketgate.flow.work.case import CaseView, case
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import Confirmation, approve, refuse
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.kin import Kin
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.open_office import open_office
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.ledger import LogKey
from wicketgate.stages.facts import row_facts
from wicketgate.store import requests
from wicketgate.store.attempts import Attempt
from wicketgate.store.database import Database
from wicketgate.store.requests import NewRequest
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
KEY = LogKey.generate("gate.example.gov/office")
ERIN, ELIAS = (Actor(name, Role.EXAMINER) for name in ("erin", "elias"))
ADA, ABEL = (Actor(name, Role.APPROVER) for name in ("ada", "abel"))
CORA = Actor("cora", Role.COUNSEL)
SAM = Actor("sam", Role.SAFEGUARDS_OFFICER)
INA = Actor("ina", Role.INSPECTOR)
CLEO = Actor("cleo", Role.CLERK, "DHS")
REFERABLE = VALID | {"statute": "43 U.S.C. 1733"}
"""A request that the law refers to counsel: its statute is not in the authority's list."""


class Uncounted(TryBudget):
    """No budget: most stories ask for one person many times, in one day."""

    def attempts(self, new: Sequence[NewRequest]) -> dict[Handle, Attempt]:
        """Nothing is on record."""
        return {}


UNCOUNTED = Uncounted(b"")


class Hands:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment that the test chose."""
        return self.at

    def on(self, **words: float) -> None:
        """Move on by a `timedelta`."""
        self.at += timedelta(**words)


class Office:
    """One gate, and short words for a day in its office."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = Hands()
        keys = keys_in(folder / "keys", KEY.vkey)
        self.gate = Gate(database, LAW, CONTEXT, self.clock, KEY, throw_away=True, keys=keys)
        self.kin = Kin(b"k" * 32)
        self.folder = folder
        self._rows = 0
        register_files.load(self.gate.acting(Service.LOAD), keys, write_register(folder / "register"))
        open_office(self.gate)
        AgencySide(folder).register(self.gate, [VALID["engaged_officers"].split(";")[0]])

    def receive(self, *rows: Mapping[str, str], determined: bool = True) -> list[Handle]:
        """A submission comes in, and the review determines it."""
        incoming = []
        for number, row in enumerate(rows, 1):
            self._rows += 1
            request = Request.from_mapping({**row, "request_id": f"R{self._rows}"})
            law, context = self.gate.law, self.gate.context
            facts = dict.fromkeys(SET_FACTS, 1) | row_facts(request, context, law.authority.vocabulary).facts
            incoming.append(Incoming(number, request, facts, law.evaluate(facts)))
        at = self.gate.clock.now()
        with self.gate.acting(Service.INTAKE) as connection:
            opened = requests.open_submission(
                connection,
                name="requests.csv",
                digest=digest(self._rows),
                authority=self.gate.law.authority.name,
                authority_digest=self.gate.law.authority.digest,
                as_of=self.gate.context.as_of,
                at=at,
            )
        receive(self.gate, opened, incoming, UNCOUNTED, self.kin)
        with self.gate.acting(Service.INTAKE) as connection:
            requests.close_submission(connection, opened.submission, len(rows))
        with self.gate.acting(Service.AUDIT) as connection:
            stored = requests.between(connection, opened.submission, 1, len(rows))
        handles = [each.standing.handle for each in stored]
        if determined:
            for handle in handles:
                onward(self.gate, handle)
        return handles

    def one(self, row: Mapping[str, str] = VALID) -> Handle:
        """One request, determined."""
        return self.receive(row)[0]

    def page(self, actor: Actor, handle: Handle, rules: OfficeRules = HOUSE_RULES) -> CaseView:
        """The case page of a person; an inspector opens it first."""
        if actor.role is Role.INSPECTOR:
            open_request(self.gate, actor, handle, "To see whether it was judged as it should be.")
        return case(self.gate, actor, handle, self.kin, rules)

    def take(self, actor: Actor, handle: Handle, minutes: float = 10) -> int:
        """Declare, claim and read for a while; returns the version that the page shows."""
        declare(self.gate, actor, handle, conflict=False)
        claim(self.gate, actor, handle)
        self.clock.on(minutes=minutes)
        return self.page(actor, handle).version

    def proof(self, handle: Handle) -> Confirmation:
        """The number as it should be typed, and a proof of identity of now."""
        return Confirmation(handle.text, self.clock.now())

    def endorsed(self, actor: Actor = ERIN, row: Mapping[str, str] = VALID) -> Handle:
        """One request that an examiner has endorsed and the register has verified."""
        handle = self.one(row)
        endorse(self.gate, actor, handle, self.take(actor, handle))
        onward(self.gate, handle)
        return handle

    def approve(self, actor: Actor, handle: Handle, reasons: str | None = None) -> None:
        """An approver approves with everything that it needs."""
        approve(self.gate, actor, handle, self.take(actor, handle), self.proof(handle), reasons)

    def refuse(self, actor: Actor, handle: Handle, reasons: str = "It does not hold.") -> None:
        """An approver refuses with everything that it needs."""
        refuse(self.gate, actor, handle, self.take(actor, handle), self.proof(handle), reasons)

    def state(self, handle: Handle) -> str:
        """The state as the auditor reads it."""
        return str(self.value("SELECT state FROM gate.request WHERE handle = %s", handle.text))

    def kinds(self, handle: Handle) -> list[str]:
        """The kinds of the ledger's entries about a request, in order."""
        with self.gate.acting(Service.AUDIT) as connection:
            rows = connection.execute(
                "SELECT kind FROM log.entry WHERE handle = %s ORDER BY idx", [handle.text]
            )
            return [str(kind) for (kind,) in rows]

    def row(self, query: str, *parameters: object) -> tuple[Any, ...]:
        """One row as the server's administrator reads it."""
        with self.gate.database.administer() as owner:
            return tuple(owner.execute(query.encode(), parameters).fetchone() or ())

    def endorse_and_approve(self, handle: Handle) -> None:
        """An examiner endorses, the register verifies, an approver approves, and the gate releases."""
        endorse(self.gate, ERIN, handle, self.take(ERIN, handle))
        onward(self.gate, handle)
        self.approve(ADA, handle)
        onward(self.gate, handle)

    def value(self, query: str, *parameters: object) -> object:
        """One value as the auditor reads it."""
        with self.gate.acting(Service.AUDIT) as connection:
            row = connection.execute(query.encode(), parameters).fetchone()
        return row[0] if row else None
