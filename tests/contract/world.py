"""A gate with its services logged in, and short words for what the tests do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.keeping import VAULT
from wicketgate.core.finding import Determination
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.ledger.logkey import LogKey
from wicketgate.ledger.record import commit
from wicketgate.store import acts, answers, log, packages, requests, versions
from wicketgate.store.database import Connection, Database
from wicketgate.store.services import Service

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLOT = timedelta(hours=1)
DIGEST = "sha256:" + "0" * 64
KEY = LogKey.generate("gate.example.gov/ledger")
OFFICER = packages.RecipientKey("key-1", "A. Agent|1|DHS", {"kty": "EC", "crv": "P-384", "x": "a", "y": "b"})

STEPS: dict[str, tuple[Service, Role, str]] = {
    "find sufficient": (Service.REVIEW, Role.GATE, "gate"),
    "find deficient": (Service.REVIEW, Role.GATE, "gate"),
    "endorse": (Service.REVIEW, Role.EXAMINER, "examiner-1"),
    "verify": (Service.VERIFY, Role.GATE, "gate"),
    "approve": (Service.DECIDE, Role.APPROVER, "approver-1"),
    "release": (Service.RELEASE, Role.GATE, "gate"),
    "pick up": (Service.PORTAL, Role.RECIPIENT_OFFICER, OFFICER.officer),
    "hold": (Service.OVERSEE, Role.GATE, "gate"),
    "resume": (Service.OVERSEE, Role.COUNSEL, "counsel-1"),
}


class World:
    """One database and a connection per service, opened when first used."""

    def __init__(self, database: Database) -> None:
        self.database = replace(database, vault=VAULT)
        self._open: dict[Service, Connection] = {}

    def as_(self, service: Service) -> Connection:
        """The connection of a service, which commits at the end of each statement."""
        if service not in self._open:
            self._open[service] = self.database.connect(service)
            self._open[service].autocommit = True
        return self._open[service]

    def administrator(self) -> Connection:
        """The server's superuser; the caller closes it."""
        connection = self.database.administer()
        connection.autocommit = True
        return connection

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()

    def submit(
        self,
        number: int = 1,
        agency_line: tuple[str, ...] = ("DHS-ICE", "DHS"),
        determination: Determination = Determination.SUFFICIENT,
        *,
        at_once: bool = False,
    ) -> list[Handle]:
        """Receive requests that the review has determined; `at_once`, with the act that says so."""
        intake = self.as_(Service.INTAKE)
        submission = requests.open_submission(
            intake,
            name="file.csv",
            digest=DIGEST,
            authority="a",
            authority_digest=DIGEST,
            as_of=date(2026, 3, 1),
            at=NOW,
        )
        versions.know(intake, versions.Version(DIGEST, "a", ("b",), {"most": 25}, {"S1": "strict", "S2": 1}))
        reviewed = requests.Reviewed(
            {"form": "written"}, determination, ("A1", "B2:AD-08"), DIGEST, date(2026, 3, 1)
        )
        new = [
            requests.NewRequest(
                Handle.new(), row, Request(f"R-{row}", taxpayer_last_name="O'Neil"), agency_line, reviewed, ()
            )
            for row in range(1, number + 1)
        ]
        requests.add(intake, submission.submission, new, NOW, determined=at_once)
        return [one.handle for one in new]

    def do(self, act: str, *handles: Handle, actor: str | None = None, version: int | None = None) -> None:
        """Carry out an act as the service, in the role and by the person it belongs to."""
        service, role, who = STEPS[act]
        chosen = [acts.Act(handle, act, role, actor or who, version) for handle in handles]
        acts.perform(self.as_(service), chosen, NOW)

    def bring(self, handles: Iterable[Handle], *steps: str) -> None:
        """Carry out several acts in order; seal packages before a release, let answers out after it."""
        named = list(handles)
        for step in steps:
            if step == "release":
                self.seal(*named)
            self.do(step, *named)
            if step == "release":
                release = self.as_(Service.RELEASE)
                answers.give(release, dict.fromkeys(named, "{}"), NOW)
                answers.open_slot(release, (answers.latest_slot(release) or NOW) + SLOT, SLOT)

    def seal(self, *handles: Handle) -> None:
        packages.register_keys(self.as_(Service.INTAKE), [OFFICER], "sam", NOW)
        packages.confirm_keys(self.as_(Service.OVERSEE), [OFFICER.key_id], "cora", NOW)
        later = NOW + timedelta(days=5)
        sealed = [
            packages.Package(h, OFFICER.key_id, f"jwe of {h}", f"share of {h}", DIGEST, NOW, later)
            for h in handles
        ]
        packages.seal(self.as_(Service.RELEASE), sealed)

    def state(self, handle: Handle) -> str:
        """The state as the auditor sees it."""
        return str(self.value("SELECT state FROM gate.request WHERE handle = %s", handle.text))

    def value(self, query: str, *parameters: object) -> object:
        """One value as the auditor sees it."""
        row = self.as_(Service.AUDIT).execute(query.encode(), parameters).fetchone()
        return row[0] if row else None


TO_APPROVED = ("find sufficient", "endorse", "verify", "approve")
TO_RELEASED = (*TO_APPROVED, "release")


def entry(handle: Handle | None = None) -> log.Entry:
    """A log entry with a committed record."""
    fields = {"handle": str(handle), "actor": "examiner-1", "at": NOW.isoformat()}
    return log.Entry.of(handle, fields, commit("access.denied", fields))
