"""The conformance suite: requests that tell the law from every small mistake in it.

`conformance.jsonl` stands beside an authority's rules and is written by the solver (see
`prove.suite`). Its first line holds a complete request; every other line says how a
request differs from it, under which switches, which elements are then not shown, what
the determination is, and the mistake that the line was written for. Every engine that
runs the law replays it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import SwitchValue
from wicketgate.core.facts import Facts, FactValue
from wicketgate.core.finding import Determination, Severity
from wicketgate.law.agreement import Batch, duckdb_masks, typed_columns
from wicketgate.law.authority import load
from wicketgate.law.compiled import CompiledLaw, compile_authority
from wicketgate.law.element import Element
from wicketgate.law.errors import AuthorityError, Place
from wicketgate.law.mutants import Mutant
from wicketgate.law.python_code import python_function
from wicketgate.law.source import find

FILE = "conformance.jsonl"
EvaluateMany = Callable[[Sequence[Facts]], list[int]]
"""One engine: the masks of many requests, in order."""


def _python(law: CompiledLaw) -> EvaluateMany:
    return lambda requests: [law.evaluate(facts) for facts in requests]


def _duckdb(law: CompiledLaw) -> EvaluateMany:
    return lambda requests: duckdb_masks(law, Batch(typed_columns(law), requests))


ENGINES: Final[Mapping[str, Callable[[CompiledLaw], EvaluateMany]]] = {"Python": _python, "DuckDB": _duckdb}
"""The engines that need nothing but this package."""


@dataclass(frozen=True, slots=True)
class Row:
    """One request and what the law says of it."""

    facts: Facts
    not_shown: frozenset[str]
    determination: Determination
    tells: str


@dataclass(frozen=True, slots=True)
class Setting:
    """The law with some overlays and under some switches, and the rows for it."""

    overlays: tuple[str, ...]
    switches: Mapping[str, SwitchValue]
    law: CompiledLaw
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """All rows of an authority. `mutants` were told apart, but for those that provably change nothing."""

    authority: str
    on: date
    base: Facts
    settings: tuple[Setting, ...]
    mutants: int
    unchanging: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(len(setting.rows) for setting in self.settings)

    def to_text(self) -> str:
        """The suite as the text of its file."""
        head = {
            "authority": self.authority,
            "on": self.on.isoformat(),
            "mutants": self.mutants,
            "unchanging": self.unchanging,
            "base": self.base,
        }
        lines = [head, *(line for setting in self.settings for line in self._lines(setting))]
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def _lines(self, setting: Setting) -> Iterator[dict[str, object]]:
        order = [element.id for element in setting.law.elements]
        for row in setting.rows:
            changed = {f: v for f in CATALOGUE if (v := row.facts.get(f)) != self.base.get(f)}
            yield {
                "set": changed,
                **({"overlays": setting.overlays} if setting.overlays else {}),
                **({"switches": dict(setting.switches)} if setting.switches else {}),
                "not_shown": sorted(row.not_shown, key=order.index),
                "determination": row.determination,
                "tells": row.tells,
            }


def row_of(law: CompiledLaw, facts: Facts, tells: str) -> Row:
    """The row that the law itself writes for these facts."""
    mask = law.evaluate(facts)
    return Row(facts, _not_shown(law, mask), law.determination(mask), tells)


def replay(law: CompiledLaw, rows: Sequence[Row], evaluate_many: EvaluateMany) -> list[str]:
    """What an engine gets wrong, one sentence each; `evaluate_many` returns masks of `law`'s elements."""
    masks = evaluate_many([row.facts for row in rows])
    if len(masks) != len(rows):
        return [f"The engine answered {len(masks)} of {len(rows)} requests."]
    return [
        f"{row.tells}: the engine does not show {', '.join(sorted(found)) or 'nothing'}; "
        f"by the suite it is {', '.join(sorted(row.not_shown)) or 'nothing'}."
        for row, mask in zip(rows, masks, strict=True)
        if (found := _not_shown(law, mask)) != row.not_shown
        or law.determination(mask) is not row.determination
    ]


def read_suite(name: str, root: Path | None = None) -> Suite:
    """The suite beside the authority `name`; raises `AuthorityError` when missing or malformed."""
    place = Place(name, FILE)
    lines = find(name, root=root).read(FILE).splitlines()
    try:
        head, *rest = [json.loads(line) for line in lines]
        base = _admitted(head["base"], place)
        on = date.fromisoformat(head["on"])
        settings = []
        for (overlays, switches), entries in groupby(rest, key=_setting):
            law = compile_authority(load(name, overlays, on=on, switches=switches, root=root))
            rows = tuple(_row(entry, base, place) for entry in entries)
            settings.append(Setting(tuple(overlays), switches, law, rows))
        return Suite(name, on, base, tuple(settings), int(head["mutants"]), tuple(head["unchanging"]))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, AuthorityError):
            raise
        raise place.error(f"cannot be read as a conformance suite: {problem}.") from None


def told_apart(law: CompiledLaw, mutant: Mutant, rows: Sequence[Row]) -> bool:
    """True when some row comes out otherwise with the mutant than it must."""
    identity = mutant.element.id
    if mutant.rule is None:  # then its finding is never reported
        return any(identity in row.not_shown for row in rows)
    if mutant.rule == law.rules[mutant.index]:
        changed = list(law.elements)
        changed[mutant.index] = mutant.element
        return any(_reached(changed, row.not_shown) is not row.determination for row in rows)
    evaluate = python_function([mutant.rule])
    return any(bool(evaluate(row.facts)) is (identity in row.not_shown) for row in rows)


def _reached(elements: Sequence[Element], not_shown: frozenset[str]) -> Determination:
    severities = {element.severity for element in elements if element.id in not_shown}
    if Severity.DEFECT in severities:
        return Determination.DEFICIENT
    return Determination.REFERRED if Severity.REFER in severities else Determination.SUFFICIENT


def _not_shown(law: CompiledLaw, mask: int) -> frozenset[str]:
    return frozenset(element.id for index, element in enumerate(law.elements) if not mask >> index & 1)


def _setting(entry: Mapping[str, Any]) -> tuple[list[str], dict[str, SwitchValue]]:
    return entry.get("overlays", []), entry.get("switches", {})


def _row(entry: Mapping[str, object], base: Facts, place: Place) -> Row:
    changed, not_shown = entry["set"], entry["not_shown"]
    if not isinstance(changed, dict) or not isinstance(not_shown, list):
        raise place.error("a row needs a table `set` and a list `not_shown`.")
    facts = {**base, **_admitted(changed, place)}
    determination = Determination(str(entry["determination"]))
    return Row(facts, frozenset(map(str, not_shown)), determination, str(entry["tells"]))


def _admitted(facts: Mapping[str, FactValue], place: Place) -> dict[str, FactValue]:
    admitted: dict[str, FactValue] = {}
    for fact, value in facts.items():
        admitted[fact] = CATALOGUE[fact].admit(value) if fact in CATALOGUE else None
        if fact not in CATALOGUE or (value is not None and admitted[fact] is None):
            raise place.error(f"{fact!r} is no fact of the catalogue, or cannot be {value!r}.")
    return admitted
