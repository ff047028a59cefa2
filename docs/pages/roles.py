"""Who acts, and what each may do."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise

from docs.pages.markdown import code, page, table
from wicketgate.core import roles as source
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS
from wicketgate.flow.work.queue import waiting_states
from wicketgate.web.roles import FRESH, ROLES

GUIDES = {
    "clerk": ("Ask for one record", "ask-for-one-record"),
    "requesting_official": ("Sign requests", "sign-requests"),
    "recipient_officer": ("Pick up a package", "pick-up-a-package"),
    "safeguards_contact": ("Report as a recipient", "report-as-a-recipient"),
    "examiner": ("Examine requests", "examine-requests"),
    "approver": ("Decide requests", "decide-requests"),
    "counsel": ("Determine referrals", "determine-referrals"),
    "safeguards_officer": ("Object to a request", "object-to-a-request"),
    "inspector": ("Inspect the work", "inspect-the-work"),
    "administrator": ("Serve a gate", "serve-a-gate"),
}
"""Where each role's work is told step by step."""


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
        "## Pages",
        "What each role opens in the browser besides its own account, and which states wait in its queue. "
        "The names are those of `src/wicketgate/web/roles.py`, where a door that is named nowhere is "
        "shut. Doors marked with * need a proof of identity that is at most five minutes old.",
        table(
            ("role", "how-to guide", "waits in its queue", "doors"),
            [
                (code(key), _guide(key), _waiting(role.acts_as), _doors(role.doors))
                for key, role in ROLES.items()
            ],
        ),
    )


def _guide(key: str) -> str:
    """Raises `KeyError` for a role that has no guide."""
    title, name = GUIDES[key]
    return f"[{title}](../how-to/{name}.md)"


def _waiting(role: Role | None) -> str:
    states = waiting_states(role) if role is not None else ()
    return ", ".join(map(code, states)) or "none"


def _doors(doors: frozenset[str]) -> str:
    return ", ".join(code(door) + (" *" if door in FRESH else "") for door in sorted(doors)) or "none"


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
