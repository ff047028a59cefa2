"""Facts in parts: each part follows from a few values, and whole files repeat these again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from wicketgate.core.catalogue import ADDRESS_CODES, CATALOGUE, address_fact
from wicketgate.core.citation import Citation
from wicketgate.core.context import Context
from wicketgate.core.facts import FactValue
from wicketgate.law import Vocabulary
from wicketgate.stages.facts.agency import agency_facts
from wicketgate.stages.facts.codes import attested, code
from wicketgate.stages.facts.dates import day, days_since
from wicketgate.stages.facts.lists import entries, item_facts, period_facts
from wicketgate.stages.facts.names import names_a_person
from wicketgate.stages.facts.placeholders import declares_use, says_nothing
from wicketgate.stages.folding import words_of

Text: TypeAlias = str | None
Facts: TypeAlias = dict[str, FactValue]
Verdicts: TypeAlias = tuple[tuple[str, str], ...]
"""An address's codes and the strictest severity of each."""

_REPEATED = 4_096
_ADDRESS_FACTS = {code_: address_fact(code_) for code_ in ADDRESS_CODES}
_CLEAR: Facts = {"address_judged": True, **dict.fromkeys(_ADDRESS_FACTS.values(), "clear")}
_NOT_JUDGED: Facts = dict.fromkeys(_CLEAR) | {"address_judged": False}


class Part(NamedTuple):
    """Some facts, always the same ones in the same order, and how a few values decide them."""

    facts: tuple[str, ...]
    read: Callable[..., Facts]


class Parts:
    """Every part under one context and one vocabulary; `all` has them in one order for good."""

    def __init__(self, context: Context, vocabulary: Vocabulary) -> None:
        self._context, self._as_of = context, context.as_of
        self._vocabulary = vocabulary
        texts_alone = (
            (self._asker, 6),
            (self._signed, 1),
            (self._stated, 3),
            (self._items, 1),
            (self._use, 3),
            (self._ground, 3),
            (self._prior_removal, 1),
            (self._entry, 1),
        )
        remembered = [_part(lru_cache(_REPEATED)(read), [None] * count) for read, count in texts_alone]
        self.all: tuple[Part, ...] = (
            *remembered,
            Part(tuple(_CLEAR), address_facts),
            *(Part(facts, _named(facts)) for facts in (FINAL, PERSON, OFFICERS, REASONS)),
        )

    def _asker(
        self, agency: Text, form: Text, cited: Text, signatory: Text, capacity: Text, delegation: Text
    ) -> Facts:
        return {
            **agency_facts(agency.strip() if agency else None, self._context),
            "form": code("form", form),
            **self._authority(cited),
            "signatory_named": signatory is not None and names_a_person(signatory),
            "signatory_capacity": code("signatory_capacity", capacity),
            "delegation_stated": not says_nothing(words_of(delegation)),
        }

    def _authority(self, text: Text) -> Facts:
        if text is None:
            return {"authority_within_scope": None, "authority_provision": None}
        cited = [citation for entry in entries(text) if (citation := _citation(entry))]
        within = any(place.covers(citation) for place in self._vocabulary.scope for citation in cited)
        return {
            "authority_within_scope": within,
            "authority_provision": self._vocabulary.provision(cited),
        }

    def _signed(self, on: Text) -> Facts:
        return {
            "signature_age_days": days_since(day(on), self._as_of),
            "review_year": self._as_of.year,
            "reviewed_on": _known("reviewed_on", self._as_of),
        }

    def _stated(self, periods: Text, statute: Text, stage: Text) -> Facts:
        return {
            **period_facts(periods),
            **self._statute(statute),
            "matter_stage": code("matter_stage", stage),
        }

    def _statute(self, text: Text) -> Facts:
        if text is None:
            # What is not stated is one defect; it belongs to no family with elements of its own.
            _, family = self._vocabulary.statute(None)
            return {"statute_form": "missing", "statute_class": None, "statute_family": family}
        citation = _citation(text)
        kind, family = self._vocabulary.statute(citation)
        form = "one_citation" if citation else "not_a_citation"
        return {"statute_form": form, "statute_class": kind, "statute_family": family}

    def _items(self, items: Text) -> Facts:
        return item_facts(items, self._vocabulary)

    def _use(self, sole: Text, others: Text, automated: Text) -> Facts:
        return {
            "sole_use_attested": attested(sole),
            "other_uses_declared": declares_use(others),
            "automated_analysis": code("automated_analysis", automated),
        }

    def _ground(self, ground: Text, limb: Text, relief: Text) -> Facts:
        return {
            "order_ground_class": self._ground_class(ground),
            "failure_limb": code("failure_limb", limb),
            "pending_relief": code("pending_relief", relief),
        }

    def _ground_class(self, text: Text) -> str | None:
        if text is None:
            return None
        citation = _citation(text)
        return self._vocabulary.ground_class(citation) if citation else "unlisted"

    def _prior_removal(self, on: Text) -> Facts:
        return {"prior_removal_on": _known("prior_removal_on", day(on))}

    def _entry(self, on: Text) -> Facts:
        return {"entry_on": _known("entry_on", day(on))}


@lru_cache(_REPEATED)
def address_facts(verdicts: Verdicts | None) -> Facts:
    """From the judge's verdict; with None, or a code that no fact can carry, the address is not judged."""
    if verdicts is None or any(code_ not in _ADDRESS_FACTS for code_, _ in verdicts):
        return _NOT_JUDGED
    return _CLEAR | {_ADDRESS_FACTS[code_]: weight for code_, weight in verdicts}


FINAL = ("days_since_order_final",)
PERSON = (
    "name_form",
    "names_one_person",
    "tin_form",
    "birth_date_form",
    "matter_identified",
    "relies_on_other_document",
)
OFFICERS = ("officers_count", "officers_individual", "officers_of_agency")
REASONS = (
    "reasons_words",
    "reasons_placeholder",
    "reasons_generic",
    "reasons_locate_only",
    "reasons_civil_purpose",
    "reasons_willfulness",
    "reasons_necessity",
    "reasons_role",
)


def _known(fact: str, on: date | None) -> FactValue:
    """The date fact; None when the day is unknown or beyond the fact's bounds."""
    return CATALOGUE[fact].of_column(on)


def _part(read: Callable[..., Facts], nothing: Iterable[None]) -> Part:
    return Part(tuple(read(*nothing)), read)


def _named(facts: tuple[str, ...]) -> Callable[..., Facts]:
    return lambda *values: dict(zip(facts, values, strict=True))


@lru_cache(maxsize=_REPEATED)
def _citation(text: str) -> Citation | None:
    try:
        return Citation.parse(text)
    except ValueError:
        return None


PART_FACTS: tuple[tuple[str, ...], ...] = tuple(
    part.facts for part in Parts(Context(date.min, {}), Vocabulary((), (), (), {}, {})).all
)
"""The names of each part's facts; they do not depend on the context and the vocabulary."""
