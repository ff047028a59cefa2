"""One request at a time, in process: facts, rules and explanation."""

from __future__ import annotations

from pathlib import Path

from bench.timing import micros
from tests.campaigns.disclosures import law_and_context
from wicketgate.core.catalogue import SET_FACTS
from wicketgate.core.request import Request
from wicketgate.stages.facts import row_facts
from wicketgate.stages.intake import read_batches

_ALONE = dict.fromkeys(SET_FACTS, 1)


def one_request(submission: Path) -> dict[str, float]:
    """Facts, rules and findings of one request, never the same one twice."""
    law, context = law_and_context()
    batch = next(iter(read_batches(submission, rows=4_000)))
    sample = [Request(*values) for _, _, values in batch.rows]  # type: ignore[arg-type]

    def whole(request: Request) -> None:
        facts = row_facts(request, context, law.authority.vocabulary).facts
        law.findings(law.evaluate(facts | _ALONE))

    whole(sample[0])
    return micros([lambda each=each: whole(each) for each in sample[1:]])  # type: ignore[misc]
