"""Invariant 10: after expungement nothing opens a record, in no copy; every old proof still holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from tests.conftest import copy_of
from tests.stories.people import VALID
from tests.workplace.office import CORA, ERIN, INA, KEY, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.context import Schedule
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.embedded import Cluster
from wicketgate.flow import retention
from wicketgate.flow.account import AccountRefusedError, ask_account, questions, refuse_account
from wicketgate.flow.retention import KeptError, Scope
from wicketgate.flow.simulation_outputs import publish
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import ExpungedError
from wicketgate.keys import KeysRefusedError, SubjectVault
from wicketgate.ledger import Prover, open_field, read_public_leaf
from wicketgate.ledger.verify import verify_folder
from wicketgate.store import log, requests
from wicketgate.store.acts import Act, ActRefusedError, history, perform
from wicketgate.store.database import Database
from wicketgate.store.services import Service
from wicketgate.store.vault import EXPUNGED
from wicketgate.store.work_marks import resolved

SCHEDULE = Schedule("not disclosed", ("not_verified", "refused"), 5, "GRS 4.2 item 050")
PERSON = VALID | {
    "taxpayer_last_name": "Quillfeather",
    "taxpayer_tin": "900-71-4646",
    "address_line1": "77 Wrenfield Rd",
    "reasons": VALID["reasons"] + " Quillfeather was last seen at Wrenfield.",
}
SECRETS = (b"Quillfeather", b"Wrenfield", b"900-71-4646", b"900714646")
WHY = "Five years after the last act, under the approved schedule."


class Scene:
    """An office with one ended request about a person, and everything that was copied before the end."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.office = Office(database, folder)
        self.gate, self.folder, self.keys = self.office.gate, folder, self.office.gate.the_keys()
        self.gate.context = replace(self.gate.context, retention=(SCHEDULE,))
        self.handle, self.other = (self._ended() for _ in range(2))
        publish(self.gate, folder / "before")
        prover = Prover(folder / "before", KEY.vkey)
        self.proofs, self.openings = [], []
        for entry in self.entries(self.gate.database):
            proof, opening = folder / f"{entry.index}.tlog-proof", folder / f"{entry.index}.opening.json"
            proof.write_text(str(prover.receipt(entry.index)))
            field = open_field(entry.leaf, entry.kind, entry.body, entry.nonces, "handle")
            opening.write_text(field.to_text())
            self.proofs.append(proof)
            self.openings.append(opening)
        self.office.clock.on(days=366 * 6)
        self.gate.context = replace(self.gate.context, as_of=self.office.clock.now().date())

    def _ended(self) -> Handle:
        handle = self.office.one(PERSON)
        endorse(self.gate, ERIN, handle, self.office.take(ERIN, handle), "Quillfeather is named.")
        said = "Nobody knows whether Quillfeather lives at Wrenfield."
        dissent(self.gate, SAM, handle, said, self.gate.clock.now())
        onward(self.gate, handle)
        assert self.office.state(handle) == "not_verified"
        return handle

    def entries(self, database: Database) -> list[log.Recorded]:
        """The entries about the request as whoever has this copy and the key process reads them."""
        with replace(database, vault=SubjectVault(self.keys)).connect(Service.AUDIT) as connection:
            return log.accounting(connection, self.handle)

    def expunge(self) -> int:
        """Two people dispose of all that is due."""
        number = retention.propose(self.gate, SAM, SCHEDULE.name, WHY)
        retention.confirm(self.gate, CORA, number)
        return number

    def close(self) -> None:
        self.gate.close()


@contextmanager
def scene_in(database: Database, folder: Path) -> Iterator[Scene]:
    with closing(Scene(database, folder)) as made:
        yield made


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    with scene_in(database, tmp_path) as made:
        yield made


def test_no_copy_opens_what_was_expunged(scene: Scene) -> None:
    """The database, its backup and whatever key the key process still has."""
    scene.gate.close()  # a database in use is not copied
    with copy_of(scene.gate.database) as backup:
        readable = scene.entries(backup)
        assert [each.expunged for each in readable] == [False] * 8
        scene.expunge()
        for database in (scene.gate.database, backup):
            assert all(each.expunged for each in scene.entries(database))
            with replace(database, vault=SubjectVault(scene.keys)).connect(Service.AUDIT) as connection:
                assert requests.get(connection, scene.handle) is None
                assert {act.reasons for act in history(connection, scene.handle)} <= {None, "(expunged)"}
                assert resolved(connection, [scene.handle]) == []
    for _ in range(2):  # and no later key opens it, whoever asks for one
        with pytest.raises(KeysRefusedError, match="it was expunged"):
            SubjectVault(scene.keys).seal([(scene.handle, "request", b"again")])
    with pytest.raises(ExpungedError):
        scene.office.page(INA, scene.handle)


def test_nothing_about_a_person_was_ever_written_in_clear(scene: Scene) -> None:
    """Tables, indexes and the write-ahead log on the disk: what backups and replicas are made of."""
    server = scene.gate.database.server
    assert isinstance(server, Cluster)
    with scene.gate.database.administer() as owner:
        owner.autocommit = True
        owner.execute("CHECKPOINT")
        found = owner.execute(
            "SELECT setting, (SELECT oid::text FROM pg_database WHERE datname = current_database())"
            " FROM pg_settings WHERE name = 'data_directory'"
        ).fetchone()
    assert found is not None
    data = Path(found[0])
    files = [*(data / "base" / found[1]).iterdir(), *(data / "pg_wal").glob("0*")]
    assert len(files) > 100
    for file in files:
        written = file.read_bytes()
        assert [secret for secret in SECRETS if secret in written] == [], file.name


def test_old_proofs_still_verify_and_a_tombstone_says_why(scene: Scene) -> None:
    first = scene.entries(scene.gate.database)[0].index
    scene.expunge()
    publish(scene.gate, scene.folder / "after")
    report = verify_folder(
        scene.folder / "after",
        vkey=KEY.vkey,
        since=scene.folder / "before" / "checkpoint",
        proofs=scene.proofs,
        openings=scene.openings,
    )
    assert report.ok, report.failures
    assert len(scene.proofs) > 4
    with scene.gate.acting(Service.AUDIT) as connection:
        leaves = connection.execute("SELECT leaf FROM log.entry WHERE kind = 'tombstone'").fetchall()
    said = [read_public_leaf(leaf)[1] for (leaf,) in leaves]
    assert {"index": first, "authority": SCHEDULE.authority, "rule": SCHEDULE.name} in said
    assert len(said) == 2


@pytest.mark.parametrize("scope", ["handle", "agency", "submission", "everything"])
def test_a_hold_keeps_what_its_matter_is_about(scene: Scene, scope: str) -> None:
    line = {
        "handle": Scope(handle=scene.handle),
        "agency": Scope(agency="DHS"),
        "submission": Scope(submission=1),
        "everything": Scope(),
    }[scope]
    number = retention.place_hold(scene.gate, INA, line, "Doe v. Agency, 1:26-cv-1")
    if scope in ("agency", "everything"):
        with pytest.raises(ActRefusedError, match="Nothing is due"):
            scene.expunge()
    else:
        scene.expunge()  # the other request
    assert not any(each.expunged for each in scene.entries(scene.gate.database))
    retention.lift_hold(scene.gate, INA, number, "The matter is closed.")
    scene.expunge()
    assert all(each.expunged for each in scene.entries(scene.gate.database))


def _state(scene: Scene) -> str:
    """How far the newest list came."""
    return retention.dispositions(scene.gate)[-1].state


def test_a_hold_between_the_two_people_stops_the_second(scene: Scene) -> None:
    number = retention.propose(scene.gate, SAM, SCHEDULE.name, WHY)
    hold = retention.place_hold(scene.gate, CORA, Scope(handle=scene.handle), "Doe v. Agency, 1:26-cv-1")
    with pytest.raises(ActRefusedError, match="1 of its requests are on hold"):
        retention.confirm(scene.gate, CORA, number)
    assert _state(scene) == "proposed"
    retention.withdraw(scene.gate, SAM, number, "A hold came.")
    assert _state(scene) == "withdrawn"
    retention.lift_hold(scene.gate, CORA, hold, "A mistake.")
    assert scene.expunge() == 2


def test_a_hold_after_the_second_person_keeps_what_is_not_destroyed_yet(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = retention.propose(scene.gate, SAM, SCHEDULE.name, WHY)

    def unheard(*_: object) -> None:
        raise KeysRefusedError("It is not there.")

    with monkeypatch.context() as broken:
        broken.setattr(type(scene.keys), "expunge", unheard)
        with pytest.raises(KeysRefusedError):
            retention.confirm(scene.gate, CORA, number)
    hold = retention.place_hold(scene.gate, INA, Scope(handle=scene.handle), "Doe v. Agency, 1:26-cv-1")
    with pytest.raises(KeptError, match="a hold keeps 1 of its requests"):
        retention.carry_out(scene.gate, number)
    assert retention.carry_out_all(scene.gate) == 0
    assert _state(scene) == "confirmed"
    assert not any(each.expunged for each in scene.entries(scene.gate.database))
    retention.lift_hold(scene.gate, INA, hold, "The matter is closed.")
    assert retention.carry_out_all(scene.gate) == 1
    assert _state(scene) == "carried_out"
    assert all(each.expunged for each in scene.entries(scene.gate.database))
    retention.place_hold(scene.gate, INA, Scope(), "A later matter.")
    assert retention.carry_out_all(scene.gate, again=True) == 1, "what is destroyed stays so in every copy"


def test_what_somebody_asked_their_own_account_of_is_not_over(scene: Scene) -> None:
    said = "Passport shown at the counter; Quillfeather asks what was sent."
    number = ask_account(scene.gate, SAM, scene.handle, said, said)
    assert retention.due(scene.gate)[0].found == (1, 0)
    refuse_account(scene.gate, CORA, number, said)
    assert (questions(scene.gate)[0].reasons, questions(scene.gate)[0].words) == (said, said)
    scene.office.clock.on(days=366 * 6)
    scene.gate.context = replace(scene.gate.context, as_of=scene.office.clock.now().date())
    scene.expunge()
    (asked,) = questions(scene.gate)
    assert {asked.identified_by, asked.reasons, asked.words} == {EXPUNGED}
    with pytest.raises(AccountRefusedError, match="was expunged under a records schedule"):
        ask_account(scene.gate, SAM, scene.handle, said, said)


def test_it_takes_two_people_of_these_roles(scene: Scene) -> None:
    for actor in (ERIN, INA, Actor("nobody", Role.APPROVER)):
        with pytest.raises(ActRefusedError, match="Only counsel or safeguards officer"):
            retention.propose(scene.gate, actor, SCHEDULE.name, WHY)
    number = retention.propose(scene.gate, SAM, SCHEDULE.name, WHY)
    for same in (SAM, Actor("sam", Role.COUNSEL)):
        with pytest.raises(ActRefusedError, match="another person confirms it"):
            retention.confirm(scene.gate, same, number)
    with pytest.raises(ActRefusedError, match="Nothing is due"):  # what is on a list is on no other
        retention.propose(scene.gate, CORA, SCHEDULE.name, WHY)
    with pytest.raises(ActRefusedError, match="was not confirmed"):
        retention.carry_out(scene.gate, number)
    assert not any(each.expunged for each in scene.entries(scene.gate.database))


def test_a_retention_that_is_not_over_is_not_due(scene: Scene) -> None:
    scene.gate.context = replace(scene.gate.context, as_of=date(2031, 3, 1))
    (line,) = retention.due(scene.gate)
    assert (line.before, line.found) == (date(2026, 3, 1), (0, 0))
    scene.gate.context = replace(scene.gate.context, as_of=date(2031, 3, 2))
    assert retention.due(scene.gate)[0].found == (2, 0)


def test_nothing_is_disposed_of_before_the_confirmation_is_on_record(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key process dies after the confirmation: the clock carries it out, once."""
    number = retention.propose(scene.gate, SAM, SCHEDULE.name, WHY)

    def unheard(*_: object) -> None:
        raise KeysRefusedError("It is not there.")

    with monkeypatch.context() as broken:
        broken.setattr(type(scene.keys), "expunge", unheard)
        with pytest.raises(KeysRefusedError):
            retention.confirm(scene.gate, CORA, number)
    assert not any(each.expunged for each in scene.entries(scene.gate.database))
    assert [retention.carry_out_all(scene.gate) for _ in range(2)] == [1, 0]
    assert retention.carry_out_all(scene.gate, again=True) == 1  # as after an older copy of the keys
    assert all(each.expunged for each in scene.entries(scene.gate.database))
    with scene.gate.acting(Service.AUDIT) as connection:
        kinds = [kind for (kind,) in connection.execute("SELECT kind FROM log.entry ORDER BY idx")]
    assert kinds[-4:] == ["disposition", "disposition", "tombstone", "tombstone"]


def test_what_keys_do_not_reach_is_deleted_and_nothing_more_happens(scene: Scene) -> None:
    tables = (
        *("gate.kin", "gate.mark", "gate.attempt", "gate.signed_request"),
        *("register.ticket", "register.answer"),
    )
    name = scene.handle.text

    def left(table: str) -> int:
        return int(scene.office.row(f"SELECT count(*) FROM {table} WHERE handle = %s", name)[0])

    assert all(map(left, ("gate.kin", "gate.mark", "register.ticket", "register.answer")))
    for table in ("gate.kin", "gate.mark"):
        with scene.gate.database.administer() as owner, pytest.raises(psycopg.Error, match="not disposed"):
            owner.execute(f"DELETE FROM {table}".encode())
    scene.expunge()
    assert [left(table) for table in tables] == [0] * 6
    late = Act(scene.handle, "withdraw", Role.CLERK, "cleo")
    with pytest.raises(ActRefusedError), scene.gate.acting(Service.INTAKE) as connection:
        perform(connection, [late], scene.gate.clock.now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gate.hold SET matter = 'x'",
        "DELETE FROM gate.hold",
        "UPDATE gate.disposition SET confirmed_by = proposed_by, confirmed_at = now()",
        "UPDATE gate.disposition SET requests = 1",
        "DELETE FROM gate.disposed",
        "UPDATE gate.disposed SET handle = handle",
    ],
)
def test_even_the_owner_does_not_change_what_was_put_on_a_list(scene: Scene, statement: str) -> None:
    retention.propose(scene.gate, SAM, SCHEDULE.name, WHY)
    retention.place_hold(scene.gate, CORA, Scope(), "Doe v. Agency, 1:26-cv-1")
    with scene.gate.database.administer() as owner, pytest.raises(psycopg.Error):
        owner.execute(statement.encode())
