"""Whoever opens anything was logged before: a gate whose key process is watched while it works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.campaigns.disclosures import law_and_context
from tests.keeping import speaking_to
from tests.stories.people import ROSA, VALID, without, write_register, write_submission
from wicketgate.core.clock import FixedClock
from wicketgate.core.identifiers import Handle
from wicketgate.flow import register_files
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import House
from wicketgate.flow.simulate import through
from wicketgate.keys import Keeper, KeyFolder, Keys, SubjectVault
from wicketgate.keys.messages import Message
from wicketgate.ledger import LogKey, read_checkpoint
from wicketgate.store import log
from wicketgate.store.database import Database
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
KEY = LogKey.generate("gate.example.gov/reveals")
SECRET_HOME = ("p1", "9 Tanglewood Close", "", "Bend", "OR", "97701", "US", "2019", "", "true")
ASKED_HOME = ("p1", "4821 Juniper St", "Apt 3B", "Salem", "OR", "97301", "US", "2015", "2021", "false")
"""Rosa moved: the request names the one address, and the other is what a disclosure reveals."""


class Watch:
    """What an outsider saw when a key was given: was the entry that names it already committed?"""

    def __init__(self, database: Database, keeper: Keeper) -> None:
        self._database, self._keeper = database, keeper
        self.violations: list[str] = []
        self.reveals: list[str] = []
        self.before: list[BaseException] = []
        """Raised instead of the next answers to a question for keys, in order."""

    def keys(self) -> Keys:
        """The watched keeper."""
        inner = speaking_to(self._keeper)

        def exchange(message: Message) -> Message:
            if message["ask"] == "reveal" and self.before:
                raise self.before.pop(0)
            answer = inner.exchange(message)
            if message["ask"] == "reveal" and answer.get("keys"):
                for entry in message["evidence"]["entries"]:
                    self._see(entry)
            return answer

        return Keys(exchange)

    def _see(self, entry: list[object]) -> None:
        index, _, kind, fields, *_ = entry
        assert isinstance(fields, dict)
        handle = str(fields.get("handle"))
        self.reveals.append(f"{kind} {handle}")
        with replace(self._database, vault=SubjectVault(speaking_to(self._keeper))).connect(
            Service.AUDIT
        ) as outside:
            known = log.accounting(outside, Handle(handle))
            note = log.latest_checkpoint(outside)
        committed = [
            each for each in known if (each.index, each.kind) == (index, kind) and each.body == fields
        ]
        if not committed:
            self.violations.append(f"{kind}: no durable entry")
        elif note is None or read_checkpoint(note[1], KEY.verifier).size <= committed[0].index:
            self.violations.append(f"{kind}: not under a signed checkpoint")
        for name in ("recipient", "purpose", "subject" if kind == "disclosure.intended" else "handle"):
            if not fields.get(name):
                self.violations.append(f"{kind}: does not name its {name}")


@contextmanager
def watched(database: Database, folder: Path) -> Iterator[tuple[House, Watch]]:
    """A gate with one person on file, and its watch."""
    held = KeyFolder(folder / "keys", KEY.vkey)
    watch = Watch(database, Keeper(held, KEY.verifier))
    clock = FixedClock.on(CONTEXT.as_of)
    with Gate(database, LAW, CONTEXT, clock, KEY, throw_away=True, keys=watch.keys()) as gate:
        register = write_register(folder / "register", (ROSA,), (ASKED_HOME, SECRET_HOME))
        register_files.load(gate.acting(Service.LOAD), gate.the_keys(), register)
        yield House(gate, folder), watch
    held.close()


def run(house: House, folder: Path) -> dict[str, int]:
    """A lawful request and two that are not disclosed, through the whole gate; returns the outcomes."""
    rows = [VALID, without("statute", request_id="D"), without(taxpayer_tin="900-70-0099", request_id="N")]
    file = write_submission(folder / "s.csv", rows)
    return through(house, file, folder / "out").outcomes


def states(database: Database) -> list[str]:
    """The states of all requests, in row order."""
    with database.connect(Service.AUDIT) as outside:
        return [state for (state,) in outside.execute("SELECT state FROM gate.request ORDER BY row")]


def kinds(database: Database) -> list[str]:
    """The kinds of all entries, in order."""
    with database.connect(Service.AUDIT) as outside:
        return [kind for (kind,) in outside.execute("SELECT kind FROM log.entry ORDER BY idx")]
