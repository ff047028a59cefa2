"""Officers act at the same moment, in any order, on the same requests; then the promises must hold.

Hypothesis writes what each person tries; every person is a thread with connections of its own, on a real
database. What is checked afterwards is read from the database by the administrator.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.stories.people import VALID
from tests.workplace.office import CLEO, CORA, ERIN, INA, REFERABLE, SAM, Office
from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.core.roles import Role
from wicketgate.core.states import TRANSITIONS
from wicketgate.flow.work.claim import claim, release_claim
from wicketgate.flow.work.decide import approve, refuse
from wicketgate.flow.work.declare import declare
from wicketgate.flow.work.determine_referral import reject_referral, resolve_referral
from wicketgate.flow.work.dissent import answer_dissent, dissent
from wicketgate.flow.work.endorse import endorse
from wicketgate.flow.work.examine import refer, return_with_findings
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.plant import plant
from wicketgate.flow.work.refusals import OvertakenError, WorkRefusedError
from wicketgate.flow.work.resume import resume
from wicketgate.flow.work.rules import OfficeRules
from wicketgate.flow.work.withdraw import withdraw
from wicketgate.store import log, suspension
from wicketgate.store.acts import ActRefusedError
from wicketgate.store.services import Service

BOTH = (Actor("vera", Role.EXAMINER), Actor("vera", Role.APPROVER))
"""One person who has both roles and tries both."""
CAST = (ERIN, BOTH[0], BOTH[1], Actor("ada", Role.APPROVER), CORA, SAM, CLEO)
FIRST, SECOND = Actor("fay", Role.EXAMINER), Actor("sid", Role.APPROVER)
BAD = Request.from_mapping(VALID | {"request_id": "X-1"})
RELAXED = OfficeRules(consecutive_approvals=1_000_000)
"""Rotation has a test of its own; here the same few people decide all day."""
REQUESTS = 2
STARTS = ("determined", "endorsed", "endorsed", "approved", "planted")
"""How far a request has come, by two other people, before everybody begins."""

_TRIES: dict[Role, tuple[str, ...]] = {
    Role.EXAMINER: (
        "endorse",
        "endorse",
        "endorse",
        "refer",
        "return",
        "take",
        "give back",
        "dissent",
        "recuse",
    ),
    Role.APPROVER: ("approve", "approve", "approve", "refuse", "take", "give back", "answer"),
    Role.COUNSEL: ("resolve", "resolve", "reject", "answer", "resume", "resume"),
    Role.SAFEGUARDS_OFFICER: ("dissent", "dissent", "order"),
    Role.CLERK: ("withdraw",),
}
_MOST = {Role.EXAMINER: 4, Role.APPROVER: 4, Role.COUNSEL: 3, Role.SAFEGUARDS_OFFICER: 1, Role.CLERK: 1}
_SELDOM = frozenset({Role.SAFEGUARDS_OFFICER, Role.CLERK})
_ENTRY = {
    "endorse": "request.endorsed",
    "refer": "request.endorsed",
    "return": "request.endorsed",
    "resolve referral": "referral.determined",
    "reject referral": "referral.determined",
    "approve": "decision",
    "refuse": "decision",
    "withdraw": "request.withdrawn",
    "release": "disclosure.released",
    "verify": "verification.answered",
    "fail to verify": "verification.answered",
    "find sufficient": "request.determined",
    "find referable": "request.determined",
    "find deficient": "request.determined",
    "hold": "request.held",
    "resume": "request.held",
    "end exercise": "exercise",
}
_SPOKEN = frozenset({"request.endorsed", "referral.determined", "decision"})
"""Kinds that are about the act of one person and name it."""
_BY = ("examiner", "counsel", "approver", "actor")
"""Fields of an entry that name who acted."""


@dataclass
class Tally:
    """What a campaign saw."""

    interleavings: int = 0
    tried: int = 0
    done: int = 0
    overtaken: int = 0
    refused: int = 0
    released: int = 0
    planted: int = 0
    acts: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another campaign with this one."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def told(self) -> dict[str, Any]:
        """The figures for a report."""
        return {**vars(self), "acts": dict(sorted(self.acts.items()))}


class Script(NamedTuple):
    """How far each request has come, and for each person of the cast what they try, in their order."""

    starts: list[str]
    tries: list[list[tuple[str, int]]]


def scripts() -> st.SearchStrategy[Script]:
    """Scripts in which most people try something, and clerks and objectors seldom do."""

    def tries(role: Role) -> st.SearchStrategy[list[tuple[str, int]]]:
        one = st.tuples(st.sampled_from(_TRIES[role]), st.integers(0, REQUESTS - 1))
        some = st.lists(one, min_size=1, max_size=_MOST[role])
        return st.one_of(*[st.just([])] * 5, some) if role in _SELDOM else some

    return st.builds(
        Script,
        st.lists(st.sampled_from(STARTS), min_size=REQUESTS, max_size=REQUESTS),
        st.tuples(*(tries(actor.role) for actor in CAST)).map(list),
    )


def interleave(office: Office, examples: int, number: int) -> Tally:
    """Run so many interleavings; raises `AssertionError` for a broken promise."""
    tally = Tally()

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts())
    def run(found: Script) -> None:
        _one(office, found, tally)

    run()
    return tally


def _one(office: Office, found: Script, tally: Tally) -> None:
    handles = [_come(office, start, tally.interleavings) for start in found.starts]
    start = threading.Barrier(len(CAST))
    lock = threading.Lock()
    broken: list[BaseException] = []

    def play(actor: Actor, tries: list[tuple[str, int]]) -> None:
        start.wait()
        for what, which in tries:
            try:
                _try(office, actor, what, handles[which])
                came: str = "done"
            except OvertakenError:
                came = "overtaken"
            except WorkRefusedError:
                came = "refused"
            except BaseException as error:  # noqa: BLE001 - whatever it is, it breaks the promise
                broken.append(error)
                return
            with lock:
                tally.tried += 1
                setattr(tally, came, getattr(tally, came) + 1)

    threads = [threading.Thread(target=play, args=pair) for pair in zip(CAST, found.tries, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise AssertionError(f"an act ended with {type(broken[0]).__name__}: {broken[0]}") from broken[0]
    for handle in handles:
        onward(office.gate, handle)
    tally.interleavings += 1
    check(office, handles, tally)


def _come(office: Office, start: str, number: int) -> Handle:
    """A request that has come so far; every fourth undecided one is before counsel."""
    if start == "planted":
        return plant(office.gate, INA, BAD, "She is somebody else.", kin=office.kin)
    if start == "determined":
        return office.one(REFERABLE if number % 4 == 3 else VALID)
    handle = office.one()
    page = office.take(FIRST, handle, minutes=0)
    endorse(office.gate, FIRST, handle, page)
    onward(office.gate, handle)
    if start == "approved":
        version = office.take(SECOND, handle, minutes=0)
        approve(office.gate, SECOND, handle, version, office.proof(handle), rules=RELAXED)
    return handle


def _take(office: Office, actor: Actor, handle: Handle) -> None:
    """Declare and claim as far as that goes: what comes after is refused where it must be."""
    try:
        declare(office.gate, actor, handle, conflict=False)
        claim(office.gate, actor, handle)
    except WorkRefusedError:
        return


def _try(office: Office, actor: Actor, what: str, handle: Handle) -> None:
    gate = office.gate
    if actor.role is Role.CLERK:
        withdraw(gate, actor, handle, "Found.")
        return
    if what == "dissent":
        dissent(gate, actor, handle, "I object.", gate.clock.now())
        return
    if what == "order":
        _order(office)
        return
    if what == "recuse":
        declare(gate, actor, handle, conflict=True, reasons="My cousin.")
        return
    if what == "take":
        declare(gate, actor, handle, conflict=False)
        claim(gate, actor, handle)
        return
    if what == "give back":
        release_claim(gate, actor, handle, "Later.")
        return
    if what not in ("answer", "resume"):
        _take(office, actor, handle)
    page = office.page(actor, handle)
    if what == "answer":
        for each in page.dissents:
            answer_dissent(gate, actor, handle, each.number, "It does not bear on this.")
        return
    if what == "resume":
        resume(gate, actor, handle, page.version, "The order was lifted.")
        _onward(office, handle)
        return
    points = [(element.code, "Because.") for element in page.elements if element.standing == "refer"]
    some = points or [("B5", "Because.")]
    read = len(page.dissents)
    why = "I read both." if read else None
    calls: dict[str, Callable[[], Any]] = {
        "endorse": lambda: endorse(gate, actor, handle, page.version, why, read),
        "refer": lambda: refer(gate, actor, handle, page.version, [("B5", "Specific?")], "Doubt."),
        "return": lambda: return_with_findings(
            gate, actor, handle, page.version, [("B5", "Not specific.")], "Thin."
        ),
        "resolve": lambda: resolve_referral(gate, actor, handle, page.version, [*some], read),
        "reject": lambda: reject_referral(gate, actor, handle, page.version, [*some]),
        "approve": lambda: approve(
            gate, actor, handle, page.version, office.proof(handle), why, read, RELAXED
        ),
        "refuse": lambda: refuse(gate, actor, handle, page.version, office.proof(handle), "No."),
    }
    calls[what]()
    _onward(office, handle)


def _order(office: Office) -> None:
    """A court suspends disclosure in the middle, and lifts it again at once."""
    order = {"court": "D.D.C.", "docket": "1:26-cv-1", "actor": INA.handle}
    for change in (suspension.suspend, suspension.lift):
        with office.gate.acting(Service.OVERSEE) as connection:
            change(connection, "DHS", **order, at=office.clock.now())


def _onward(office: Office, handle: Handle) -> None:
    """The gate's own part, which several processes may begin at once: whoever is late finds it done."""
    try:
        onward(office.gate, handle)
    except ActRefusedError:
        return


def check(office: Office, handles: list[Handle], tally: Tally) -> None:
    """The promises about these requests."""
    table = {(t.source.value, t.act, t.target.value, t.role.value) for t in TRANSITIONS}
    names, these = [handle.text for handle in handles], " WHERE handle = ANY (%s)"
    with office.gate.acting(Service.AUDIT) as connection:
        acts = connection.execute(
            "SELECT handle, version, act, source, target, role, actor FROM gate.act"
            " WHERE handle = ANY (%s) ORDER BY handle, version",
            [names],
        ).fetchall()
        states: dict[str, str] = dict(
            connection.execute(f"SELECT handle, state FROM gate.request{these}".encode(), [names]).fetchall()
        )
        kinds: dict[str, Counter[str]] = {name: Counter() for name in names}
        said: dict[str, Counter[tuple[str, str, str]]] = {name: Counter() for name in names}
        entries = log.about(connection, [Handle(name) for name in names])
        for name, kind, body in (
            (handle.text, each.kind, each.body) for handle, about in entries.items() for each in about
        ):
            kinds[name][kind] += 1
            if (act := str(body.get("act") or body.get("decision") or "")) and kind in _SPOKEN:
                said[name][kind, act, next(str(body[by]) for by in _BY if by in body)] += 1
        planted = {
            name
            for (name,) in connection.execute(f"SELECT handle FROM gate.exercise{these}".encode(), [names])
        }
        packages = {
            name
            for (name,) in connection.execute(f"SELECT handle FROM gate.package{these}".encode(), [names])
        }
        dissents: dict[str, int] = dict(
            connection.execute(
                "SELECT handle, count(*) FROM gate.dissent WHERE handle = ANY (%s) GROUP BY 1", [names]
            ).fetchall()
        )
        claims = connection.execute(
            "SELECT handle, actor, role FROM gate.claim WHERE handle = ANY (%s)"
            " UNION SELECT handle, actor, role FROM gate.declaration WHERE handle = ANY (%s)"
            " UNION SELECT handle, actor, role FROM gate.dissent WHERE handle = ANY (%s)",
            [names, names, names],
        ).fetchall()
        summed = connection.execute(
            "SELECT state, sum(n)::bigint FROM gate.tally GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1"
        ).fetchall()
        kept = connection.execute("SELECT state, count(*) FROM gate.work GROUP BY 1 ORDER BY 1").fetchall()
    assert summed == kept, "the sums are those of the work"
    for name in names:
        mine = [act for act in acts if act[0] == name]
        assert [act[1] for act in mine] == list(range(1, len(mine) + 1)), "each version is made once"
        state = "received"
        people: dict[str, set[str]] = {}
        for _, _, act, source, target, role, actor in mine:
            assert (source, act, target, role) in table, (source, act, target, role)
            assert source == state, "no act begins where the last one did not end"
            state = target
            people.setdefault(actor, set()).add(role)
            tally.acts[act] += 1
        assert states[name] == state
        for found, actor, role in claims:
            if found == name:
                people.setdefault(actor, set()).add(role)
        assert all(len(roles) == 1 for roles in people.values()), "nobody holds two roles on one request"
        wanted = Counter(
            "exercise" if name in planted and act[2] == "verify" else _ENTRY[act[2]] for act in mine
        )
        wanted["exercise"] += name in planted
        kept_kinds = {*_ENTRY.values(), "exercise"}
        assert {kind: kinds[name][kind] for kind in kept_kinds} == {
            kind: wanted[kind] for kind in kept_kinds
        }, "each act is in the ledger exactly once"
        assert said[name] == Counter(
            (_ENTRY[act], act, actor) for _, _, act, _, _, _, actor in mine if _ENTRY[act] in _SPOKEN
        ), "the ledger says who did what"
        if name in planted:
            assert not kinds[name]["verification.asked"], "an exercise never reaches the register"
            assert name not in packages
            assert state not in ("approved", "released", "picked_up"), "an exercise comes to an end"
            tally.planted += 1
        assert kinds[name]["dissent"] == dissents.get(name, 0)
        if name in packages or state in ("released", "picked_up"):
            endorsed = {act[6] for act in mine if act[2] == "endorse"}
            approved = {act[6] for act in mine if act[2] == "approve"}
            assert endorsed, "nothing is disclosed that nobody endorsed"
            assert approved, "nothing is disclosed that nobody approved"
            assert endorsed.isdisjoint(approved), "two different people stand for every disclosure"
            tally.released += 1
        decided = [act[6] for act in mine if act[2] in ("approve", "refuse")]
        assert len(set(decided)) == len(decided), "nobody decides twice on one request"
