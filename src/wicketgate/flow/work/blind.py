"""What a person may read of a request: an approver decides without the address and the examiner's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from wicketgate.core.actor import Actor
from wicketgate.core.request import COLUMNS
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS, State
from wicketgate.store.work_case import Entry

BLIND_FIELDS = frozenset(name for name in COLUMNS if name.startswith("address_"))
"""What no approver is ever shown."""

_WHO = ("examiner", "approver", "counsel", "officer", "actor", "recipient")
_EXERCISE, _ANSWERED = "exercise", "verification.answered"
_OVERSEERS_ONLY = frozenset({"access.denied", "access.opened", "account.asked", "account.decided"}) | {
    "verification.asked"
}
_LOCATING = ("address_line1", "address_line2", "address_postal_code")
"""Parts of an address that are looked for in free text: a city or a state alone locates nobody."""
_LEAST = 4
"""Letters and digits of a part that is looked for."""


def _ahead() -> frozenset[State]:
    """The states from which a request still goes on to its decision."""
    found = {t.source for t in TRANSITIONS if t.role is Role.APPROVER}
    while more := {t.source for t in TRANSITIONS if t.target in found and t.act != "hold"} - found:
        found |= more
    return frozenset(found)


AHEAD = _ahead()


def is_blind(actor: Actor, state: State, entries: Sequence[Entry]) -> bool:
    """True for an approver until somebody has decided, and again where a held request began anew."""
    if actor.role is not Role.APPROVER:
        return False
    return state in AHEAD or not any(entry.kind == "decision" for entry in entries)


def seen_entry(
    entry: Entry, actor: Actor, blind: bool
) -> tuple[int, datetime, str, str, str, str | None] | None:
    """(index, at, kind, act, who, reasons) as this person may see it; None for what is not theirs to see.

    An exercise looks like any other request to everybody but the inspector, until it ended because two people
    let it pass: neither its label nor the questions that it never put to the register are shown.
    """
    kind, body = entry.kind, entry.body
    act, reasons = str(body.get("act") or body.get("decision") or ""), body.get("reasons")
    who = next((str(body[name]) for name in _WHO if body.get(name)), "gate")
    if actor.role is not Role.INSPECTOR:
        if kind in _OVERSEERS_ONLY or (kind == _EXERCISE and act == "plant"):
            return None
        if kind == _ANSWERED or (kind == _EXERCISE and act == "verify"):
            kind, act, who, reasons = _ANSWERED, "", "gate", None
    words = None if reasons is None or (blind and by_examiner(entry)) else str(reasons)
    return entry.index, entry.at, kind, act, who, words


def by_examiner(entry: Entry) -> bool:
    """True when the entry holds an examiner's own words."""
    return "examiner" in entry.body or entry.body.get("role") == Role.EXAMINER


def masked(text: str, body: Mapping[str, str]) -> str:
    """The text with every part of the request's address in it blotted out, length and places unchanged."""
    for name in _LOCATING:
        words = re.findall(r"\w+", body.get(name, ""))
        if sum(map(len, words)) < _LEAST:
            continue
        # The first two words find it; what follows may be abbreviated, so as many words go with them.
        begun, rest = r"\W+".join(map(re.escape, words[:2])), max(len(words) - 2, 0)
        found = re.compile(rf"(?<!\w){begun}(?!\w)(?:\W+\w+){{0,{rest}}}", re.IGNORECASE)
        text = found.sub(lambda match: re.sub(r"\S", "▒", match.group()), text)
    return text
