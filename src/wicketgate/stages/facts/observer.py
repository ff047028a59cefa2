"""Every fact about some requests, computed once: typed, bounded, and never an exception."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import attrgetter, or_
from typing import Any, NamedTuple, TypeAlias

from wicketgate.address import CLEAR, Address, examine
from wicketgate.core.context import Context, FacilityList
from wicketgate.core.facts import FactValue
from wicketgate.core.remembered import Remembered
from wicketgate.core.request import COLUMNS, Request
from wicketgate.law import Vocabulary
from wicketgate.stages.facts import keys
from wicketgate.stages.facts.dates import day, days_since_final
from wicketgate.stages.facts.identifiers import birth_date_form, tin_digits, tin_form
from wicketgate.stages.facts.names import NameText, name_form, names_one_person, read_name
from wicketgate.stages.facts.officers import Officers, read_officers
from wicketgate.stages.facts.parts import Parts, Verdicts
from wicketgate.stages.facts.placeholders import is_reference
from wicketgate.stages.facts.reasons import Reader
from wicketgate.stages.folding import words_of

Text: TypeAlias = str | None
Columns: TypeAlias = Sequence[Sequence[Text]]
"""Requests side by side: for each column of the interface, in its order, the text of each request."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """All facts of a request that need no other request, and the keys for those that do."""

    facts: dict[str, FactValue]
    keys: keys.SetKeys


class Observed(NamedTuple):
    """What is seen of some requests; each iterable has one entry per request."""

    parts: tuple[Iterable[tuple[Any, ...]], ...]
    """The values that decide each part, in the order of `Observer.parts`."""
    keys: tuple[Iterable[Any], ...]
    """Each of the `SetKeys`, in their order."""


class Observer:
    """Computes facts for one context and one vocabulary, which do not change over a file.

    Requests are read side by side, column by column: a short loop over each column of many
    requests takes far less time than one long loop over the requests.
    """

    def __init__(self, context: Context, vocabulary: Vocabulary) -> None:
        self.context = context
        self.vocabulary = vocabulary
        self.parts = Parts(context, vocabulary).all
        self._reader = Reader(vocabulary)
        self._line = lru_cache(4_096)(context.line)
        self._name = Remembered(read_name, 65_536)
        self._officers = Remembered(self._read_officers, 32_768)

    def __call__(self, request: Request) -> RowFacts:
        """The facts and keys of one request. Never raises, whatever the texts are."""
        seen = self.observe([(text,) for text in _values(request)])
        facts: dict[str, FactValue] = {}
        for part, (values,) in zip(self.parts, seen.parts, strict=True):
            facts |= part.read(*values)
        return RowFacts(facts, keys.SetKeys(*[key for (key,) in seen.keys]))

    def observe(self, columns: Columns) -> Observed:
        """What decides each part, and the keys, of requests that lie side by side."""
        names = [list(map(self._name.__getitem__, column)) for column in columns[_NAMES]]
        digits, born = list(map(tin_digits, columns[_TIN])), list(map(day, columns[_BIRTH]))
        matters = list(map(words_of, columns[_MATTER]))
        identified = list(map(is_reference, matters))
        listed = zip(columns[_OFFICERS], columns[_AGENCY], strict=True)
        officers = list(map(self._officers.__getitem__, listed))
        verdicts, places = _judged(columns[_ADDRESS], self.context.facilities)
        reasons = self._reader.reasons(columns[_REASONS], map(_telling, *names))
        elsewhere = self._reader.elsewhere([columns[place] for place in _ELSEWHERE])
        person = zip(
            map(name_form, *names),
            map(names_one_person, *names),
            map(tin_form, columns[_TIN], digits),
            map(birth_date_form, columns[_BIRTH], born, repeat(self.context.as_of)),
            identified,
            # "See attached" or the like, in the reasons or where it stands for an answer.
            map(or_, [each.relies_on_document for each in reasons], elsewhere),
            strict=False,
        )
        named = list(map(keys.name_text, names[0], names[2]))
        return Observed(
            (
                *(zip(*columns[place], strict=True) for place in _TEXTS_ALONE),
                verdicts,
                zip(map(days_since_final, *columns[_FINAL], repeat(self.context.as_of)), strict=True),
                person,
                [each[:3] for each in officers],
                [each.facts for each in reasons],
            ),
            (
                [each.key for each in reasons],
                [each.keys for each in officers],
                map(keys.person_keys, named, digits, born),
                places,
                map(keys.matter_key, matters, identified),
                map(keys.name_key, named, names[3]),
            ),
        )

    def _read_officers(self, listed: tuple[Text, Text]) -> Officers:
        text, agency = listed
        return read_officers(text, agency.strip() if agency else None, self._line)


def _judged(
    addresses: Columns, facilities: FacilityList | None
) -> tuple[list[tuple[Verdicts | None]], list[str | None]]:
    """What the judge says of each address, None where it was not judged, and the addresses' keys."""
    verdicts: list[tuple[Verdicts | None]] = []
    places: list[str | None] = []
    for address in map(Address, *addresses):
        key = None
        try:
            verdict, place = examine(address, facilities=facilities)
            if place and (address.line1 is not None or address.line2 is not None):
                key = keys.address_key(place)
        except Exception:  # noqa: BLE001  # one row must not stop a file; an address that is not judged denies
            verdicts.append(_NOT_JUDGED)
        else:
            verdicts.append(_CLEAR if verdict is CLEAR else (tuple(verdict.by_code().items()),))
        places.append(key)
    return verdicts, places


_CLEAR: tuple[Verdicts] = ((),)
_NOT_JUDGED = (None,)


def _telling(first: NameText, middle: NameText, last: NameText, suffix: NameText) -> tuple[str, ...]:
    """The words of a person's names that are no initials."""
    return first.telling + middle.telling + last.telling + suffix.telling


_values = attrgetter(*COLUMNS)


def _between(first: str, last: str) -> slice:
    return slice(COLUMNS.index(first), COLUMNS.index(last) + 1)


_AGENCY = COLUMNS.index("requesting_agency")
_NAMES = _between("taxpayer_first_name", "taxpayer_suffix")
_ADDRESS = _between("address_line1", "address_country")
_TIN = COLUMNS.index("taxpayer_tin")
_BIRTH = COLUMNS.index("taxpayer_birth_date")
_MATTER = COLUMNS.index("matter_number")
_REASONS = COLUMNS.index("reasons")
_OFFICERS = COLUMNS.index("engaged_officers")
_FINAL = _between("removal_order_final_on", "removal_order_court_final_on")
_TEXTS_ALONE = (
    _between("requesting_agency", "delegation_reference"),
    _between("signed_on", "signed_on"),
    _between("taxable_periods", "matter_stage"),
    _between("items_requested", "items_requested"),
    _between("sole_use_attested", "automated_analysis"),
    _between("removal_order_ground", "pending_relief"),
    _between("prior_removal_on", "prior_removal_on"),
    _between("entry_on", "entry_on"),
)
"""What decides each part of `Parts.texts_alone`."""
_ELSEWHERE = tuple(
    map(
        COLUMNS.index,
        (
            "taxpayer_first_name",
            "taxpayer_middle_name",
            "taxpayer_last_name",
            "taxpayer_suffix",
            "address_line1",
            "address_line2",
            "address_city",
            "signatory_name",
            "taxable_periods",
            "statute",
            "matter_number",
            "items_requested",
            "engaged_officers",
        ),
    )
)
