"""Two people at once: one wins, the other gets one clear sentence, and nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from tests.campaigns.interleavings import interleave
from tests.workplace.office import ABEL, ADA, ELIAS, ERIN, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.work.claim import claim
from wicketgate.flow.work.decide import approve, refuse
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.dissent import dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.refusals import NotAllowedError, OvertakenError, WorkRefusedError


def at_once(*acts: Callable[[], object]) -> list[WorkRefusedError | None]:
    """Do acts at the same moment; what each was refused with, or None."""
    start, ends = threading.Barrier(len(acts)), list[WorkRefusedError | None]([None] * len(acts))

    def run(number: int) -> None:
        start.wait()
        try:
            acts[number]()
        except WorkRefusedError as error:
            ends[number] = error

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_two_claims(office: Office) -> None:
    for _ in range(5):
        handle = office.one()
        ends = at_once(*(partial(claim, office.gate, actor, handle) for actor in (ERIN, ELIAS)))
        (lost,) = [end for end in ends if end is not None]
        assert isinstance(lost, OvertakenError)
        assert str(lost) == (
            f"Request {handle} is claimed by somebody else. Nothing was done; open the request again."
        )


def test_one_approver_in_two_windows_approves_and_refuses(office: Office) -> None:
    for _ in range(5):
        handle = office.endorsed()
        act = office.gate, ADA, handle, office.take(ADA, handle), office.proof(handle)
        ends = at_once(partial(approve, *act), partial(refuse, *act, "No."))
        (lost,) = [end for end in ends if end is not None]
        assert isinstance(lost, OvertakenError)
        assert office.kinds(handle).count("decision") == 1


def test_one_person_takes_two_roles_at_once(office: Office) -> None:
    for _ in range(5):
        handle = office.one()
        roles = Actor("vera", Role.EXAMINER), Actor("vera", Role.COUNSEL)
        ends = at_once(*(partial(declare, office.gate, actor, handle, False) for actor in roles))
        (lost,) = [end for end in ends if end is not None]
        assert isinstance(lost, NotAllowedError)
        assert "two roles" in str(lost)


def test_a_dissent_and_an_endorsement_meet(office: Office) -> None:
    """Either the dissent was there first, unread by whoever endorses, or it came after."""
    for _ in range(5):
        handle = office.one()
        version = office.take(ERIN, handle)
        refused, none = at_once(
            partial(endorse, office.gate, ERIN, handle, version),
            partial(dissent, office.gate, SAM, handle, "I object.", office.clock.now()),
        )
        assert none is None
        assert (office.state(handle) == "endorsed") is (refused is None)
        assert refused is None or isinstance(refused, OvertakenError)


def test_two_approvers_race_for_the_claim_and_one_decides(office: Office) -> None:
    handle = office.endorsed()
    for actor in (ADA, ABEL):
        declare(office.gate, actor, handle, conflict=False)

    def decide(actor: Actor) -> None:
        claim(office.gate, actor, handle)
        approve(office.gate, actor, handle, office.page(actor, handle).version, office.proof(handle))

    ends = at_once(partial(decide, ADA), partial(decide, ABEL))
    assert [end is None for end in ends].count(True) == 1
    assert office.kinds(handle).count("decision") == 1


def test_interleavings(fresh: Office) -> None:
    tally = interleave(fresh, examples=25, number=1)
    assert tally.interleavings == 25
    assert tally.done > 25
    assert tally.released > 5  # otherwise the promise about disclosures says nothing
