"""A number and words without a street's type: a street (``123 Broadway``), or no address at all."""

from __future__ import annotations

from wicketgate.address import sentences as say
from wicketgate.address.findings import DEFECT, REFER, Findings
from wicketgate.address.incomplete import is_zip_like, zips_among
from wicketgate.address.lastline import LastLine
from wicketgate.address.lexicon import listed
from wicketgate.address.placeholders import placeholder_code
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import SHORT_DIRECTIONALS, STATES
from wicketgate.address.zips import look_up

_MONTHS = listed("""
january february march april may june july august september october november december jan feb mar apr jun jul
aug sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre
noviembre diciembre
""")
_MEASURES = _MONTHS | listed("""
am pm hrs hours hour min mins days day weeks months years year yrs yr yo y/o old anos lbs lb pounds kg kilos
kids children hijos people persons personas males females adults minors times usd dollars de del of the
""")
"""Words that count something else than houses: dates, times, ages, weights, people."""


def is_street(found: Findings, point: DeliveryPoint, words: list[str], last: LastLine) -> bool:
    """False, with the defect added, when it is none; doubts are added and leave it a street."""
    line = found.stated_line
    last_words = last.words
    name = [word for word in (*point.street, *point.other) if word not in last_words and not word.isdigit()]
    code = placeholder_code(list(point.street), last_words) if name else None
    if code:
        found.add(code, DEFECT, line, say.PLACEHOLDER[code])
    if _is_zip_of_line(point, last, bool(name) and not code):
        found.add("AD-09", DEFECT, line, say.DIGITS_AS_ZIP)
        return False
    if code:
        return False
    only_measures = bool(name) and _MEASURES.issuperset(name)
    if only_measures and len(words) > 2:
        found.add("AD-05", DEFECT, line, say.NOT_A_NAME)
        return False
    if not name and (last.state.lower() in words or zips_among(words)):
        found.add("AD-05", DEFECT, line, say.NO_NAME)
        return False
    if not name or _ends_with_state(point.street):
        found.add("AD-05", REFER, line, say.NAMED_LIKE_CITY)
    elif name == ["rm"]:
        found.add("AD-05", REFER, line, say.RANCH_OR_ROOM)
    elif only_measures:
        found.add("AD-05", REFER, line, say.NAMED_LIKE_MONTH)
    return True


def _is_zip_of_line(point: DeliveryPoint, last: LastLine, named: bool) -> bool:
    """True when the number before the words is the ZIP Code, of the fields or of the city in the words."""
    if not is_zip_like(point.number):
        return False
    entry = look_up(point.number[:5])
    words = point.street[:-1] if _ends_with_state(point.street) else point.street
    return not named or point.number == last.zip5 or bool(entry and f"|{' '.join(words)}|" in entry.cities)


def _ends_with_state(street: tuple[str, ...]) -> bool:
    end = street[-1]
    return len(end) == 2 and end in STATES and end not in SHORT_DIRECTIONALS
