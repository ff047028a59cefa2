"""Every fact that a rule may read, from the catalogue and the comments beside it."""

from __future__ import annotations

import inspect
import re
from datetime import date

from docs.pages.markdown import code, page, table
from wicketgate.core import catalogue
from wicketgate.core.catalogue import ADDRESS_CODES, CATALOGUE, SET_FACTS, address_fact
from wicketgate.core.facts import FactSpec

_SECTION = re.compile(r"^    # (.+)$")
_SPEC = re.compile(r'^    _(?:text|count|flag|day|list)\(\s*"?(\w+)?"?.*?(?:#\s*(.+))?$')
_NAME = re.compile(r'^        "(\w+)",$')

_INTRODUCTION = (
    "Rules read these facts and nothing else. Each is computed once, before any rule runs. A fact that is "
    "missing, of another type or outside its bounds is *unknown*, and an unknown fact shows nothing. The "
    "source is `src/wicketgate/core/catalogue.py`."
)


def facts() -> str:
    """`reference/facts.md`."""
    parts = []
    addresses = {address_fact(name): name for name in ADDRESS_CODES}
    for heading, names in _sections():
        rows = [
            (code(name), CATALOGUE[name].type, _bounds(CATALOGUE[name]), sense)
            for name, sense in names.items()
            if name not in addresses
        ]
        parts += [f"## {heading.rstrip('.')}", table(("fact", "type", "bounds", "sense"), rows)]
        if "address_judged" in names:
            parts.append(_addresses(list(addresses)))
    return page("Facts", _INTRODUCTION, *parts)


def _addresses(names: list[str]) -> str:
    spec = CATALOGUE[names[0]]
    return (
        f"{code(names[0])} to {code(names[-1])} ({len(names)} facts) carry the address judge's verdict for "
        f"each of its codes: {_bounds(spec)}."
    )


def _bounds(spec: FactSpec) -> str:
    if spec.type == "integer":
        return f"{spec.minimum:,} to {spec.maximum:,}"
    if spec.type == "date":
        return f"{date.fromordinal(spec.minimum)} to {date.fromordinal(spec.maximum)}"
    if spec.type == "list":
        listed = ", ".join(code(value) for value in spec.values)
        return f"{spec.minimum} to {spec.maximum} entries" + (f" of {listed}" if listed else "")
    if spec.type == "boolean":
        return "true, false"
    return ", ".join(code(value) for value in spec.values) or f"1 to {spec.longest} characters"


def _sections() -> list[tuple[str, dict[str, str]]]:
    """Headings and the facts under them, each with the comment on its line."""
    lines = inspect.getsource(catalogue).partition("_SPECS")[2].partition("\n)\n")[0].splitlines()
    found: list[tuple[str, dict[str, str]]] = []
    for line in lines:
        if heading := _SECTION.match(line):
            found.append((heading[1], {}))
        elif (spec := _SPEC.match(line)) and spec[1]:
            found[-1][1][spec[1]] = spec[2] or ""
        elif (alone := _NAME.match(line)) and alone[1] in CATALOGUE:
            found[-1][1][alone[1]] = ""
    seen = {name for _, names in found for name in names} | {address_fact(name) for name in ADDRESS_CODES}
    if seen != set(CATALOGUE):
        raise SystemExit(f"docs/pages/facts.py does not find the facts {sorted(seen ^ set(CATALOGUE))}.")
    for _, names in found:
        for name in names:
            if name in SET_FACTS and not names[name]:
                names[name] = "counted over the submission"
    return found
