"""Facts: what the catalogue names, computed once per request (`core.catalogue` says what each means).

What is missing or unreadable makes no fact (None), and an unknown fact shows nothing.
"""

from __future__ import annotations

from wicketgate.core.context import Context
from wicketgate.core.request import Request
from wicketgate.law import Vocabulary
from wicketgate.stages.facts.keys import SetKeys
from wicketgate.stages.facts.observer import Observer, RowFacts
from wicketgate.stages.facts.officers import officer_key, open_requests
from wicketgate.stages.facts.parts import PART_FACTS, Part

__all__ = [
    "PART_FACTS",
    "Observer",
    "Part",
    "RowFacts",
    "SetKeys",
    "officer_key",
    "open_requests",
    "row_facts",
]


def row_facts(request: Request, context: Context, vocabulary: Vocabulary) -> RowFacts:
    """Every fact of the catalogue but the `SET_FACTS`, and the keys for those. Never raises.

    What a context and a vocabulary mean is worked out once and kept for the calls that follow.
    """
    global _observer
    observer = _observer
    if observer is None or observer.context is not context or observer.vocabulary is not vocabulary:
        observer = _observer = Observer(context, vocabulary)
    return observer(request)


_observer: Observer | None = None
