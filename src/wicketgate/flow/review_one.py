"""One request reviewed by itself, in this process: equal to the review of a file that holds it alone."""

from __future__ import annotations

from wicketgate.core.context import Context
from wicketgate.core.facts import FactValue
from wicketgate.core.request import Request
from wicketgate.flow.receive import Incoming
from wicketgate.law import CompiledLaw
from wicketgate.stages.facts import SetKeys, open_requests, row_facts


def review_one(law: CompiledLaw, context: Context, request: Request) -> Incoming:
    """The request as row 1 of a submission of its own, with its facts and the elements it shows."""
    seen = row_facts(request, context, law.authority.vocabulary)
    facts = {**seen.facts, **_alone(context, seen.keys)}
    return Incoming(1, request, facts, law.evaluate(facts))


def _alone(context: Context, keys: SetKeys) -> dict[str, FactValue]:
    """The facts about the set, of a set of one; what is not stated repeats nothing (`relations`)."""
    waiting = open_requests(context.engagements)
    return {
        "reasons_repeat_count": int(keys.reasons_key is not None),
        "officer_requests_max": max((1 + waiting.get(each, 0) for each in keys.officer_keys), default=0),
        "person_address_count": int(bool(keys.person_keys) and keys.address_key is not None),
        "address_person_count": int(keys.address_key is not None),
        "matter_person_count": int(keys.matter_key is not None),
    }
