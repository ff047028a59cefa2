"""Which disclosures a recall concerns: by what is on record, or by what another version says of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from wicketgate.core.finding import Determination, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.law import CompiledLaw
from wicketgate.stages.facts.officers import officer_scopes
from wicketgate.store import campaigns, packages, requests
from wicketgate.store.campaigns import Disclosed
from wicketgate.store.services import Service

_PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What is on record about a disclosure; every condition that is given must fit, and one must be given."""

    authority: str | None = None
    """The digest of the version that it was determined under."""
    element: str | None = None
    """A code that was found and then resolved by counsel, such as `B5`."""
    switch: tuple[str, str] | None = None
    """A switch and the value that it had."""
    officer: str | None = None
    """To whom it was sealed, as requests name officers."""
    agency: str | None = None
    """The requesting agency or one above it."""
    submission: int | None = None
    since: date | None = None
    until: date | None = None
    """Days on which it was released, both inclusive."""
    first: int | None = None
    last: int | None = None
    """Entries of the ledger, both inclusive."""
    procedure: str | None = None
    """Of what was disclosed elsewhere and imported."""

    def conditions(self) -> dict[str, object]:
        """Those that are given."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in given.items() if value not in (None, "")}

    def told(self) -> dict[str, str]:
        """In words, as a campaign keeps it."""
        return {
            name: " = ".join(value) if isinstance(value, tuple) else str(value)
            for name, value in self.conditions().items()
        }


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a recall would concern, before anybody proposes it."""

    members: tuple[Disclosed, ...]
    examined: int
    """Disclosures that fit the conditions, before another version was asked."""
    expunged: int = 0
    """Disclosures that fit besides and were expunged: nothing judges them again or calls them back."""

    @property
    def list_digest(self) -> str:
        """Of the handles in order, one a line."""
        text = "".join(f"{each.handle}\n" for each in self.members)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    def counts(self) -> dict[str, dict[str, int]]:
        """How many by agency, by state, by version and by submission."""
        return {
            "agency": dict(Counter(each.agency for each in self.members)),
            "state": dict(Counter(each.state for each in self.members)),
            "version": dict(Counter(each.authority_digest for each in self.members)),
            "submission": dict(Counter(str(each.submission) for each in self.members)),
        }


def select(
    gate: Gate, selection: Selection, *, under: CompiledLaw | None = None, elements: Sequence[str] = ()
) -> DryRun:
    """The disclosures that are out and fit; with `under`, only those that this version finds deficient.

    With `elements`, only those in which one of these elements is the defect.
    """
    conditions = selection.conditions()
    with gate.acting(Service.AUDIT) as connection:
        if selection.officer:
            conditions["officer"] = _spelt(selection.officer, packages.officers(connection))
        found, expunged = campaigns.disclosed(connection, conditions)
    if under is None:
        return DryRun(tuple(found), len(found), expunged)
    deficient = dict(_judged(gate, found, under, frozenset(elements)))
    members = tuple(each for each in found if deficient.get(each.handle))
    return DryRun(members, len(found), expunged + len(found) - len(deficient))


def _judged(
    gate: Gate, found: Sequence[Disclosed], law: CompiledLaw, elements: frozenset[str]
) -> Iterator[tuple[Handle, bool]]:
    """Whether this version finds each deficient, by the facts that are stored; nothing else is read.

    What is expunged meanwhile has none, and is left out.
    """
    handles, known = [each.handle for each in found], dict[int, bool]()
    for first in range(0, len(handles), _PIECE):
        with gate.acting(Service.AUDIT) as connection:
            facts = requests.facts_of(connection, handles[first : first + _PIECE])
        for handle, each in facts.items():
            shown = law.evaluate(each)
            if shown not in known:
                known[shown] = _is_deficient(law, shown, elements)
            yield handle, known[shown]


def _is_deficient(law: CompiledLaw, shown: int, elements: frozenset[str]) -> bool:
    codes = {finding.code for finding in law.findings(shown) if finding.severity is Severity.DEFECT}
    if elements:
        return any(code in elements or code.split(":")[0] in elements for code in codes)
    return law.determination(shown) is Determination.DEFICIENT


def _spelt(officer: str, registered: Sequence[str]) -> list[str]:
    """The registered officers that are meant, however their names are spelt."""
    scopes = officer_scopes(officer)
    return [each for each in registered if scopes and scopes[0] in officer_scopes(each)]
