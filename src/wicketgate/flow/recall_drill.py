"""A recall rehearsed from end to end: what was disclosed elsewhere is imported, judged again, called back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow import recall_campaign
from wicketgate.flow.gate import Gate
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.recall_selection import DryRun, Selection, select
from wicketgate.flow.receive_file import receive_file
from wicketgate.flow.review_file import reviewed
from wicketgate.store import requests
from wicketgate.store.services import Service

BY_NUMBER, BY_NAME = "number and name", "name and address"
"""The two paths of the procedure of 2025."""
ADDRESS = "B2"
"""The element that the court's reading is about."""
INSPECTOR, COUNSEL = Actor("drill-inspector", Role.INSPECTOR), Actor("drill-counsel", Role.COUNSEL)


@dataclass(frozen=True, slots=True)
class Compared:
    """One list of the drill beside the truth."""

    name: str
    true: int
    """How many there are in truth; a drill about none would show nothing."""
    listed: int
    missing: int
    extra: int


@dataclass(frozen=True, slots=True)
class RecallDrill:
    """What was measured, in seconds, and whether the lists are the truth."""

    imported: int
    importing: float
    recalling: float
    """From the selection to the last notice."""
    lists: tuple[Compared, ...]
    called_back: int
    """Disclosures on the lists, each once."""
    residue: int
    """Asked back and not certified: all of them, since nobody has answered yet."""

    @property
    def as_it_must_be(self) -> bool:
        """True when there was something to find, the lists are the truth, and all of it is asked back."""
        exact = all(each.true and not each.missing and not each.extra for each in self.lists)
        return exact and self.residue == self.called_back > 0


def drill(
    gate: Gate,
    file: Path,
    answered: Set[str],
    by_number: Set[str],
    no_address: Set[str],
    on: date,
    progress: Progress = silent,
) -> RecallDrill:
    """Receive all of `file`, import what of it was answered, find what must come back, and recall it.

    `by_number` are the references answered without comparing the address, `no_address` those answered
    whose address is none: the truth, which the gate is not told except for the path.
    """
    begun = time.monotonic()
    with reviewed(file, gate.law, gate.context, progress) as review:
        submission = receive_file(gate, file, review, None, progress=progress).submission
    references = _references(gate, submission)
    rows: dict[str, list[int]] = {BY_NUMBER: [], BY_NAME: []}
    for row, reference in references.items():
        if reference in answered:
            rows[BY_NUMBER if reference in by_number else BY_NAME].append(row)
    progress("import what was disclosed", 0)
    imported = sum(
        recall_campaign.import_disclosures(gate, submission, found, path, on) for path, found in rows.items()
    )
    importing, begun = time.monotonic() - begun, time.monotonic()
    progress("find what must come back", 0)
    found = (
        select(gate, Selection(procedure=BY_NUMBER)),
        select(gate, Selection(submission=submission), under=gate.law, elements=[ADDRESS]),
    )
    lists = (
        _compared("answered by number, the address never compared", found[0], references, by_number),
        _compared("an address that is none, by re-evaluation", found[1], references, no_address),
    )
    whole = {each.handle: each for each in (*found[0].members, *found[1].members)}
    chosen = DryRun(tuple(whole[handle] for handle in sorted(whole, key=str)), imported)
    progress("call it back", 0)
    told = {"procedure": BY_NUMBER, "or under": f"{gate.law.authority.digest}, element {ADDRESS}"}
    number = recall_campaign.propose(gate, INSPECTOR, chosen, told, "A drill with made-up data.")
    recall_campaign.start(gate, COUNSEL, number)
    while recall_campaign.go_on(gate, number):
        pass
    standing = recall_campaign.standing(gate, number)
    recalling = time.monotonic() - begun
    return RecallDrill(imported, importing, recalling, lists, len(whole), standing.residue)


def _references(gate: Gate, submission: int) -> dict[int, str]:
    """The agency's reference of each row."""
    with gate.acting(Service.AUDIT) as connection:
        return {each.row: each.request_id for each in requests.standings(connection, submission)}


def _compared(name: str, found: DryRun, references: Mapping[int, str], truth: Set[str]) -> Compared:
    listed = {references[each.row] for each in found.members}
    return Compared(name, len(truth), len(listed), len(truth - listed), len(listed - truth))
