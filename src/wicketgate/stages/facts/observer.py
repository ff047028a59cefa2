"""Every fact about one request, computed once: typed, bounded, and never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeAlias

from wicketgate.address import CLEAR, Address, examine
from wicketgate.core.context import Context
from wicketgate.core.facts import FactValue
from wicketgate.core.request import COLUMNS, Request
from wicketgate.law import Vocabulary
from wicketgate.law.vocabulary import SPECIAL_PHRASE_KINDS
from wicketgate.stages.facts import keys
from wicketgate.stages.facts.dates import day
from wicketgate.stages.facts.folded import words_of
from wicketgate.stages.facts.identifiers import birth_date_form, tin_digits, tin_form
from wicketgate.stages.facts.names import name_form, names_one_person, read_name
from wicketgate.stages.facts.officers import read_officers
from wicketgate.stages.facts.parts import Parts, Verdicts
from wicketgate.stages.facts.placeholders import is_reference, says_nothing
from wicketgate.stages.facts.prose import Filler, Phrases
from wicketgate.stages.intake.rows import Values

_DOCUMENT = "other_document"
_NONE = frozenset[str]()
_NOT_STATED = (0, *[None] * 7)

Distilled: TypeAlias = tuple[tuple[Any, ...], ...]
"""For each part, in the order of `Observer.parts`, the values that decide it."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """All facts of a request that need no other request, and the keys for those that do."""

    facts: dict[str, FactValue]
    keys: keys.SetKeys


class Observer:
    """Computes facts for one context and one vocabulary, which do not change over a file."""

    def __init__(self, context: Context, vocabulary: Vocabulary) -> None:
        self.context = context
        self.vocabulary = vocabulary
        self.parts = Parts(context, vocabulary).all
        phrases = dict.fromkeys(SPECIAL_PHRASE_KINDS, ()) | dict(vocabulary.phrases)
        general = phrases.pop("general")
        self._phrases = Phrases(phrases, common=general)
        self._documents = Phrases({_DOCUMENT: phrases[_DOCUMENT]}, common=general)
        self._general = Filler(general)
        self._locating = Filler((*phrases["locate"], *general, *phrases["civil"]))
        self._line = lru_cache(4_096)(context.line)
        self._officers = lru_cache(4_096)(lambda text, agency: read_officers(text, agency, self._line))
        self._prose = lru_cache(256)(self._read_prose)
        self._see = lru_cache(16_384)(self._says_see)

    def __call__(self, request: Request) -> RowFacts:
        """The facts and keys of one request. Never raises, whatever the texts are."""
        distilled, found = self.distil(_values(request))
        facts: dict[str, FactValue] = {}
        for part, values in zip(self.parts, distilled, strict=True):
            facts |= part.read(*values)
        return RowFacts(facts, found)

    def distil(self, values: Values) -> tuple[Distilled, keys.SetKeys]:
        """What decides each part, and the keys, of a request's texts in the interface's order."""
        agency = values[_AGENCY]
        first, middle, last, suffix = named = tuple(map(read_name, values[_NAMES]))
        digits, born = tin_digits(values[_TIN]), day(values[_BIRTH])
        matter = words_of(values[_MATTER])
        identified = is_reference(matter)
        officers = self._officers(values[_OFFICERS], agency.strip() if agency else None)
        verdicts, place = _judged(values[_ADDRESS])
        prose = self._told(values[_REASONS], frozenset().union(*[each.telling for each in named]))
        person = (
            name_form(first, middle, last, suffix),
            names_one_person(first, middle, last, suffix),
            tin_form(values[_TIN], digits),
            birth_date_form(values[_BIRTH], born, self.context.as_of),
            identified,
            # "See attached" or the like, in the reasons or in a cell in which it has stood for an answer.
            prose.relies_on_document
            or any(map(self._see, _ELSEWHERE(values)))
            or self._says_see(values[_LINE1])
            or bool(self._documents.kinds_in(matter)),
        )
        name = " ".join((*first.words, "|", *last.words)) if first.words or last.words else ""
        return (
            values[_ASKER],
            values[_SIGNED],
            values[_STATED],
            values[_ITEMS],
            values[_USE],
            values[_FINAL],
            values[_GROUND],
            values[_PAST],
            (verdicts,),
            person,
            officers[:3],
            prose.facts,
        ), keys.SetKeys(
            reasons_key=prose.key,
            officer_keys=officers.keys,
            person_keys=keys.person_keys(name, digits, born),
            address_key=place,
            matter_key=keys.matter_key(matter) if identified else None,
            name_key=keys.digest("name", name, *suffix.words) if name else None,
        )

    def _told(self, reasons: str | None, names: frozenset[str]) -> _Prose:
        if reasons is None:
            return _NO_PROSE
        plain = self._prose(reasons)
        # Names matter only where they stand; the same reasons for many people are read once.
        return plain if names.isdisjoint(plain.words) else self._read_prose(reasons, names)

    def _read_prose(self, text: str, names: frozenset[str] = _NONE) -> _Prose:
        words = words_of(text)
        kinds = self._phrases.kinds_in(words)
        facts = (
            min(len(words), 1_000_000),
            says_nothing(words),
            self._general.is_all_of(words, names),
            "locate" in kinds and self._locating.is_all_of(words, names),
            "civil" in kinds,
            "willfulness" in kinds,
            "necessity" in kinds,
            "role" in kinds,
        )
        return _Prose(words, facts, keys.reasons_key(words, names), _DOCUMENT in kinds)

    def _says_see(self, text: str | None) -> bool:
        return bool(self._documents.kinds_in(words_of(text)))


class _Prose(NamedTuple):
    """What the reasons show."""

    words: list[str]
    facts: tuple[int | bool | None, ...]
    """In the order of `parts.REASONS`."""
    key: str | None
    relies_on_document: bool


_NO_PROSE = _Prose([], _NOT_STATED, None, relies_on_document=False)

_values = attrgetter(*COLUMNS)


def _between(first: str, last: str) -> slice:
    return slice(COLUMNS.index(first), COLUMNS.index(last) + 1)


_AGENCY = COLUMNS.index("requesting_agency")
_ASKER = _between("requesting_agency", "delegation_reference")
_SIGNED = _between("signed_on", "signed_on")
_NAMES = _between("taxpayer_first_name", "taxpayer_suffix")
_ADDRESS = _between("address_line1", "address_country")
_LINE1 = COLUMNS.index("address_line1")
_TIN = COLUMNS.index("taxpayer_tin")
_BIRTH = COLUMNS.index("taxpayer_birth_date")
_STATED = _between("taxable_periods", "matter_stage")
_MATTER = COLUMNS.index("matter_number")
_REASONS = COLUMNS.index("reasons")
_ITEMS = _between("items_requested", "items_requested")
_OFFICERS = COLUMNS.index("engaged_officers")
_USE = _between("sole_use_attested", "automated_analysis")
_FINAL = _between("removal_order_final_on", "removal_order_court_final_on")
_GROUND = _between("removal_order_ground", "pending_relief")
_PAST = _between("prior_removal_on", "entry_on")
_ELSEWHERE = itemgetter(
    *map(
        COLUMNS.index,
        (
            "taxpayer_first_name",
            "taxpayer_middle_name",
            "taxpayer_last_name",
            "taxpayer_suffix",
            "address_line2",
            "address_city",
            "signatory_name",
            "taxable_periods",
            "statute",
            "items_requested",
            "engaged_officers",
        ),
    )
)


def _judged(address: Values) -> tuple[Verdicts | None, str | None]:
    try:
        verdict, place = examine(Address(*address))
    except Exception:  # noqa: BLE001  # one row must not stop a file; an address that is not judged denies
        return None, None
    stated = place and (address[0] is not None or address[1] is not None)
    key = keys.digest("address", place) if stated else None
    return () if verdict is CLEAR else tuple(verdict.by_code().items()), key
