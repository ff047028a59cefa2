"""Writes the pages that are made from the code: ``python -m docs.generate [--check]``.

With ``--check`` nothing is written; the exit code is 1 when a page on disk differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from docs.pages.api import api
from docs.pages.columns import columns
from docs.pages.commands import commands
from docs.pages.elements import elements
from docs.pages.facts import facts
from docs.pages.record_kinds import record_kinds
from docs.pages.roles import roles
from docs.pages.rooms import rooms
from docs.pages.states import river, states
from docs.pages.statutes import statutes
from wicketgate.stages.intake.xml_names import schema

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
README = ROOT / "README.md"
BEGIN, END = "<!-- river -->", "<!-- /river -->"

PAGES: dict[str, Callable[[], str]] = {
    "api.md": api,
    "states.md": states,
    "facts.md": facts,
    "roles.md": roles,
    "elements.md": elements,
    "commands.md": commands,
    "columns.md": columns,
    "rooms.md": rooms,
    "record-kinds.md": record_kinds,
    "submission.xsd": schema,
}


def generated() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    pages = {REFERENCE / name: make() for name, make in PAGES.items()}
    pages |= {REFERENCE / "authorities" / name: text for name, text in statutes().items()}
    return pages | {README: _with_river(README.read_text(encoding="utf-8"))}


def differing() -> dict[Path, str]:
    """What the generated files that are missing or hold something else should hold."""
    return {path: text for path, text in generated().items() if not path.is_file() or _read(path) != text}


def main(arguments: list[str] | None = None) -> int:
    """Write, or with ``--check`` compare."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page differs")
    check = parser.parse_args(arguments).check
    stale = differing()
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if check:
            print(f"{name} is not what the code says; run `make docs`.", file=sys.stderr)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 1 if check and stale else 0


def _with_river(text: str) -> str:
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"README.md must hold {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{river()}\n{END}{after}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
