"""The rooms and what each may import, from the contracts that the build checks."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from docs.pages.markdown import code, page, table

ROOT = Path(__file__).parents[2]
_OURS = "wicketgate."


def rooms() -> str:
    """`reference/rooms.md`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    forbidden: dict[str, set[str]] = {}
    for contract in project["tool"]["importlinter"]["contracts"]:
        for room in contract["source_modules"]:
            forbidden.setdefault(room.removeprefix(_OURS), set()).update(contract["forbidden_modules"])
    rows = []
    for room, closed in forbidden.items():
        others = [other for other in _all(forbidden) if other != room and _OURS + other not in closed]
        libraries = sorted(name for name in closed if not name.startswith(_OURS))
        rows.append(
            (
                code(room),
                _sense(room),
                ", ".join(map(code, others)) or "nothing of ours",
                ", ".join(map(code, libraries)),
            )
        )
    return page(
        "Rooms",
        "The packages of `src/wicketgate/` and the direction of their imports. `make check` fails on any "
        "other import; the contracts are in `pyproject.toml` "
        "([decision 11](../decisions/0011-import-table.md)).",
        table(("room", "what lives there", "may import", "may not import these libraries"), rows),
        "`authorities` is data: statutes as folders, read by `law`.",
    )


def _all(forbidden: dict[str, set[str]]) -> list[str]:
    named = {
        name.removeprefix(_OURS) for closed in forbidden.values() for name in closed if name.startswith(_OURS)
    }
    return [*forbidden, *sorted(named - set(forbidden))]


def _sense(room: str) -> str:
    source = (ROOT / "src" / "wicketgate" / room / "__init__.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0]
