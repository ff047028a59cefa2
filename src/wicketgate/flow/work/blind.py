"""What a person may read of a request: an approver decides without the address and the examiner's words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.request import COLUMNS
from wicketgate.core.roles import Role
from wicketgate.store.work_case import Entry, Kept

BLIND_FIELDS = frozenset(name for name in COLUMNS if name.startswith("address_"))
"""What no approver is ever shown."""

_WHO = ("examiner", "approver", "counsel", "officer", "actor", "recipient")
_EXERCISE, _ANSWERED = "exercise", "verification.answered"
_OVERSEERS_ONLY = frozenset({"access.denied", "verification.asked"})


def is_blind(actor: Actor, kept: Kept, entries: Sequence[Entry]) -> bool:
    """True for an approver as long as nobody has decided."""
    if actor.role is not Role.APPROVER:
        return False
    return not any(entry.kind == "decision" for entry in entries)


def seen_entry(
    entry: Entry, actor: Actor, blind: bool
) -> tuple[int, datetime, str, str, str, str | None] | None:
    """(index, at, kind, act, who, reasons) as this person may see it; None for what is not theirs to see.

    An exercise looks like any other request to everybody but the inspector: neither its label nor the
    questions that it never put to the register are shown.
    """
    kind, body = entry.kind, entry.body
    act, reasons = str(body.get("act") or body.get("decision") or ""), body.get("reasons")
    who = next((str(body[name]) for name in _WHO if body.get(name)), "gate")
    if actor.role is not Role.INSPECTOR:
        if kind in _OVERSEERS_ONLY or (kind == _EXERCISE and act != "verify"):
            return None
        if kind in (_EXERCISE, _ANSWERED):
            kind, act, who, reasons = _ANSWERED, "", "gate", None
    by_examiner = "examiner" in body or body.get("role") == Role.EXAMINER
    words = None if reasons is None or (blind and by_examiner) else str(reasons)
    return entry.index, entry.at, kind, act, who, words
