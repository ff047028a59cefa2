"""Words that only look like an answer. All are compared with `folded_words`."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _ranked(text: str) -> dict[str, int]:
    return {word: rank for rank, word in enumerate(text.split())}


EMPTY = _words(
    """
    a above all any applicable as asdf assigned available be blank case determined ditto example failed
    follow given ipsum is later lorem matter missing multiple n na nil no none not null number of omitted
    pending placeholder provide provided reason reasons redacted same sample see several tba tbd test
    testing the to unavailable unk unkn unknown unspecified unstated various withheld
    """
)
"""A text of these words alone says nothing."""

NO_USE = frozenset(("", "n a", "na", "nil", "no", "no other use", "no other uses", "none", "not applicable"))

NEVER_A_NAME = _words(
    """
    anonymous asdf fnu lnu nofirstname nolastname noname placeholder qwerty redacted tba tbd undisclosed
    unidentified unk unkn unknown unnamed unspecified withheld xx xxx xxxx
    """
)
NO_NAME_GIVEN = re.compile(
    r"(?:name )?(?:not |none |failed to )(?:provided?|given|available|applicable|known|stated|on file)"
    r"|no (?:first |last |sur ?|family |given )?name|n a|(?:first|last|middle) name|(?:first|last) unknown"
)
SOMETIMES_A_NAME = _words("alien blank example na nil none null person sample subject test testing x")
"""Surnames of real people. With one on each side, nobody is named."""
NOBODYS_FIRST_NAME = _words("alien blank example none null sample subject taxpayer test testing")
EVERYMAN = _words("baby jack james jane john jon")
"""With the surname Doe, nobody is named."""

SEVERAL_PEOPLE = re.compile(
    r"[&/;+|]|(?<=\s)(?:and|or)(?=\s)|\bet\.? ?al\b|\ba\.?k\.?a\b|\bf\.?k\.?a\b|\balias\b"
    r"|\b(?:households?|family|others|spouse|children|estate of|all (?:persons|occupants))\b"
    r"|,(?!\s*(?:jr|sr|ii|iii|iv|esq|md|phd)\b)",
    re.IGNORECASE,
)
COMPANY = re.compile(
    r"\b(?:llc|l\.l\.c|inc|incorporated|corp|corporation|ltd|company|co\.|foundation)(?!\w)", re.IGNORECASE
)
UNIT = re.compile(
    r"\b(?:agency|agents|all|any|bureau|department|desk|division|group|headquarters|help ?desk|hq|inbox"
    r"|mailbox|multiple|office|officers|on behalf|operations|personnel|several|squad|team|tbd|unit|unknown"
    r"|various|duty officer|field office|section chief|staff member|strike force|task force)\b"
)
"""A unit, an office or a shared mailbox, where a person is asked for."""
TITLES = _words("acting and dr for hon honorable madam miss mr mrs ms mx of sir the")

UNBOUNDED = re.compile(
    r"\b(?:all|any|current|each|entire|ever|every|latest|lifetime|onwards?|open|present|since|to date|until"
    r"|various)\b"
)
"""Words for periods without an end."""

DENIALS = _words(
    """
    absent cannot didnt doesnt hadnt hasnt havent isnt lack neither never no nor not wasnt without wont
    """
)
TURNS = _words("and but instead or then until yet")
