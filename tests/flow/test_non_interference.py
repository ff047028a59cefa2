"""Non-interference: who is on file, and is not lawfully disclosed, changes nothing that a requester sees.

Two registers hold the same person who is disclosed, and differ in all the people who are asked for and
are not: absent, elsewhere, under another number, confusable, held back, or made up. The requesters' answers
are the same bytes, and the public log is as long. A canary can take disclosures away, and then what stands
in their place is the answer that everybody else gets.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.campaigns.disclosures import law_and_context
from tests.conftest import copy_of
from tests.keeping import keys_in
from tests.stories.people import ROSA, ROSA_HOME, VALID, without, write_register, write_submission
from wicketgate.core.clock import FixedClock
from wicketgate.flow import register_files
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import House
from wicketgate.flow.simulate import through
from wicketgate.ledger import LogKey
from wicketgate.stages.answer import NO_DISCLOSURE
from wicketgate.store import answers
from wicketgate.store.database import Database
from wicketgate.store.services import Service

LAW, CONTEXT = law_and_context()
KEY = LogKey.generate("wicketgate.example/test")
SURNAMES = ("Albrecht", "Boateng", "Castellano", "Drummond")
FATES = (
    *("absent", "elsewhere", "other number", "number of another", "twin", "junior and senior", "initial"),
    *("informant", "sensitive", "former year", "no last known", "canary", "canary elsewhere"),
)
Row: TypeAlias = tuple[str, ...]
Left: TypeAlias = Counter[tuple[datetime, str]]
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NEXT_SLOT = datetime.combine(CONTEXT.as_of + timedelta(days=1), time.min, UTC)


def on_file(n: int, fate: str) -> tuple[list[Row], list[Row]]:
    """The rows of one surname's people; none of them may be disclosed to the request for that surname."""
    tin, last = f"90070010{n}", SURNAMES[n]
    flags = {"informant": "informant", "sensitive": "tax_case_sensitive"}.get(fate, fate.split()[0])
    person = (f"q{n}", tin, "Ines", "", last, "", "1970-01-02", flags if flags in FLAGGED else "")
    home = (f"q{n}", f"{n + 1}2 Cedar Rd", "", "Salem", "OR", "97301", "US", "2019", "", "true")
    away = (home[0], f"{n + 1}7 Larch Ln", *home[2:])
    other = ("r" + person[0], "", *person[2:])
    match fate:
        case "absent":
            return [], []
        case "elsewhere" | "canary elsewhere":
            return [person], [away]
        case "other number":
            return [(person[0], f"90070020{n}", *person[2:])], [home]
        case "number of another":
            return [person, (other[0], tin, "Zoe", "", "Zimmer", "", "", "")], [home, (other[0], *away[1:])]
        case "twin":
            return [person, other], [home, (other[0], *home[1:])]
        case "junior and senior":
            return [(*person[:5], "Sr", *person[6:]), (*other[:5], "Jr", *other[6:])], [
                home,
                (other[0], *home[1:]),
            ]
        case "initial":
            return [(*person[:2], "I", *person[3:])], [home]
        case "former year":
            return [person], [(*home[:7], "2010", "2012", "true")]
        case "no last known":
            return [person], [(*home[:9], "false")]
        case _:
            return [person], [home]


FLAGGED = ("informant", "tax_case_sensitive", "canary")


def request(n: int) -> dict[str, str]:
    return without(
        "taxpayer_middle_name",
        request_id=f"Q{n}",
        taxpayer_first_name="Ines",
        taxpayer_last_name=SURNAMES[n],
        taxpayer_tin=f"90070010{n}",
        address_line1=f"{n + 1}2 Cedar Road",
        reasons=VALID["reasons"].replace("twice", ("twice", "three times", "four times", "five times")[n]),
    )


REQUESTS = [
    request(0),
    VALID,
    *(request(n) for n in range(1, len(SURNAMES))),
    without("statute", request_id="D"),
]


def transcript(template: Database, fates: tuple[str, ...]) -> tuple[list[bytes], list[int], str, Left]:
    """What leaves the gate: the answers without the packages, the packages' lengths, the log's size.

    And the same as the door tells it: the one slot of each answer, and the answers of the slot in no order.
    """
    persons: list[Row] = [ROSA]
    addresses: list[Row] = [ROSA_HOME]
    for n, fate in enumerate(fates):
        more_persons, more_addresses = on_file(n, fate)
        persons += more_persons
        addresses += more_addresses
    with TemporaryDirectory() as name, copy_of(template) as database:
        folder = Path(name)
        write_register(folder / "register", persons, addresses)
        file = write_submission(folder / "s.csv", REQUESTS)
        keys, clock = keys_in(folder / "keys", KEY.vkey), FixedClock.on(CONTEXT.as_of)
        with Gate(database, LAW, CONTEXT, clock, KEY, throw_away=True, keys=keys) as gate:
            register_files.load(gate.acting(Service.LOAD), keys, folder / "register")
            through(House(gate, folder), file, folder / "out")
            with gate.acting(Service.PORTAL) as connection:
                left = Counter((at, body) for at, _, body in answers.left_after(connection, LONG_AGO))
        lines = (folder / "out" / "outward.jsonl").read_bytes().splitlines()
        told = [json.loads(line) for line in lines]
        packages = [len(answer.pop("package", "")) for answer in told]
        size = (folder / "out" / "ledger" / "checkpoint").read_text().splitlines()[1]
        sealed = [
            line if not size else json.dumps(answer).encode()
            for line, answer, size in zip(lines, told, packages, strict=True)
        ]
    return sealed, packages, size, left


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(*(st.tuples(*(st.sampled_from(FATES) for _ in SURNAMES)) for _ in range(2)))
@example(("absent",) * 4, ("informant", "twin", "elsewhere", "no last known"))
@example(("absent",) * 4, ("sensitive", "other number", "former year", "canary elsewhere"))
@example(
    ("absent", "absent", "initial", "absent"), ("absent", "canary", "junior and senior", "number of another")
)
def test_the_requester_sees_the_same_whoever_is_on_file(
    template: Database, one: tuple[str, ...], another: tuple[str, ...]
) -> None:
    seen = [(transcript(template, fates), "canary" in fates) for fates in (one, another)]
    ((lines, packages, size, left), hit), ((others, other_packages, other_size, other_left), other_hit) = seen
    rosa = REQUESTS.index(VALID)
    uniform = json.dumps(
        {"request_id": VALID["request_id"], "answer": "no_disclosure", "text": NO_DISCLOSURE}
    ).encode()
    for row, (line, other) in enumerate(zip(lines, others, strict=True)):
        assert row == rosa or line == other
    for (told, lengths, _, out), paused in seen:
        assert (told[rosa] == uniform) == paused
        assert [bool(length) for length in lengths] == [
            row == rosa and not paused for row in range(len(told))
        ]
        assert {at for at, _ in out} == {NEXT_SLOT}  # every kind of answer, in one slot
        assert sorted(body.encode() for _, body in out.elements()) == sorted(told)
    if hit == other_hit:
        assert (lines, packages, size, left) == (others, other_packages, other_size, other_left)
