"""One element of an authority: what must be shown, and what to say when it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.citation import Citation
from wicketgate.core.context import SwitchValue
from wicketgate.core.finding import Severity
from wicketgate.law.literate import Section
from wicketgate.law.strict import Table
from wicketgate.law.switches import Switch

_CODE = re.compile(r"[A-Z]{1,2}\d{1,2}(?::[A-Z]{2}-\d{2})?")
_ID = re.compile(rf"{_CODE.pattern}(?:/[a-z]+(?:-[a-z]+)*)?")


@dataclass(frozen=True, slots=True)
class Element:
    """A rule with its switches resolved.

    `needs` are the facts that must be known; `require` is the predicate's text; `sense`
    is the statute's sense in prose; `part` and `title` are its headings; `origin` is
    empty for the authority itself and else the overlay's name. An element that is
    `never` shown, whatever the request says, has neither needs nor predicate. An element
    is `implied_by` others when it is shown wherever all of them are: it can never be the
    only finding, and that is to be proved and not taken on trust.
    """

    id: str
    code: str
    citation: str
    severity: Severity
    needs: tuple[str, ...]
    require: str
    message: str
    remedy: str
    sense: str
    title: str
    part: str
    origin: str
    effective_from: date
    effective_to: date | None
    never: bool = False
    implied_by: tuple[str, ...] = ()

    def in_force(self, on: date) -> bool:
        """True from `effective_from` through `effective_to`, both included."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def read_element(
    section: Section,
    table: Table,
    switches: Mapping[str, Switch],
    chosen: Mapping[str, SwitchValue],
    origin: str,
) -> Element:
    """The element of one section; raises `AuthorityError` for whatever is missing, unknown or malformed."""
    place = table.place
    identity = table.text("id", 40)
    if not _ID.fullmatch(identity):
        raise place.error(f"the id {identity!r} is not of the form B5, B2:AD-08 or B5/repeated.")
    if section.title.split()[0] != identity:
        raise place.error(f"the heading must begin with the id {identity!r}.")
    code = table.text("code", 40) if table.has("code") else identity.partition("/")[0]
    if not _CODE.fullmatch(code):
        raise place.error(f"the code {code!r} is not of the form B5 or B2:AD-08.")
    never = table.flag("never")
    element = Element(
        id=identity,
        code=code,
        citation=_cite(table),
        severity=_severity(table, switches, chosen),
        needs=() if never else _needs(table),
        require="" if never else table.wrapped("require", 4_000),
        message=table.text("message", 400),
        remedy=table.text("remedy", 400),
        sense=section.sense,
        title=section.title.partition(" ")[2].strip() or identity,
        part=section.part,
        origin=origin,
        effective_from=table.day("effective_from"),
        effective_to=table.day("effective_to") if table.has("effective_to") else None,
        never=never,
        implied_by=_implied_by(table, identity),
    )
    table.close(("code", "effective_to", "never", "implied_by"))
    if never and (origin or element.severity is not Severity.DEFECT):
        raise place.error("`never` stands only in a defect of the authority itself.")
    if element.effective_to is not None and element.effective_to < element.effective_from:
        raise place.error("`effective_to` lies before `effective_from`.")
    return element


def _cite(table: Table) -> str:
    """One citation of a code in its canonical form, or a plain text that names a court's decision."""
    text = table.text("cite", 200)
    if not text[0].isdigit():
        return text
    try:
        return str(Citation.parse(text))
    except ValueError as problem:
        raise table.place.error(f"`cite` is {problem}.") from None


def _needs(table: Table) -> tuple[str, ...]:
    needs = table.texts("needs", 60)
    if not needs:
        raise table.place.error("`needs` must name at least one fact that has to be known.")
    for fact in needs:
        if fact not in CATALOGUE:
            raise table.place.error(f"`needs` names {fact!r}, which is not a fact of the catalogue.")
    return needs


def _implied_by(table: Table, identity: str) -> tuple[str, ...]:
    if not table.has("implied_by"):
        return ()
    ids = table.texts("implied_by", 40)
    if not ids:
        raise table.place.error("`implied_by` must name at least one element.")
    for other in ids:
        if not _ID.fullmatch(other) or other == identity:
            raise table.place.error(f"`implied_by` names {other!r}, which is not the id of another element.")
    return ids


def _severity(table: Table, switches: Mapping[str, Switch], chosen: Mapping[str, SwitchValue]) -> Severity:
    if not isinstance(table.value("severity"), dict):
        return _level(table, "severity")
    choice = table.table("severity")
    name = choice.text("switch", 60)
    switch = switches.get(name)
    if switch is None or switch.range is not None:
        raise table.place.error(f"`severity` depends on {name!r}, which is not a switch with named values.")
    levels = {value: _level(choice, value) for value in switch.selectable}
    choice.close()
    return levels[str(chosen[name])]


def _level(table: Table, key: str) -> Severity:
    text = table.text(key, 20)
    try:
        return Severity(text)
    except ValueError:
        raise table.place.error(f"the severity {text!r} is none of: defect, refer, note.") from None
