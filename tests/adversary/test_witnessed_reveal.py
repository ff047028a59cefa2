"""A disclosure is revealed once witnesses cosigned its entry; without them releases stop and orders go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.adversary.reveals import ASKED_HOME, SECRET_HOME, kinds, run, states
from tests.flow.test_witnessing import CONTEXT, KEY, LAW, NOW, Local, grow
from tests.keeping import keys_in
from tests.stories.people import ROSA, write_register
from wicketgate.core.clock import FixedClock
from wicketgate.flow import proofs, register_files, release
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import House
from wicketgate.flow.witnessing import Witnessing, WitnessingError, ask_witnesses
from wicketgate.keys import Keys, KeysError
from wicketgate.keys.messages import Message
from wicketgate.ledger import LedgerError, Note, Policy
from wicketgate.store import log
from wicketgate.store.database import Database
from wicketgate.store.services import Service


class Seen:
    """Every checkpoint under which a key was given, and whether the witnesses had cosigned it."""

    def __init__(self, keys: Keys, policy: Policy) -> None:
        self.keys = Keys(self._exchange)
        self._inner, self._policy = keys, policy
        self.given = 0
        self.unwitnessed = 0

    def _exchange(self, message: Message) -> Message:
        answer = self._inner.exchange(message)
        if message["ask"] == "reveal" and answer.get("keys"):
            self.given += 1
            self.unwitnessed += not self._cosigned(message["evidence"]["note"])
        return answer

    def _cosigned(self, note: str) -> bool:
        for witness in self._policy.witnesses:
            with suppress(LedgerError):
                Note.parse(note).verify([witness.key])
                return True
        return False


@contextmanager
def witnessed_gate(
    database: Database, folder: Path, *, process_knows: bool = True
) -> Iterator[tuple[House, Local, Seen]]:
    """A gate and a key process with one witness; a process that does not know of it is broken on purpose."""
    with closing(Local(folder / "witnesses")) as local:
        policy = local.policy()
        seen = Seen(keys_in(folder / "keys", KEY.vkey, policy if process_knows else None), policy)
        witnessing = Witnessing.by(policy, KEY, clock=local.clock, send=local.send)
        with Gate(database, LAW, CONTEXT, FixedClock(NOW), KEY, True, witnessing, seen.keys) as gate:
            ask_witnesses(gate)
            register = write_register(folder / "register", (ROSA,), (ASKED_HOME, SECRET_HOME))
            register_files.load(gate.acting(Service.LOAD), seen.keys, register)
            yield House(gate, folder), local, seen


def test_every_key_is_given_under_a_checkpoint_that_the_witness_cosigned(
    database: Database, tmp_path: Path
) -> None:
    with witnessed_gate(database, tmp_path) as (house, _, seen):
        assert run(house, tmp_path)["disclosed"] == 1
    assert (seen.given, seen.unwitnessed) == (2, 0)


def test_a_witness_that_falls_silent_after_the_intent_stops_the_reveal_and_nothing_else(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cosigned a moment ago is recent enough to record, not to open what was recorded since."""
    intend = release.intend
    with witnessed_gate(database, tmp_path) as (house, local, seen):

        def then_silent(gate: Gate, rows: Any) -> None:
            intend(gate, rows)
            local.down = {"http://w1"}

        with monkeypatch.context() as patch:
            patch.setattr(release, "intend", then_silent)
            with pytest.raises(WitnessingError, match="Nothing is revealed: too few witnesses cosigned"):
                run(house, tmp_path)
        assert (states(database)[0], seen.given) == ("approved", 0)
        assert "disclosure.intended" in kinds(database)
        grow(house.gate)  # events in clear, such as an order, go on being recorded
        local.down = set()
        assert run(house, tmp_path)["disclosed"] == 1
        assert (seen.given, seen.unwitnessed) == (2, 0)


def _newest(gate: Gate, _: int) -> tuple[int, str]:
    """A gate broken on purpose: it shows what only itself has signed."""
    with gate.acting(Service.WITNESS) as connection:
        return log.latest_checkpoint(connection) or (0, "")


def test_the_key_process_refuses_a_gate_that_shows_what_no_witness_saw(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_checkpoint", _newest)
    with witnessed_gate(database, tmp_path) as (house, _, seen):
        with pytest.raises(KeysError, match="too few witnesses cosigned the log"):
            run(house, tmp_path)
        assert seen.given == 0


def test_the_watch_sees_a_gate_and_a_key_process_that_were_broken_on_purpose(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "_checkpoint", _newest)
    with witnessed_gate(database, tmp_path, process_knows=False) as (house, _, seen):
        run(house, tmp_path)
    assert seen.unwitnessed == seen.given == 2
