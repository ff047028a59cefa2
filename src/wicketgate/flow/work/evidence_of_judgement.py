"""Whether officers judge or stamp: for the inspector alone, and never as a ranking.

Made of acts and claims that are on record anyway; nothing watches what a person clicks or looks at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.work.refusals import NotAllowedError
from wicketgate.flow.work.rules import HOUSE_RULES, OfficeRules
from wicketgate.store import work_evidence
from wicketgate.store.services import Service
from wicketgate.store.work_evidence import Judged, Pair, Planted

_PLANTED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Judgement:
    """One officer in one role over the last days."""

    officer: str
    role: str
    judged: int
    median_time: timedelta
    """On one case: from the claim, or from this officer's judgement before it where that came later.

    So that whoever claims many and then stamps them one after the other is seen.
    """
    in_favour: float
    """Share of endorsements, resolutions or approvals among what this officer judged."""
    exercises: int
    missed: int
    """Exercises that this officer let pass."""
    alarms: tuple[str, ...]
    """In words; none is a finding about a person, each is a reason to look."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often one approver approved what one examiner endorsed."""

    examiner: str
    approver: str
    decided: int
    approved: float
    alarms: tuple[str, ...]
    """In words, where the two hardly ever disagree."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the inspector sees, by officers' handles in their order: it is no scoreboard."""

    judgements: tuple[Judgement, ...]
    agreements: tuple[Agreement, ...]
    planted: tuple[Planted, ...]
    """The newest requests that were planted to be refused."""


def evidence_of_judgement(gate: Gate, actor: Actor, rules: OfficeRules = HOUSE_RULES) -> Evidence:
    """The evidence over the last days. Raises `NotAllowedError` for anybody but an inspector."""
    found = _measured(gate, actor, rules)
    with gate.acting(Service.AUDIT) as connection:
        return replace(found, planted=tuple(work_evidence.planted(connection, _PLANTED_SHOWN)))


def _measured(gate: Gate, actor: Actor, rules: OfficeRules) -> Evidence:
    if actor.role is not Role.INSPECTOR:
        raise NotAllowedError("Only an inspector reads the evidence of judgement.")
    since = gate.clock.now() - rules.judged_over
    with gate.acting(Service.AUDIT) as connection:
        judged = work_evidence.judged(connection, since)
        pairs = work_evidence.pairs(connection, since)
    return Evidence(
        tuple(_judgement(each, rules) for each in judged),
        tuple(_agreement(each, rules) for each in pairs),
        (),
    )


def alarms(gate: Gate, actor: Actor, rules: OfficeRules = HOUSE_RULES) -> int:
    """How many reasons to look there are. Raises `NotAllowedError` for anybody but an inspector."""
    found = _measured(gate, actor, rules)
    by_officer = sum(len(each.alarms) for each in found.judgements)
    return by_officer + sum(len(each.alarms) for each in found.agreements)


def _judgement(judged: Judged, rules: OfficeRules) -> Judgement:
    share = judged.in_favour / judged.judged
    alarms = []
    if judged.judged >= rules.enough_judgements:
        if judged.median_time < rules.least_time:
            seconds = int(judged.median_time.total_seconds())
            alarms.append(f"Half of the cases were judged within {seconds} seconds each.")
        if share > rules.most_agreement:
            alarms.append(f"{share:.0%} of {judged.judged} cases were let pass.")
    if judged.missed:
        alarms.append(f"{judged.missed} of {judged.exercises} requests planted to be refused were let pass.")
    return Judgement(
        judged.actor,
        judged.role,
        judged.judged,
        judged.median_time,
        share,
        judged.exercises,
        judged.missed,
        tuple(alarms),
    )


def _agreement(pair: Pair, rules: OfficeRules) -> Agreement:
    share = pair.approved / pair.decided
    alarms: tuple[str, ...] = ()
    if pair.decided >= rules.enough_judgements and share > rules.most_agreement:
        alarms = (f"{share:.0%} of {pair.decided} endorsements were approved.",)
    return Agreement(pair.examiner, pair.approver, pair.decided, share, alarms)
