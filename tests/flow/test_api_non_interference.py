"""Non-interference through the API: who is on file changes no list, count, size, receipt or header there.

Two registers that differ in everybody who is asked for and not disclosed; an agency's system reads all
that it may, and both times it reads the same but for the random handles, byte for byte as long.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import copy_of
from tests.flow.test_non_interference import CONTEXT, KEY, LAW, REQUESTS, on_file
from tests.keeping import keys_in
from tests.stories.people import ROSA, ROSA_HOME, write_register, write_submission
from wicketgate.core.clock import FixedClock
from wicketgate.core.identifiers import Handle
from wicketgate.flow import register_files
from wicketgate.flow.api import keys as key_acts
from wicketgate.flow.api import reading
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.packages import collect
from wicketgate.flow.api.receipts import receipts_of
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import House
from wicketgate.flow.pick_up import SignedPickUp
from wicketgate.flow.simulate import through
from wicketgate.store.database import Database
from wicketgate.store.services import Service

DHS = Caller("sha256:" + "0" * 64, "case system", "DHS")
RANDOM = re.compile(r"WG(-[2-9A-Z]{4}){3}|sha256:[0-9a-f]{64}")
"""Handles, and the names of fresh keys."""
PAIRS = (
    (("absent",) * 4, ("informant", "twin", "elsewhere", "no last known")),
    (("number of another", "sensitive", "absent", "former year"), ("absent", "absent", "initial", "twin")),
)


def seen(template: Database, fates: tuple[str, ...]) -> list[str]:
    """Everything that the agency's system can read, in order, handles masked."""
    persons, addresses = [ROSA], [ROSA_HOME]
    for n, fate in enumerate(fates):
        more_persons, more_addresses = on_file(n, fate)
        persons += more_persons  # type: ignore[arg-type]
        addresses += more_addresses  # type: ignore[arg-type]
    with TemporaryDirectory() as name, copy_of(template) as database:
        folder = Path(name)
        write_register(folder / "register", persons, addresses)
        file = write_submission(folder / "s.csv", REQUESTS)
        keys, clock = keys_in(folder / "keys", KEY.vkey), FixedClock.on(CONTEXT.as_of)
        with Gate(database, LAW, CONTEXT, clock, KEY, throw_away=True, keys=keys) as gate:
            register_files.load(gate.acting(Service.LOAD), keys, folder / "register")
            before = told(gate)
            through(House(gate, folder), file, folder / "out")
            return before + told(gate)


def told(gate: Gate) -> list[str]:
    """What each operation that reads tells."""
    from wicketgate.web.api.answers import request_status, submission_line

    page = reading.listed(gate, DHS, None, 200, None)
    found = [str(request_status(each)) for each in page.items] + [str(page.after)]
    for each in page.items:
        handle = Handle(each.handle)
        found.append(str(request_status(reading.one(gate, DHS, handle))))
        given = receipts_of(gate, DHS, handle)
        found += [
            f"{one.name} {len(one.receipt)} {[(k, len(v)) for k, v in one.openings.items()]}" for one in given
        ]
        found.append(wished(gate, handle))
    for line in reading.submissions(gate, DHS, None, 50)[0]:
        found.append(str((submission_line(line), reading.submission(gate, DHS, line.submission)[1])))
    found += [str(reading.notices(gate, DHS, None, 50)), str(len(key_acts.keys(gate, DHS, None, 50)[0]))]
    return [RANDOM.sub("*", each) for each in found]


def wished(gate: Gate, handle: Handle) -> str:
    """A pick-up that nobody signed: the same words for a package and for none."""
    nobodys = SignedPickUp("sha256:" + "1" * 64, "n" * 20, gate.clock.now(), "x" * 100)
    with pytest.raises(CallRefusedError) as refused:
        collect(gate, DHS, handle, "sha256:" + "2" * 64, nobodys)
    return f"{refused.value.status} {refused.value.sentence}"


@pytest.mark.parametrize("pair", PAIRS)
def test_an_agencys_system_reads_the_same_whoever_is_on_file(
    template: Database, pair: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    one, another = (seen(template, fates) for fates in pair)
    assert one == another
    assert any("'disclosed'" in each or "'picked_up'" in each for each in one)
    assert sum("no_disclosure" in each for each in one) >= 4
