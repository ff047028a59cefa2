"""Cases beside the rules: facts of requests, and what the authority must say about them.

`cases.toml` has bases (complete sets of facts), for every element facts with
which it is shown and facts with which it is not, and stories with the whole
outcome. A change in a case is written as the facts that differ from its base;
``"<missing>"`` takes a fact away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import SwitchValue
from wicketgate.core.facts import Facts, FactValue
from wicketgate.core.finding import Determination, Severity
from wicketgate.law.compiled import CompiledLaw
from wicketgate.law.element import Element
from wicketgate.law.errors import Place
from wicketgate.law.strict import Table, parse

MISSING = "<missing>"


@dataclass(frozen=True, slots=True)
class Case:
    """One request as facts, under which overlays and switches, and the expected answer.

    Either `element` and `shown` are given, or `determination` and `codes` (of defects and referrals).
    """

    name: str
    facts: Facts
    overlays: tuple[str, ...]
    switches: Mapping[str, SwitchValue]
    element: str = ""
    shown: bool = False
    determination: Determination | None = None
    codes: tuple[str, ...] = ()

    def problem(self, law: CompiledLaw) -> str | None:
        """What is wrong with the law's answer; None when it is the expected one."""
        mask = law.evaluate(self.facts)
        if self.determination is None:
            found = [index for index, element in enumerate(law.elements) if element.id == self.element]
            if not found:
                return f"{self.name}: there is no element {self.element}"
            if bool(mask >> found[0] & 1) is not self.shown:
                return f"{self.name}: {self.element} is {'not shown' if self.shown else 'shown'}"
            return None
        findings = law.findings(mask)
        codes = {finding.code for finding in findings if finding.severity is not Severity.NOTE}
        reached = Determination.of(findings)
        if (reached, codes) != (self.determination, set(self.codes)):
            return f"{self.name}: is {reached} with {', '.join(sorted(codes)) or 'no findings'}"
        return None


def read_cases(text: str, place: Place) -> tuple[Case, ...]:
    """Every case of the file; raises `AuthorityError` for unknown facts, values and keys."""
    root = parse(text, place)
    bases: dict[str, dict[str, FactValue]] = {}
    table = root.table("bases")
    for name in table.names():
        base = table.table(name)
        like = bases[base.text("like", 40)] if base.has("like") else {}
        bases[name] = _changed(like, base.table("facts"))
        base.close(("like",))
    cases = [*_element_cases(root.table("elements"), bases), *_stories(root, bases)]
    root.close()
    return tuple(cases)


def _element_cases(table: Table, bases: Mapping[str, Facts]) -> Iterator[Case]:
    for name in table.names():
        entry = table.table(name)
        base = _base(entry, bases)
        overlays, switches = _setting(entry)
        for key in ("shown", "not_shown"):
            changes = entry.tables(key) if entry.has(key) else ()
            for number, change in enumerate(changes, start=1):
                facts = _changed(base, change)
                yield Case(f"{name} {key} {number}", facts, overlays, switches, name, key == "shown")
        entry.close(("base", "overlays", "switches"))


def _stories(root: Table, bases: Mapping[str, Facts]) -> Iterator[Case]:
    for entry in root.tables("stories"):
        overlays, switches = _setting(entry)
        facts = _changed(_base(entry, bases), entry.table("set")) if entry.has("set") else _base(entry, bases)
        expected = Determination(entry.text("expect", 20))
        name, codes = entry.text("title", 200), entry.texts("codes", 40)
        entry.close(("base", "set", "overlays", "switches"))
        yield Case(name, facts, overlays, switches, determination=expected, codes=codes)


def _setting(entry: Table) -> tuple[tuple[str, ...], dict[str, SwitchValue]]:
    overlays = entry.texts("overlays", 60) if entry.has("overlays") else ()
    switches: dict[str, SwitchValue] = {}
    if entry.has("switches"):
        table = entry.table("switches")
        for name in table.names():
            value = table.value(name)
            switches[name] = value if type(value) is int else table.text(name, 60)
    return overlays, switches


def _base(entry: Table, bases: Mapping[str, Facts]) -> Facts:
    name = entry.text("base", 40) if entry.has("base") else next(iter(bases))
    if name not in bases:
        raise entry.place.error(f"there is no base {name!r}.")
    return bases[name]


def _changed(base: Facts, change: Table) -> dict[str, FactValue]:
    facts = dict(base)
    for name in change.names():
        value = change.value(name)
        if name not in CATALOGUE:
            raise change.place.error(f"{name!r} is not a fact of the catalogue.")
        if value == MISSING:
            facts.pop(name, None)
            continue
        admitted = CATALOGUE[name].admit(value.isoformat() if type(value) is date else value)
        if admitted is None:
            raise change.place.error(f"{value!r} can never be {name}.")
        facts[name] = admitted
    return facts


def uncovered(cases: Sequence[Case], elements: Sequence[Element]) -> list[str]:
    """Sentences about elements that lack a case in which they are shown, or one in which they are not.

    An element that is never shown needs the second only.
    """
    covered = {(case.element, case.shown) for case in cases if case.element}
    return [
        f"{element.id}: no case in which it is {'shown' if shown else 'not shown'}"
        for element in elements
        for shown in (True, False)
        if (element.id, shown) not in covered and not (shown and element.never)
    ]
