"""The states of a request, from the one transition table."""

from __future__ import annotations

from collections import defaultdict

from docs.pages.markdown import code, fence, page, table
from wicketgate.core.states import FINAL, INITIAL, TRANSITIONS, State, Transition
from wicketgate.flow.work.decide import CONFIRMED
from wicketgate.flow.work.possible import JUDGING, PROCEEDING
from wicketgate.store.services import DISCLOSING

_MANY = 3
"""An act from at least this many states is drawn once, from a frame around them."""


def states() -> str:
    """`reference/states.md`."""
    return page(
        "States",
        "A request stands in exactly one state, and the table below is all that may follow. It is "
        "`TRANSITIONS` in `src/wicketgate/core/states.py`; the database's guard is made from the same list. "
        "No person holds two roles on one request ([Roles](roles.md)).",
        fence(_diagram(), "mermaid"),
        table(
            ("from", "act", "by", "to"),
            [(code(t.source), t.act, code(t.role), code(t.target)) for t in TRANSITIONS],
        ),
        "A person judges only after declaring that nothing binds them, and claiming the request. Each act "
        "needs more:",
        table(
            ("act", "needs"),
            [(act, _needs(act)) for act in dict.fromkeys(t.act for t in TRANSITIONS) if act in JUDGING],
        ),
        f"A request begins as {code(INITIAL)}. Nothing follows "
        + ", ".join(code(state) for state in State if state in FINAL)
        + ".",
    )


def _needs(act: str) -> str:
    """What a person's act needs besides its place in the table."""
    found = ["reasons where there is a dissent" if act in PROCEEDING else "reasons"]
    if act in DISCLOSING:
        found.append("no suspension of the agency")
    if act in CONFIRMED:
        found.append("the typed number, and a proof of identity at most five minutes old")
    return "; ".join(found)


def river() -> str:
    """The diagram in the README: the way through the gate and its exits."""
    shown = [t for t in TRANSITIONS if t not in _framed() and t.source in _way() and t.act != "recall"]
    states = dict.fromkeys(state for t in shown for state in (t.source, t.target))
    lines = [f"  {state}[{state.replace('_', ' ')}]" for state in states]
    lines += [f"  {t.source} -->|{t.act}| {t.target}" for t in shown]
    return fence("\n".join(["flowchart LR", *lines]), "mermaid")


def _way() -> list[State]:
    """The states on the shortest way from the first to the pick-up."""
    ways = [[INITIAL]]
    while ways[0][-1] is not State.PICKED_UP:
        way = ways.pop(0)
        ways += [[*way, t.target] for t in TRANSITIONS if t.source is way[-1]]
    return ways[0]


def _diagram() -> str:
    frames = _framed()
    inside = sorted({t.source for t in frames}, key=list(State).index)
    lines = ["stateDiagram-v2", "  state open {", f"    [*] --> {INITIAL}"]
    lines += [f"    {t.source} --> {t.target} : {t.act}" for t in TRANSITIONS if _within(t, inside)]
    lines.append("  }")
    lines += [
        f"  {t.source} --> {t.target} : {t.act}"
        for t in TRANSITIONS
        if t not in frames and not _within(t, inside)
    ]
    for act, target in dict.fromkeys((t.act, t.target) for t in frames):
        lines.append(f"  open --> {target} : {act}")
    lines += [f"  {state} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines)


def _framed() -> list[Transition]:
    """The transitions whose act leads from many states to one."""
    groups: dict[tuple[str, State], list[Transition]] = defaultdict(list)
    for t in TRANSITIONS:
        groups[t.act, t.target].append(t)
    return [t for group in groups.values() if len(group) >= _MANY for t in group]


def _within(t: Transition, inside: list[State]) -> bool:
    return t.source in inside and t.target in inside
