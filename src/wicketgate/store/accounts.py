"""Who asked for their own account, and what was decided; and the disclosures about one taxpayer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from psycopg.rows import class_row

from wicketgate.core.identifiers import Handle
from wicketgate.store import log
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded
from wicketgate.store.vault import open_words, seal_words

_IDENTIFIED = "how a person was identified"
_REASONS = "reasons of an account"
_DECISION = "reasons of a decision on an account"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question for an account, and its decision as far as there is one."""

    number: int
    handle: str
    identified_by: str = field(repr=False)
    reasons: str = field(repr=False)
    asked_by: str
    asked_at: datetime
    due_on: date
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    words: str | None = field(repr=False)
    size: int | None
    language: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One disclosure about the person: when, to whom, for what, and what became of it."""

    on: datetime
    agency: str
    purpose: str
    item: str
    recalled: bool
    destroyed: bool


def ask(
    connection: Connection, handle: Handle, identified_by: str, reasons: str, by: str, at: datetime, due: date
) -> int:
    """Take a question down, as `gate_oversee`; returns its number."""
    [how] = seal_words(connection.vault, _IDENTIFIED, [(handle, identified_by)])
    [why] = seal_words(connection.vault, _REASONS, [(handle, reasons)])
    row = connection.execute(
        "INSERT INTO gate.account (handle, identified_by, reasons, asked_by, asked_at, due_on)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING number",
        [handle.text, how, why, by, at, due],
    ).fetchone()
    assert row is not None  # noqa: S101  # the row that was just inserted
    return int(row[0])


def release(
    connection: Connection,
    number: int,
    handle: Handle,
    by: str,
    at: datetime,
    words: str,
    *,
    size: int,
    language: str,
    digest: str,
) -> None:
    """Release an account on this request, as `gate_oversee`."""
    [why] = seal_words(connection.vault, _DECISION, [(handle, words)])
    connection.execute(
        "UPDATE gate.account SET decided_by = %s, decided_at = %s, decision = 'release', words = %s,"
        " size = %s, language = %s, digest = %s WHERE number = %s",
        [by, at, why, size, language, digest, number],
    )


def refuse(connection: Connection, number: int, handle: Handle, by: str, at: datetime, words: str) -> None:
    """Refuse one, as `gate_oversee`."""
    [why] = seal_words(connection.vault, _DECISION, [(handle, words)])
    connection.execute(
        "UPDATE gate.account SET decided_by = %s, decided_at = %s, decision = 'refuse', words = %s"
        " WHERE number = %s",
        [by, at, why, number],
    )


def asked(connection: Connection, number: int | None = None) -> list[Asked]:
    """Every question, or one, the newest first; what was said about an expunged request is gone."""
    with connection.cursor(row_factory=class_row(Asked)) as cursor:
        found = cursor.execute(
            "SELECT * FROM gate.account WHERE %s::bigint IS NULL OR number = %s ORDER BY number DESC",
            [number, number],
        ).fetchall()

    def told(what: str, words: Callable[[Asked], str | None]) -> list[str | None]:
        return open_words(connection.vault, what, [(Handle(each.handle), words(each)) for each in found])

    said = zip(
        told(_IDENTIFIED, lambda each: each.identified_by),
        told(_REASONS, lambda each: each.reasons),
        told(_DECISION, lambda each: each.words),
        strict=True,
    )
    return [
        replace(each, identified_by=str(how), reasons=str(why), words=decision)
        for each, (how, why, decision) in zip(found, said, strict=True)
    ]


_RELEASED, _INTENDED, _PICKED_UP = "disclosure.released", "disclosure.intended", "pickup"
_KINDS = (_RELEASED, _INTENDED, _PICKED_UP, "disclosure.recalled", "destruction.certified")
_PAGE = 1_000


def disclosed(connection: Connection, handle: Handle, size: int) -> list[Disclosed]:
    """The disclosures about the person whom this request's disclosure was about, of the first entries."""
    taxpayer = _taxpayer(log.about(connection, [handle], [_RELEASED]).get(handle, []), size)
    if taxpayer is None:
        return []
    rows = connection.execute(
        "SELECT DISTINCT handle FROM log.entry WHERE kind = %s AND idx < %s ORDER BY handle",
        [_RELEASED, size],
    ).fetchall()
    released, found = [Handle(each) for (each,) in rows], []
    for start in range(0, len(released), _PAGE):
        about = log.about(connection, released[start : start + _PAGE], list(_KINDS))
        for entries in about.values():
            if _taxpayer(entries, size) == taxpayer:
                found += _disclosures([each for each in entries if each.index < size])
    return sorted(found, key=lambda each: each.on)


def _taxpayer(entries: Sequence[Recorded], size: int) -> str | None:
    """Whom the newest release is about."""
    names = [each.body.get("taxpayer") for each in entries if each.kind == _RELEASED and each.index < size]
    return str(names[-1]) if names and names[-1] else None


def _disclosures(entries: Sequence[Recorded]) -> list[Disclosed]:
    kinds = {each.kind for each in entries}
    intended = next((each.body for each in reversed(entries) if each.kind == _INTENDED), {})
    return [
        Disclosed(
            each.at,
            str(intended.get("agency") or ""),
            str(intended.get("purpose") or ""),
            str(intended.get("item") or ""),
            "disclosure.recalled" in kinds,
            "destruction.certified" in kinds,
        )
        for each in entries
        if each.kind == _PICKED_UP
    ]
