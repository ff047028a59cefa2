"""Does time tell who is on file? The work on an answer, the slot in which it leaves, its place in the slot.

Half of the people asked for are on file and must not be disclosed (their number is another); the others are
not there at all. One request after the other is put to the register while the machine's clock runs. For each
thing that could be timed the area under the curve says how well it tells the two halves apart: 0.5 is not at
all, 1 is always.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from tests.campaigns.disclosures import law_and_context
from tests.keeping import keys_in
from tests.stories.people import without, write_register
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.clock import SystemClock
from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.flow import register_files
from wicketgate.flow.ask import ask
from wicketgate.flow.determine import determine
from wicketgate.flow.endorse import endorse
from wicketgate.flow.gate import Gate, Rows
from wicketgate.flow.outbox import open_all, open_due
from wicketgate.flow.receive import Incoming, receive
from wicketgate.ledger import LogKey
from wicketgate.stages.answer import NO_DISCLOSURE
from wicketgate.stages.facts import row_facts
from wicketgate.store import answers, requests
from wicketgate.store.database import Database
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
SLOT = timedelta(minutes=1)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Timing:
    """Areas under the curve over `requests` requests, and in how many slots they were answered."""

    requests: int
    slots: int
    inner: float
    """From the work of the register and the gate, which no requester sees."""
    outward: float
    """From how long a requester waits, by the clock, until the slot opens."""
    order: float
    """From the place of the answer among all that leave."""
    reading: float
    """From how long it takes to read the answer at the door."""


def measure(database: Database, folder: Path, each: int, seed: int) -> Timing:
    """Ask for `each` people on file and for as many who are not, in random order."""
    people = [(number, number < each) for number in range(2 * each)]
    random.Random(seed).shuffle(people)
    context = replace(CONTEXT, answer_slot=SLOT)
    key = LogKey.generate("gate.example/timing")
    keys = keys_in(folder / "keys", key.vkey)
    with Gate(database, LAW, context, SystemClock(), key, throw_away=True, keys=keys) as gate:
        register_files.load(gate.acting(Service.LOAD), keys, _register(folder / "register", each))
        began = open_due(gate)
        submission, handles = _endorsed(gate, [_request(number) for number, _ in people])
        on_file = {handle: held for handle, (_, held) in zip(handles, people, strict=True)}
        asked: dict[Handle, datetime] = {}
        inner: dict[Handle, float] = {}
        for row, handle in enumerate(handles, 1):
            asked[handle], started = datetime.now(UTC), time.perf_counter()
            assert ask(gate, Rows(submission, row, row)) == 1
            inner[handle] = time.perf_counter() - started
            if row % _PAGE == 0:
                open_due(gate)
        open_all(gate)
        with gate.acting(Service.PORTAL) as connection:
            left = list(answers.left_after(connection, began))
        reading = {}
        for _, handle, body in left:
            assert NO_DISCLOSURE in body
            with gate.acting(Service.PORTAL) as connection:
                started = time.perf_counter()
                answers.read(connection, handle)
                reading[handle] = time.perf_counter() - started
    assert {handle for _, handle, _ in left} == set(handles)
    waits = {handle: (at - asked[handle]).total_seconds() for at, handle, _ in left}
    places = {handle: float(place) for place, (_, handle, _) in enumerate(left)}

    def area(found: dict[Handle, float]) -> float:
        return auc((value, on_file[handle]) for handle, value in found.items())

    return Timing(
        len(left),
        len({at for at, _, _ in left}),
        *(round(area(found), 4) for found in (inner, waits, places, reading)),
    )


def auc(values: Iterable[tuple[float, bool]]) -> float:
    """How often a value of the true class is above one of the false class; equal ones count half."""
    below = won = 0.0
    true = false = 0
    for _, equal in groupby(sorted(values), key=lambda pair: pair[0]):
        marks = [mark for _, mark in equal]
        of_true = sum(marks)
        of_false = len(marks) - of_true
        won += of_true * (below + of_false / 2)
        below += of_false
        true, false = true + of_true, false + of_false
    return won / (true * false)


def _register(folder: Path, each: int) -> Path:
    persons, addresses = [], []
    for number in range(each):
        name = _surname(number)
        persons.append((f"p{number}", f"{910700000 + number}", "Ines", "", name, "", "1970-01-02", ""))
        addresses.append(
            (f"p{number}", f"{number + 1} Cedar Rd", "", "Salem", "OR", "97301", "US", "2019", "", "true")
        )
    return write_register(folder, persons, addresses)


def _request(number: int) -> Request:
    """The people on file have another number there, so nobody may be disclosed."""
    return Request.from_mapping(
        without(
            "taxpayer_middle_name",
            request_id=f"R{number:06}",
            taxpayer_first_name="Ines",
            taxpayer_last_name=_surname(number),
            taxpayer_tin=f"{920700000 + number}",
            address_line1=f"{number + 1} Cedar Road",
        )
    )


def _surname(number: int) -> str:
    letters = "bcdfghjklmnpqrstvz"
    return "A" + "".join(letters[number // len(letters) ** place % len(letters)] + "a" for place in range(4))


def _endorsed(gate: Gate, asked: Sequence[Request]) -> tuple[int, list[Handle]]:
    """Everything up to the question on record, in row order."""
    incoming = []
    for row, request in enumerate(asked, 1):
        found = row_facts(request, gate.context, LAW.authority.vocabulary).facts
        facts = dict.fromkeys(SET_FACTS, 1) | found
        incoming.append(Incoming(row, request, facts, LAW.evaluate(facts)))
    with gate.acting(Service.INTAKE) as connection:
        opened = requests.open_submission(
            connection,
            name="timing",
            digest=digest("timing"),
            authority=LAW.authority.name,
            authority_digest=LAW.authority.digest,
            as_of=gate.context.as_of,
            at=gate.clock.now(),
        )
    for first in range(0, len(incoming), _PAGE):
        receive(gate, opened, incoming[first : first + _PAGE], None)
    whole = Rows(opened.submission, 1, len(incoming))
    determine(gate, whole)
    endorse(gate, whole, "scripted examiner")
    with gate.acting(Service.AUDIT) as connection:
        stored = requests.between(connection, opened.submission, 1, len(incoming))
    return opened.submission, [each.standing.handle for each in stored]
