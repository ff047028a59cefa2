"""Who acts, and what each may do."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise

from docs.pages.markdown import code, page, table
from wicketgate.core import roles as source
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS


def roles() -> str:
    """`reference/roles.md`."""
    senses = _senses()
    return page(
        "Roles",
        "Nobody holds two roles on one request. The acts are those of [the transition table](states.md).",
        table(
            ("role", "sense", "acts on a request"),
            [(code(role), senses[role.name], ", ".join(_acts(role)) or "none") for role in Role],
        ),
    )


def _acts(role: Role) -> list[str]:
    return list(dict.fromkeys(t.act for t in TRANSITIONS if t.role is role))


def _senses() -> dict[str, str]:
    """The text below each member."""
    (body,) = (
        node.body for node in ast.parse(inspect.getsource(source)).body if isinstance(node, ast.ClassDef)
    )
    senses: dict[str, str] = {}
    for member, text in pairwise(body):
        match member, text:
            case (
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(sense))),
            ):
                senses[name] = sense
    return senses
