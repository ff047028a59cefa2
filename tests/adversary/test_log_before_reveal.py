"""Nothing is revealed that was not logged before, whatever breaks between the two (invariants 6 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.adversary import reveals
from tests.adversary.reveals import run, states, watched
from tests.stories.people import VALID, rows_of, write_register, write_submission
from wicketgate.core.identifiers import Handle
from wicketgate.flow import pick_up, release, simulate
from wicketgate.flow.approve import approve_scripted
from wicketgate.flow.gate import Gate
from wicketgate.keys import KeysError, KeysUnreachableError, Proved, keeper
from wicketgate.keys.evidence import Evidence, Head
from wicketgate.store import log, packages, register
from wicketgate.store.database import Database
from wicketgate.store.log import Recorded
from wicketgate.store.services import Service


def test_every_key_is_given_after_the_durable_entry_that_names_it(database: Database, tmp_path: Path) -> None:
    with watched(database, tmp_path) as (house, watch):
        assert run(house, tmp_path)["disclosed"] == 1
    assert watch.violations == []
    kinds = [each.split()[0] for each in watch.reveals]
    assert kinds == ["disclosure.intended", "pickup"]


@pytest.mark.parametrize("at", [0, 1])
def test_a_fault_between_log_and_reveal_leaves_logged_and_not_revealed(
    database: Database, tmp_path: Path, at: int
) -> None:
    with watched(database, tmp_path) as (house, watch):
        if at == 0:
            watch.before = [KeysUnreachableError("gone")]
            with pytest.raises(KeysUnreachableError):
                run(house, tmp_path)
            assert states(database)[0] == "approved"
            assert "disclosure.intended" in reveals.kinds(database)
        else:
            with pytest.MonkeyPatch.context() as broken:
                broken.setattr(type(house.gate.the_keys()), "open_shares", _fails)
                with pytest.raises(KeysUnreachableError):
                    run(house, tmp_path)
            assert states(database)[0] == "picked_up"
            assert reveals.kinds(database)[-1] == "pickup"
        said = reveals.kinds(database).count("disclosure.intended")
        assert run(house, tmp_path)["disclosed"] == 1  # it goes on where it stood, and says nothing twice
        assert reveals.kinds(database).count("disclosure.intended") == said == 1
        assert reveals.kinds(database).count("pickup") == 1
        assert watch.violations == []


def _fails(*_: object) -> list[bytes]:
    raise KeysUnreachableError("gone")


def _judges_nothing(evidence: Evidence, seen: Head, *_: object) -> Head:
    return seen


def _unlogged(gate: Gate, handles: Sequence[Handle]) -> dict[Handle, Recorded]:
    """What a gate would make up that reveals without logging."""
    made = {}
    with gate.acting(Service.RELEASE) as connection:
        subjects = register.subjects(connection, handles)
        keys = packages.keys_of(connection, [VALID["engaged_officers"].split(";")[0]])
    for handle, subject in subjects.items():
        (officer,) = keys
        fields = {
            "handle": str(handle),
            "actor": "a",
            "subject": subject,
            "recipient": officer,
            "recipient_key": keys[officer].key_id,
            "purpose": "p",
        }
        at = gate.clock.now()
        made[handle] = Recorded(0, release.INTENDED, at, b"\x01\x00\x03" + bytes(61), fields, bytes(32 * 12))
    return made


def _skips_the_intent(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(release, "intend", lambda *_: None)
    patch.setattr(release, "_intents", _unlogged)


def _says_the_pick_up_afterwards(patch: pytest.MonkeyPatch) -> None:
    plain: Callable[..., Any] = log.about

    def about(connection: Any, handles: Any, kinds: Any = None) -> Any:
        found = plain(connection, handles, kinds)
        if kinds == [pick_up.PICKED_UP]:
            for entries in found.values():
                body = {**entries[-1].body, "purpose": "another"}  # not what was committed
                entries[-1] = replace(entries[-1], body=body)
        return found

    patch.setattr(log, "about", about)


def _names_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(keeper, "_NAMED", {keeper.INTENT: (), keeper.PICKUP: ()})
    record = Gate.record

    def nameless(self: Gate, connection: Any, records: Any) -> None:
        for each in records:
            each.fields.pop("recipient", None) if each.kind == "disclosure.intended" else None
        record(self, connection, records)

    patch.setattr(Gate, "record", nameless)


SABOTAGES = {
    "no intent is recorded": (_skips_the_intent, "no durable entry"),
    "what is shown is not what was recorded": (_says_the_pick_up_afterwards, "no durable entry"),
    "the entry names no recipient": (_names_nobody, "does not name its recipient"),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_the_watch_sees_a_gate_that_was_broken_on_purpose(
    database: Database, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a key process that judges nothing, the watch must find what it is there to find."""
    sabotage, expected = SABOTAGES[name]
    with watched(database, tmp_path) as (house, watch):
        monkeypatch.setattr(keeper, "judge", _judges_nothing)
        sabotage(monkeypatch)
        with suppress(KeysError, IndexError, KeyError, ValueError):
            run(house, tmp_path)
    assert any(expected in violation for violation in watch.violations), watch.violations


@pytest.mark.parametrize("name", ["no intent is recorded", "what is shown is not what was recorded"])
def test_the_key_process_by_itself_stops_a_gate_that_does_not_log(
    database: Database, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(database, tmp_path) as (house, watch):
        SABOTAGES[name][0](monkeypatch)
        with pytest.raises(KeysError, match="No key is given"):
            run(house, tmp_path)
        assert watch.violations == []


def test_without_a_key_process_nothing_is_asked_opened_or_picked_up(
    database: Database, tmp_path: Path
) -> None:
    with watched(database, tmp_path) as (house, _):
        house.gate.keys = None
        with pytest.raises(KeysError, match="this gate has no key process"):
            run(house, tmp_path)
        assert set(states(database)) <= {"sufficient", "deficient"}


def test_a_killed_key_process_reveals_nothing_and_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real process, killed after the questions were answered and before anything is released."""
    started: list[Popen[bytes]] = []
    begun, approve = Popen.__init__, approve_scripted

    def starting(self: Popen[bytes], command: Any, **words: Any) -> None:
        begun(self, command, **words)
        if "wicketgate.keys" in command:
            started.append(self)

    def killing(gate: Gate, rows: Any, approver: str) -> int:
        done = approve(gate, rows, approver)
        for process in started:
            process.kill()
            process.wait()
        return done

    def simulated() -> None:
        simulate.simulate(
            file, folder, tmp_path / "out", reveals.LAW, reveals.CONTEXT, keep=tmp_path / "kept"
        )

    file, folder = write_submission(tmp_path / "s.csv", [VALID]), write_register(tmp_path / "register")
    with monkeypatch.context() as patch:
        patch.setattr(Popen, "__init__", starting)
        patch.setattr(simulate, "approve_scripted", killing)
        with pytest.raises(KeysUnreachableError) as refused:
            simulated()
    assert len(started) == 1
    assert str(refused.value).startswith("Nothing is revealed: the key process does not answer at ")
    assert str(refused.value).count(".") <= 4
    assert not (tmp_path / "out" / "outcomes.csv").exists()
    simulated()
    assert [row["outcome"] for row in rows_of(tmp_path / "out" / "outcomes.csv")] == ["disclosed"]


def test_a_copy_of_the_database_reads_nobody(database: Database, tmp_path: Path) -> None:
    """Everything that the register holds, in every column and in the server's files and its WAL."""
    with watched(database, tmp_path) as (house, _):
        run(house, tmp_path)
        with database.administer() as owner:
            owner.autocommit = True
            owner.execute("CHECKPOINT")
            text = ""
            for table in ("person", "address", "ticket", "answer"):
                columns = "to_jsonb(t) - '{first_near,surname_near}'::text[]"  # numbers say anything
                rows = owner.execute(f"SELECT {columns} FROM register.{table} t".encode())
                text += repr(rows.fetchall()).lower()
    for value in (
        "rosa",
        "quintero",
        "tanglewood",
        "juniper",
        "bend",
        "salem",
        "97701",
        "97301",
        "900700001",
    ):
        assert value not in text
    where = Path(str(getattr(database.server, "directory", "")))
    files = [path for path in where.rglob("*") if path.is_file() and path.stat().st_size]
    assert any("pg_wal" in path.parts for path in files)
    assert not any(b"anglewood" in path.read_bytes() for path in files)


def test_proved_entries_do_not_show_themselves() -> None:
    shown = repr(Proved(1, 3, "pickup", {"recipient": "A. Agent"}, b"n" * 32, ()))
    assert "Agent" not in shown
    assert "nnnn" not in shown
