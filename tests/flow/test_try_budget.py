"""Nobody is found by trying: a kept gate counts how often an agency asks for people of one class.

1. The first two requests go on as they are; the third goes to a person, whatever it varies.
2. Another agency, another class and another half-year are counted apart; components share a budget.
3. While an answer is due (until it has left), the same person cannot be asked for again.
4. Two requests of one agency are counted one after the other; other agencies do not wait.
5. Nothing of this looks at the register, and nothing on record can be read as a name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tests.campaigns.disclosures import law_and_context
from tests.stories.people import VALID, rows_of, without, write_register, write_submission
from tests.workplace.office import Office
from wicketgate.core.context import Context
from wicketgate.flow.house import opened
from wicketgate.flow.outbox import open_all
from wicketgate.flow.simulate import simulate
from wicketgate.store import attempts
from wicketgate.store.attempts import Attempt
from wicketgate.store.database import Connection, Database
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
ROSA = without("taxpayer_middle_name", taxpayer_tin="900700001")
ELSEWHERE = ROSA | {"address_line1": "12 Cedar Rd"}
RAMON = ROSA | {"taxpayer_first_name": "Ramon", "taxpayer_tin": "900700044"}
BY_DOJ = ROSA | {
    "requesting_agency": "DOJ",
    "signatory_capacity": "attorney_general",
    "engaged_officers": "Alma Agent|1234|DOJ",
}
BY_DOJ_ONLY = {name: BY_DOJ[name] for name in BY_DOJ if BY_DOJ[name] != ROSA.get(name)}
UNLISTED = ROSA | {"statute": "43 U.S.C. 1733"}


class Kept:
    """One gate that is kept; every call is another submission."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = write_register(folder / "register")
        self.number = 0

    def asks(self, *requests: dict[str, str], context: Context = CONTEXT, kept: bool = True) -> list[str]:
        self.number += 1
        out = self.folder / str(self.number)
        numbered = [each | {"request_id": f"{self.number}-{i}"} for i, each in enumerate(requests)]
        file = write_submission(self.folder / f"{self.number}.csv", numbered)
        simulate(file, self.register, out, LAW, context, keep=self.folder / "keep" if kept else None)
        return [row["outcome"] for row in rows_of(out / "outcomes.csv")]

    def told(self) -> list[dict[str, object]]:
        lines = (self.folder / str(self.number) / "outward.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def audit(self, query: str) -> Sequence[tuple[object, ...]]:
        with (
            opened(LAW, CONTEXT, self.register, self.folder / "keep") as house,
            house.gate.acting(Service.AUDIT) as connection,
        ):
            return connection.execute(query.encode()).fetchall()


@pytest.fixture
def gate(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_the_third_try_goes_to_a_person_whatever_it_varies(gate: Kept) -> None:
    assert gate.asks(ROSA) == ["disclosed"]
    assert gate.asks(ELSEWHERE) == ["not_verified"]
    assert gate.asks(RAMON, BY_DOJ) == ["referred", "disclosed"]
    (answer, _) = gate.told()
    findings = answer["findings"]
    assert isinstance(findings, list)
    assert [finding["code"] for finding in findings] == ["B11"]
    later = replace(CONTEXT, as_of=CONTEXT.as_of + timedelta(days=181))
    assert gate.asks(ELSEWHERE, context=later) == ["not_verified"]
    kept = gate.audit("SELECT person_class, person, agency FROM gate.attempt")
    assert len(kept) == 5
    assert not any("quintero" in str(each).lower() or "900700001" in str(each) for each in kept)


def test_a_single_file_is_as_it_is_for_its_first_two(gate: Kept) -> None:
    other = ROSA | {"taxpayer_last_name": "Quintero Lopez", "taxpayer_tin": "900700077"}
    assert gate.asks(RAMON, other, ROSA, ROSA | {"taxpayer_first_name": "Raul", "taxpayer_tin": ""}) == [
        *("not_verified", "not_verified", "disclosed", "referred"),
    ]


def test_without_a_memory_nothing_is_counted(gate: Kept) -> None:
    for _ in range(3):
        assert gate.asks(ROSA, kept=False) == ["disclosed"]


def test_while_an_answer_is_due_the_same_person_cannot_be_asked_for_again(gate: Kept) -> None:
    assert gate.asks(UNLISTED) == ["referred"]  # waits for counsel
    assert gate.asks(ROSA) == ["referred"]
    assert gate.asks(BY_DOJ) == ["disclosed"]


def test_an_answer_is_due_until_it_has_left(database: Database, tmp_path: Path) -> None:
    """That it is decided must not show in what a second request for the same person is told."""
    office = Office(database, tmp_path)
    with closing(office.gate):
        handle = office.one(VALID | {"statute": "8 U.S.C. 1231"})
        assert office.value("SELECT count(*) FROM gate.answer WHERE handle = %s", handle.text) == 1
        now, asked = office.gate.clock.now(), Attempt("DHS", "a class", "somebody", "")

        def waiting(of: int = 2) -> bool:
            with office.gate.acting(Service.INTAKE) as connection:
                (found,) = attempts.before(connection, [asked], of, now - timedelta(days=30))
            assert found.attempts == 1
            return found.waiting

        with office.gate.acting(Service.INTAKE) as connection:
            attempts.add(connection, {handle: asked}, 1, now)
        assert not waiting(of=1), "requests of one submission do not wait for each other"
        assert waiting(), "decided, and not told yet"
        open_all(office.gate)
        assert not waiting()


def test_the_memory_has_its_key_and_nobody_edits_it(gate: Kept) -> None:
    gate.asks(ROSA)
    key = gate.folder / "keep" / "person.key"
    assert key.stat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32
    with opened(LAW, CONTEXT, gate.register, gate.folder / "keep") as house:
        for service in Service:
            statements = [
                "DELETE FROM gate.attempt",
                "UPDATE gate.attempt SET at = now() - interval '1 year'",
            ]
            if service is not Service.AUDIT:
                statements.append("SELECT FROM gate.attempt")
            for statement in statements:
                with (
                    pytest.raises(psycopg.errors.InsufficientPrivilege),
                    house.gate.acting(service) as connection,
                ):
                    connection.execute(statement.encode())


def test_one_address_for_many_people_counts_over_all_submissions(gate: Kept) -> None:
    names = [f"A{first}{second}as" for first in "bcdfgh" for second in "aeiou"]

    def people(few: Sequence[str], line: str = "500 Shelter Rd", **more: str) -> list[dict[str, str]]:
        return [
            ROSA | {"taxpayer_last_name": name, "taxpayer_tin": "", "address_line1": line} | more
            for name in few
        ]

    first = gate.asks(*people(names[:12]))
    assert "referred" not in first
    told = gate.asks(*people(names[12:24]))
    assert told.index("referred") == 8  # the 21st
    assert set(told[8:]) == {"referred"}
    findings = gate.told()[-1]["findings"]
    assert isinstance(findings, list)
    assert [finding["code"] for finding in findings] == ["B2:AD-14"]
    assert "referred" not in gate.asks(*people(names[24:27], "502 Shelter Rd"))
    assert gate.asks(*people(names[27:28], **BY_DOJ_ONLY)) != ["referred"]
    assert "shelter" not in repr(gate.audit("SELECT * FROM gate.attempt")).lower()


def test_while_one_agency_counts_only_its_own_requests_wait(gate: Kept) -> None:
    gate.asks(ROSA)
    with opened(LAW, CONTEXT, gate.register, gate.folder / "keep") as house:
        long_ago = house.gate.clock.now() - timedelta(days=30)

        def count(connection: Connection, agency: str) -> int:
            connection.execute("SET LOCAL lock_timeout = '100ms'")
            asked = Attempt(agency, "some class", "somebody", "")
            return attempts.before(connection, [asked], 1, long_ago)[0].attempts

        with house.gate.acting(Service.INTAKE) as file:
            count(file, "DHS")
            with house.gate.acting(Service.INTAKE) as other:
                assert count(other, "DOJ") == 0
            with (
                pytest.raises(psycopg.errors.LockNotAvailable),
                house.gate.acting(Service.INTAKE) as same,
            ):
                count(same, "DHS")
