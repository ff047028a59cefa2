"""The judge: is this text a complete postal address? No register, no network, the same answer every time."""

from __future__ import annotations

from typing import NamedTuple

from wicketgate.address import places
from wicketgate.address import sentences as say
from wicketgate.address.delivery import read_points
from wicketgate.address.facilities import FacilityList
from wicketgate.address.findings import DEFECT, REFER, Findings
from wicketgate.address.hygiene import all_ordinary, check_characters, unmask
from wicketgate.address.incomplete import explain, is_zip_like, zips_among
from wicketgate.address.keys import reading_key
from wicketgate.address.lastline import LastLine, is_foreign, last_line_findings, without_last_line
from wicketgate.address.lexicon import listed
from wicketgate.address.model import CLEAR, Address, AddressFinding, Verdict
from wicketgate.address.normalise import LONGEST_LINE, normalise_segments
from wicketgate.address.placeholders import TRIGGERS, is_gibberish, placeholder_code
from wicketgate.address.point import DeliveryPoint
from wicketgate.address.pub28 import MILITARY_STATES, STATES
from wicketgate.address.reading import Reading, Segments
from wicketgate.address.remarks import remark
from wicketgate.address.units import UNIT_WORDS
from wicketgate.address.untyped import is_street

_WATCHED = TRIGGERS | places.TRIGGERS | places.MULTI_UNIT | UNIT_WORDS | listed("or and")
"""Words that make the judge look closer; the commonest addresses hold none of them."""


class Parts(NamedTuple):
    """What was found of an address, in the order in which it is told."""

    characters: list[AddressFinding]
    last_line: tuple[AddressFinding, ...]
    lines: list[AddressFinding]


def judge_reading(reading: Reading, facilities: FacilityList | None = None) -> Verdict:
    """The verdict on an address that was read; see `examine.judge`."""
    return with_facilities(verdict_of(judge_parts(reading)), reading, facilities)


def verdict_of(parts: Parts) -> Verdict:
    """All that was found."""
    characters, last_line, lines = parts
    if not lines and not characters:
        return Verdict(last_line) if last_line else CLEAR
    return Verdict((*characters, *last_line, *lines))


def with_facilities(verdict: Verdict, reading: Reading, facilities: FacilityList | None) -> Verdict:
    """The same, and AD-07 for an address on the custodian's list of custody facilities."""
    if facilities is None or reading_key(reading, "") not in facilities.keys:
        return verdict
    found = Findings(reading.address)
    sentence = say.ON_THE_LIST.format(name=facilities.name, version=facilities.version)
    found.add("AD-07", REFER, found.stated_line, sentence)
    return Verdict((*verdict.findings, *found.found))


def judge_parts(reading: Reading) -> Parts:
    """Everything that is found without a list of the custodian's."""
    address = reading.address
    foreign = address.country is not None and is_foreign(address.country)
    characters: list[AddressFinding] = []
    if not all_ordinary(address):
        seen = Findings(address)
        check_characters(seen, foreign)
        if seen.found:
            _look_behind(seen)
        characters = seen.found
    found = Findings(address)
    last_line = told_of_last_line(address)
    first, second, last = reading.first, reading.second, reading.last
    if len(address.line1 or "") > LONGEST_LINE or len(address.line2 or "") > LONGEST_LINE:
        return Parts(characters, last_line, found.found)  # too long to be read: AD-22 says so
    if not (first or second) or not (_says_something(address.line1) or _says_something(address.line2)):
        nothing = _judge_empty_lines(found, last, foreign)
        if nothing:  # nothing at all is one defect, not four
            last_line = tuple(finding for finding in last_line if finding.code != "AD-18")
    elif foreign:
        _judge_foreign_lines(found, first + second)
    else:
        _judge_lines(found, reading)
    return Parts(characters, last_line, found.found)


def told_of_last_line(address: Address) -> tuple[AddressFinding, ...]:
    """AD-26 of a foreign address; what is wrong with the last line of any other."""
    if not is_foreign(address.country):
        return last_line_findings(address.city, address.state, address.postal_code)
    found = Findings(address)
    found.add("AD-26", REFER, "country", say.FOREIGN)
    return tuple(found.found)


def _says_something(line: str | None) -> bool:
    return line is not None and (line[:1].isalnum() or any(map(str.isalnum, line)))


def _look_behind(found: Findings) -> None:
    """AD-17 for a line that is a placeholder once its disguise is taken off."""
    for field in ("line1", "line2"):
        text: str = getattr(found.address, field) or ""
        shown = unmask(text)
        if shown != text and placeholder_code(_words(normalise_segments(shown))):
            found.add("AD-17", DEFECT, field, say.DISGUISED)


def _words(segments: Segments) -> list[str]:
    return [word for piece in segments for word in piece]


def _judge_empty_lines(found: Findings, last: LastLine, foreign: bool) -> bool:
    """True when the last line is as empty as the lines."""
    address = found.address
    if (address.line1 or "").strip() or (address.line2 or "").strip():
        found.add("AD-04", DEFECT, found.stated_line, say.NO_VALUE)
        return False
    found.add("AD-01", DEFECT, "line1", say.BLANK)
    if foreign:
        return False
    if last.city or last.state:
        found.add("AD-10", DEFECT, "city" if last.city else "state", say.CITY_ONLY)
    elif (address.postal_code or "").strip():
        found.add("AD-08", DEFECT, "postal_code", say.ZIP_ONLY)
    else:
        return True
    return False


def _judge_foreign_lines(found: Findings, segments: Segments) -> None:
    code = placeholder_code(_words(segments))
    if code:
        found.add(code, DEFECT, found.stated_line, say.PLACEHOLDER[code])


def _judge_lines(found: Findings, reading: Reading) -> None:
    first, second, last = reading.first, reading.second, reading.last
    segments = first + second if second else first
    own, points = reading.own, reading.points
    if not own:  # the lines hold nothing but the last line once more
        own, points = segments, read_points(segments)
    if not points:
        explain(found, segments, last)
        return
    point = points[-1]
    words = own[0] if len(own) == 1 else _words(own)
    if point.kind == "street" and not point.typed and not is_street(found, point, words, last):
        return
    if len(points) > 1 or not _is_plain(point, words) or last.state in MILITARY_STATES:
        remark(found, points, (first, second), last)
    if len(words) > 3 and zips_among(words[2:]) and _holds_last_line(first, second, last):
        found.add("AD-21", REFER, found.stated_line, say.OTHER_LAST_LINE)


def _holds_last_line(first: Segments, second: Segments, last: LastLine) -> bool:
    """True when a line ends with a state and a ZIP Code that are not those of the fields."""
    for line in (first, second):
        words = _words(without_last_line(line, last))
        if len(words) > 2 and is_zip_like(words[-1]) and len(words[-2]) == 2 and words[-2] in STATES:
            return True
    return False


def _is_plain(point: DeliveryPoint, words: list[str]) -> bool:
    """True for a short street or box with nothing beside it and no word to look at twice."""
    if point.kind == "po_box":
        return not point.other
    if point.kind != "street" or not point.typed or point.other or len(words) > 5:
        return False
    if not "1" <= words[0][0] <= "9" or words[1].isdigit() or any(map(is_gibberish, words)):
        return False
    return _WATCHED.isdisjoint(words)
