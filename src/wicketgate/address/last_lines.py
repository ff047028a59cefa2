"""Last lines alone: above one that shares no word with them, address lines are judged as above any other."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from wicketgate.address.hygiene import is_clean_last_line
from wicketgate.address.judge import told_of_last_line
from wicketgate.address.keys import place_name
from wicketgate.address.lastline import is_foreign, read_last_line
from wicketgate.address.model import CLEAR, Address, Verdict
from wicketgate.address.pub28 import MILITARY_STATES
from wicketgate.core.remembered import Remembered

Fields: TypeAlias = tuple[str | None, ...]
"""City, state, postal code and country."""
ORDINARY, NOWHERE, MILITARY, FOREIGN = "", "\x02", "\x03", "\x04"
"""Kinds of last lines; no text of an address line begins like one of them."""

_PLUS_FOUR = re.compile(r"[0-9]{5}-[0-9]{4}\Z")
"""Four digits more say nothing, unless a finding shows them."""


class LastLine(NamedTuple):
    """One last line, apart from the lines above it."""

    kind: str
    """Lines are judged alike above all last lines of one kind."""
    words: frozenset[str]
    ends: frozenset[str]
    verdict: Verdict
    where: str
    """The end of a delivery point's key."""


def _last_line(fields: Fields) -> LastLine | None:
    city, state, postal_code, country = fields
    if postal_code is not None and _PLUS_FOUR.match(postal_code):
        same = last_lines[city, state, postal_code[:5], country]
        if same is None or all(found.field != "postal_code" for found in same.verdict.findings):
            return same
    foreign = is_foreign(country)
    if not is_clean_last_line(fields, foreign):
        return None
    address = Address(None, None, city, state, postal_code, country)
    last = read_last_line(city, state, postal_code)
    kind = ORDINARY if last.state else NOWHERE
    if foreign:
        kind = FOREIGN
    elif last.state in MILITARY_STATES:
        kind = MILITARY
    found = told_of_last_line(address)
    return LastLine(
        kind, last.words, last.ends, Verdict(found) if found else CLEAR, last.zip5 or place_name(address)
    )


last_lines = Remembered(_last_line, 65_536)
"""By their four fields; None where a character of theirs is wrong."""
