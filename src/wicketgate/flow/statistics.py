"""Public statistics: each quarter once, some weeks after its end, small counts later (`stages.published`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate
from wicketgate.ledger import public_leaf
from wicketgate.stages.published import LEAST, Row, Stretch, divided, publish, within
from wicketgate.store import published as kept
from wicketgate.store.database import Connection
from wicketgate.store.log import Entry
from wicketgate.store.published import Topic
from wicketgate.store.services import Service

DELAY = timedelta(days=30)
"""How long after its end a quarter is published, a house rule: what just happened points at somebody."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A published count: of a row's total, or of one part of it, over the days from `first` to `last`."""

    topic: str
    row: str
    part: str
    """Empty for a total."""
    count: int
    first: date
    last: date


def publish_due(gate: Gate) -> int:
    """Publish every quarter that is due and was not yet, and record it as a public entry; returns how many.

    The first quarter is that of the gate's first answer that is told; a row that comes later begins then.
    """
    today = gate.clock.now().date()
    done = 0
    while (quarter := _next(gate, today)) is not None:
        first, last = quarter
        with gate.acting(Service.OVERSEE) as connection:
            before, counts = kept.latest(connection), kept.count(connection, first, last)
            rows = {
                topic: publish(_row(before.get(topic)), counts.get(topic, {}), first, last)
                for topic in sorted({*before, *counts, _ALWAYS})
                if topic.topic in (_AGENCY, _RECALL)
            }
            for topic, row in [(each, row) for each, row in rows.items() if each.topic == _AGENCY]:
                rows |= _beside(connection, topic.row, row)
            kept.add(connection, [(topic, first, last, _columns(row)) for topic, row in rows.items()])
            told: dict[str, Canonical] = {}
            for topic, row in rows.items():
                told |= {_name(topic, part): number for part, number in _numbers(row)}
            days: dict[str, Canonical] = {"from": first.isoformat(), "to": last.isoformat()}
            fields = days | {"counts": told}
            gate.append(connection, [Entry("answers", public_leaf("answers", fields), None, fields)])
        done += 1
    return done


def _beside(connection: Connection, agency: str, row: Row) -> dict[Topic, Row]:
    """What is told of the very requests that an agency's row tells: how long they took, what they lacked."""
    if row.total is None:
        return {}
    first, last = row.total.first, row.total.last
    counts = kept.count(connection, first, last)
    found, nothing = {}, Stretch(row.waits.first, row.waits.last, {})
    if times := divided(row.total, counts.get(Topic(_TIME, agency), {})):
        found[Topic(_TIME, agency)] = Row(times, times, nothing)
    returned = row.parts.counts.get(_RETURNED, 0) if row.parts else 0
    for code, number in within(returned, counts.get(Topic(_ELEMENT, agency), {})).items():
        lacking = Stretch(first, last, {_RETURNED: number})
        found[Topic(_ELEMENT, f"{agency} {code}")] = Row(lacking, None, nothing)
    return found


def figures(gate: Gate) -> list[Figure]:
    """All that was published, the newest first."""
    with gate.acting(Service.AUDIT) as connection:
        lines = kept.told(connection)
    found = []
    for line in lines[::-1]:
        if line.total:
            total = _stretch(line.total)
            found.append(Figure(line.topic, line.row, "", total.total, total.first, total.last))
        if line.parts:
            parts = _stretch(line.parts)
            found += [
                Figure(line.topic, line.row, part, count, parts.first, parts.last)
                for part, count in sorted(parts.counts.items())
            ]
    return found


_AGENCY, _ELEMENT, _TIME, _RECALL = "agency", "element", "time", "recall"
_RETURNED = "deficient"
_ALWAYS = Topic(_AGENCY, "no agency")
"""A row in which nothing ever happens: it marks the quarters that are done."""


def _next(gate: Gate, today: date) -> tuple[date, date] | None:
    """The first quarter that is due and not done."""
    with gate.acting(Service.OVERSEE) as connection:
        before = kept.latest(connection).get(_ALWAYS)
        begun = kept.first_answer(connection)
    if before is not None:
        done = before["last"]
        assert isinstance(done, date)  # noqa: S101  # a column of the database
        begun = done + timedelta(days=1)
    if begun is None:
        return None
    first = date(begun.year, 3 * ((begun.month - 1) // 3) + 1, 1)
    last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    return (first, last) if last + DELAY <= today else None


def _numbers(row: Row) -> list[tuple[str, int]]:
    totals = [("", row.total.total)] if row.total else []
    return totals + (sorted(row.parts.counts.items()) if row.parts else [])


def _name(topic: Topic, part: str) -> str:
    return " / ".join(filter(None, (*topic, part)))


def _row(before: Mapping[str, Any] | None) -> Row | None:
    return None if before is None else Row(None, None, _stretch(before["waits"]))


def _stretch(told: Mapping[str, Any]) -> Stretch:
    return Stretch(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]), dict(told["counts"]))


def _columns(row: Row) -> dict[str, object | None]:
    return {"total": _kept(row.total), "parts": _kept(row.parts), "waits": _kept(row.waits)}


def _kept(each: Stretch | None) -> dict[str, object] | None:
    if each is None:
        return None
    return {"first": each.first.isoformat(), "last": each.last.isoformat(), "counts": dict(each.counts)}


__all__ = ["DELAY", "LEAST", "Figure", "figures", "publish_due"]
