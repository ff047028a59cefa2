"""A simulated gate's answers, decided once more by another engine before any of them leaves.

PostgreSQL decides what is disclosed. DuckDB, over the register's files, must come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from wicketgate.core.states import State
from wicketgate.flow import register_files
from wicketgate.flow.endorse import question_of
from wicketgate.flow.gate import Gate
from wicketgate.flow.progress import Progress
from wicketgate.flow.receive import EngineDisagreementError
from wicketgate.flow.register_decisions import RegisterDecisions
from wicketgate.stages.verify_rule import Decision
from wicketgate.store import register, requests
from wicketgate.store.requests import StoredRequest, Submission
from wicketgate.store.services import Service

_PAGE = 2_000
_ANSWERED = (State.NOT_VERIFIED, State.HELD, State.RELEASED)
"""States in which the scripted officers leave a request about which the register was asked."""


def require_agreement(gate: Gate, known: Submission, directory: Path, progress: Progress) -> int:
    """Compare all answers about a submission; returns how many were compared.

    Raises `EngineDisagreementError` on the first difference, with the request's handle.
    """
    progress("verify once more", 0)
    with closing(RegisterDecisions()) as decisions:
        for page in _answered(gate, known):
            decisions.ask([question_of(gate, each) for each, _ in page])
        with closing(register_files.read(directory)) as files:
            decisions.load(files.persons(), files.addresses())
        compared = 0
        again = decisions.decisions()
        for page in _answered(gate, known):
            for each, person_id in page:
                if not _same(each.standing.state, person_id, next(again)):
                    raise EngineDisagreementError(
                        f"Two engines verified {each.standing.handle} differently, so neither is trusted"
                        " and nothing was sent; please report this."
                    )
                compared += 1
    return compared


def _answered(gate: Gate, known: Submission) -> Iterator[list[tuple[StoredRequest, str | None]]]:
    """The requests that the register was asked about, and whom it meant, a page at a time."""
    with gate.acting(Service.AUDIT) as connection:
        last = requests.last_row(connection, known.submission)
    for first in range(1, last + 1, _PAGE):
        with gate.acting(Service.AUDIT) as connection:
            stored = requests.between(connection, known.submission, first, first + _PAGE - 1)
        asked = [each for each in stored if each.standing.state in _ANSWERED]
        with gate.acting(Service.LOAD) as connection:
            meant = register.persons(connection, [each.standing.handle for each in asked])
        yield [(each, meant.get(each.standing.handle)) for each in asked]


def _same(state: State, person_id: str | None, decision: Decision) -> bool:
    if person_id is not None:
        return (person_id, ()) == (decision.person_id, decision.held)
    # Held without a person: by the record, or by an order under which nothing was asked.
    return state is State.HELD or (state is State.NOT_VERIFIED and decision.outcome == "not_one")
