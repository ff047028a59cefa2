"""What another version of the law, or another reading of it, would have made of the requests on record.

Nothing is activated, changed or recorded: the facts that were found of each request are judged once under the
version in force and once under the draft, and every difference is traced to elements and agencies.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.context import SwitchValue
from wicketgate.core.facts import Facts
from wicketgate.flow.backtest import pair_of
from wicketgate.flow.backtest_result import EXAMPLES, Backtest, Change, Example, Pair, Side
from wicketgate.flow.gate import Gate
from wicketgate.flow.outputs import Signature
from wicketgate.flow.progress import Progress, silent
from wicketgate.law import AuthorityError, CompiledLaw, compile_authority, load
from wicketgate.stages.facts import row_facts
from wicketgate.store import requests
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service

HEAD = ("handle", "agency", "change", "old_determination", "new_determination", "responsible")
_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes: in all, and by agency."""

    all: Backtest
    agencies: Mapping[str, Sequence[Pair]]
    changed: Sequence[tuple[str, ...]] = field(repr=False)
    """One row (`HEAD`) for each request of which something else is found, as far as they are kept."""

    def by_agency(self) -> dict[str, dict[Change, int]]:
        """How many requests of each agency each change concerns."""
        found = {}
        for agency, pairs in sorted(self.agencies.items()):
            counted = dict.fromkeys(Change, 0)
            for pair in pairs:
                if pair.change is not None:
                    counted[pair.change] += pair.requests
            found[agency] = counted
        return found


def draft(
    gate: Gate,
    *,
    authority: str | None = None,
    root: Path | None = None,
    overlays: Sequence[str] | None = None,
    switches: Mapping[str, SwitchValue] | None = None,
) -> CompiledLaw:
    """The version to be tried: the one in force with other switches or overlays, or another text of it.

    `root` is a folder of authorities in which a draft lies. Raises `AuthorityError`.
    """
    present = gate.law.authority
    kept = tuple(overlay.name for overlay in present.overlays)
    return compile_authority(
        load(
            authority or present.name,
            kept if overlays is None else overlays,
            on=gate.context.as_of,
            switches={**gate.context.switches, **(switches or {})},
            root=root,
        )
    )


def what_if(
    gate: Gate,
    new: CompiledLaw,
    *,
    newest: int | None = None,
    keep: int | None = None,
    progress: Progress = silent,
) -> WhatIf:
    """Judge the requests on record under the law in force and under `new`.

    With `newest`, only so many of them, the newest first; with `keep`, so many changed requests are listed.
    Memory grows with what is listed and not with the requests.
    """
    old = gate.law
    same = old.authority.vocabulary == new.authority.vocabulary
    counted: Counter[tuple[str, int, int]] = Counter()
    pairs: dict[tuple[int, int], Pair] = {}
    changed: list[tuple[str, ...]] = []
    examples: dict[Change, list[Example]] = {change: [] for change in Change}
    number = 0
    for number, stored in enumerate(_stored(gate, newest), 1):
        facts = stored.facts if same else _again(gate, stored, new)
        masks = old.evaluate(stored.facts), new.evaluate(facts)
        agency = stored.agency_line[0] if stored.agency_line else "unknown"
        counted[agency, *masks] += 1
        pair = pairs.get(masks)
        if pair is None:
            pair = pairs[masks] = pair_of(_signature(old, masks[0], 1), _signature(new, masks[1], 1))
        if pair.change is not None:
            row = (
                stored.standing.handle.text,
                agency,
                str(pair.change),
                str(pair.old.determination),
                str(pair.new.determination),
                ";".join(pair.codes),
            )
            if keep is None or len(changed) < keep:
                changed.append(row)
            if len(examples[pair.change]) < EXAMPLES:
                examples[pair.change].append(Example(number, row[0], *row[3:]))
        if number % _PAGE == 0:
            progress("judge the requests on record again", number)
    agencies: dict[str, list[Pair]] = {}
    whole: Counter[tuple[int, int]] = Counter()
    for (agency, before, now), times in counted.items():
        whole[before, now] += times
        agencies.setdefault(agency, []).append(_times(pairs[before, now], times))
    found = [_times(pairs[masks], times) for masks, times in whole.most_common()]
    sides = Side(old, gate.context), Side(new, replace(gate.context, switches=dict(new.authority.switches)))
    every = Backtest("the requests on record", "", number, number, 0, *sides, found, examples)
    return WhatIf(every, agencies, changed)


def write_changed(path: Path, found: WhatIf) -> None:
    """The changed requests as CSV, by handle."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        rows.writerows(found.changed)


def _stored(gate: Gate, newest: int | None) -> Iterator[StoredRequest]:
    """Requests by submission, the newest first, each page in a transaction of its own."""
    left = newest
    with gate.acting(Service.AUDIT) as connection:
        known = requests.submissions(connection)[::-1]
    for submission in known:
        with gate.acting(Service.AUDIT) as connection:
            last = requests.last_row(connection, submission)
        while last > 0 and (left is None or left > 0):
            first = max(1, last - min(_PAGE, left or _PAGE) + 1)
            with gate.acting(Service.AUDIT) as connection:
                page = requests.between(connection, submission, first, last)
            yield from (each for each in page if each.facts)
            left = None if left is None else left - len(page)
            last = first - 1


def _again(gate: Gate, stored: StoredRequest, law: CompiledLaw) -> Facts:
    """The facts as another vocabulary reads them, on the day of the first review.

    What needs the other requests of its submission stays as it was found.
    """
    context = replace(gate.context, as_of=stored.determined_on or stored.received_at.date())
    found = row_facts(stored.request, context, law.authority.vocabulary).facts
    return found | {name: stored.facts[name] for name in SET_FACTS if name in stored.facts}


def _signature(law: CompiledLaw, mask: int, times: int) -> Signature:
    return Signature((mask,), times, law.determination(mask), law.findings(mask))


def _times(pair: Pair, times: int) -> Pair:
    return replace(
        pair,
        requests=times,
        old=replace(pair.old, requests=times),
        new=replace(pair.new, requests=times),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A switch: its question, the answer in force, and what may be tried."""

    name: str
    question: str
    in_force: str
    values: Mapping[str, str]
    """Answers that may be tried, with their sense, the strictest first; empty where a number is one."""
    range: tuple[int, int] | None
    """The least and the greatest number."""


def readings(gate: Gate) -> dict[str, Reading]:
    """Every switch of the law in force, by its name."""
    present = gate.law.authority
    return {
        switch.name: Reading(
            switch.name,
            switch.question,
            str(present.switches[switch.name]),
            {choice.value: choice.sense for choice in switch.choices if choice.value in switch.selectable}
            if switch.range is None
            else {},
            switch.range,
        )
        for switch in present.switch_table
    }


__all__ = ["HEAD", "AuthorityError", "Reading", "WhatIf", "draft", "readings", "what_if", "write_changed"]
