"""An examiner endorses a sufficient request, and its question to the register is put on record."""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.digest import digest
from wicketgate.core.identifiers import Handle
from wicketgate.core.identity import Question
from wicketgate.core.roles import Role
from wicketgate.core.states import State
from wicketgate.flow.determine import reviewed
from wicketgate.flow.gate import Gate, Record, Rows
from wicketgate.flow.resolutions import resolutions
from wicketgate.stages.comparison import question, requested_periods
from wicketgate.stages.review import Sufficient
from wicketgate.store import acts, register, requests
from wicketgate.store.acts import Act
from wicketgate.store.requests import StoredRequest
from wicketgate.store.services import Service

UNBOUND = "last_known"
"""The one looser reading of the switch that binds the disclosed address to a stated period."""


def endorse(gate: Gate, rows: Rows, examiner: str) -> int:
    """Endorse the sufficient requests among `rows` in the name of `examiner`; returns how many.

    The question commits here; the register can be asked only in a later transaction,
    so that no caller can take back that it was asked.
    """
    with gate.acting(Service.REVIEW) as connection:
        stored = requests.in_state(connection, rows.submission, State.SUFFICIENT, rows.first, rows.last)
        settled = resolutions(connection, [each.standing.handle for each in stored])
        sufficient = [
            (each, again)
            for each in stored
            if isinstance(again := reviewed(gate, each, settled.get(each.standing.handle, ())), Sufficient)
        ]
        if sufficient:
            done = [
                Act(each.standing.handle, "endorse", Role.EXAMINER, examiner, each.standing.version)
                for each, _ in sufficient
            ]
            acts.perform(connection, done, gate.clock.now())
            asked = [(each.standing.handle, question_of(gate, each)) for each, _ in sufficient]
            register.ask(connection, put_on_record(gate, asked))
            records = []
            for (each, again), (handle, put) in zip(sufficient, asked, strict=True):
                records += [
                    Record(
                        "request.endorsed",
                        handle,
                        {"examiner": examiner, "act": "endorse", "predecessor": again.digest},
                    ),
                    Record(
                        "verification.asked",
                        handle,
                        {
                            "ticket": str(handle),
                            "actor": examiner,
                            "purpose": each.request.statute,
                            "question_digest": question_digest(put),
                            "predecessor": again.digest,
                        },
                    ),
                ]
            gate.record(connection, records)
    return len(sufficient)


def question_of(gate: Gate, stored: StoredRequest) -> Question:
    """What the register is asked about a request."""
    bound = gate.law.authority.switches.get("S9_period_binding") != UNBOUND
    return question(stored.request, requested_periods(stored.request.taxable_periods), bound)


def put_on_record(gate: Gate, asked: Sequence[tuple[Handle, Question]]) -> list[tuple[Handle, Question]]:
    """Questions as the register compares them, in tokens. Raises `KeysError` without a key process."""
    blinded = gate.the_keys().blind([put for _, put in asked])
    return [(handle, put) for (handle, _), put in zip(asked, blinded, strict=True)]


def question_digest(put: Question) -> str:
    """The name of a question in the ledger."""
    name, place = put.name, put.place
    return digest(
        [
            [name.first, list(name.surnames), name.middle, name.suffix],
            [place.point, place.unit, place.city, place.state, place.zip5],
            [put.tin, put.birth_date, list(put.periods), put.period_bound],
        ]
    )
