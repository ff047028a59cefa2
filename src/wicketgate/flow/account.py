"""What the accounting says of one person, for that person: one officer takes it down, another decides.

Nobody is searched for. Whoever asks has the number of a request about them, from a notice that they were
sent, and has shown to the custodian who they are. The account is about the one taxpayer of that request's
disclosure, known by the ledger's pseudonym; it names no other person, and no officer.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from psycopg import errors

from wicketgate.core.actor import Actor
from wicketgate.core.context import CUSTODIAN
from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate, Record
from wicketgate.flow.letters.composed import Letter
from wicketgate.flow.letters.press import open_press
from wicketgate.law.report_words import ReportWords, report_words
from wicketgate.store import accounts, log, requests
from wicketgate.store.accounts import Asked, Disclosed
from wicketgate.store.services import Service

TAKES = frozenset({Role.SAFEGUARDS_OFFICER, Role.COUNSEL})
"""Who takes a question down."""
DECIDES = Role.COUNSEL
LANGUAGES = ("en", "es")
_SHORTEST, _LONGEST = 10, 2_000


class AccountRefusedError(Exception):
    """Nothing was done; one sentence."""


def ask_account(gate: Gate, actor: Actor, handle: Handle, identified_by: str, reasons: str) -> int:
    """Take down that the person of this request asks for their account; returns the question's number.

    The answer is the same whether anything was disclosed or not. Raises `AccountRefusedError`.
    """
    if actor.role not in TAKES:
        raise AccountRefusedError(f"You act as {actor.role}; a safeguards officer or counsel takes it down.")
    how, why = _given(identified_by, "how the person showed who they are"), _given(reasons, "why")
    now = gate.clock.now()
    with gate.acting(Service.AUDIT) as connection:
        if requests.standing_of(connection, handle) is None:
            raise AccountRefusedError(f"There is no request {handle}; the number stands in the notice.")
        if requests.get(connection, handle) is None:
            raise AccountRefusedError(
                f"What is on record about {handle} was expunged under a records schedule, so no account of it"
                " can be given; the ledger's tombstone names the schedule and its authority."
            )
        size = _size(gate)
        found = accounts.disclosed(connection, handle, size)
    last = max((each.on for each in found), default=None)
    day = (last or now).astimezone(UTC).date() + timedelta(days=_words(gate).delay_days if last else 0)
    due = max(day, now.astimezone(UTC).date())
    fields: dict[str, Canonical] = {
        "actor": actor.handle,
        "reasons": why,
        "identified_by": how,
        "due": due.isoformat(),
    }
    try:
        with gate.acting(Service.OVERSEE) as connection:
            number = accounts.ask(connection, handle, how, why, actor.handle, now, due)
            gate.record(connection, [Record("account.asked", handle, fields)])
    except errors.UniqueViolation:
        raise AccountRefusedError(f"An account on {handle} waits already; decide on that first.") from None
    return number


def release_account(gate: Gate, actor: Actor, number: int, words: str, language: str = "en") -> bytes:
    """Release an account to its person, as another than who took it down; returns the letter (PDF).

    Not before the day until which the law delays it. Raises `AccountRefusedError`.
    """
    if language not in LANGUAGES:
        raise AccountRefusedError(f"An account is written in {' or '.join(LANGUAGES)}.")
    asked, why = _open(gate, actor, number), _given(words, "why it may be released")
    now = gate.clock.now()
    if now.astimezone(UTC).date() < asked.due_on:
        raise AccountRefusedError(
            f"Account {number} is not released before {asked.due_on.isoformat()}:"
            f" the law delays it ({_words(gate).citation})."
        )
    size = _size(gate)
    handle = Handle(asked.handle)
    letter = _letter(gate, handle, size, language, now.astimezone(UTC).date())
    digest = "sha256:" + hashlib.sha256(letter).hexdigest()
    fields: dict[str, Canonical] = {
        "act": "release",
        "actor": actor.handle,
        "account_digest": digest,
        "reasons": why,
    }
    with gate.acting(Service.OVERSEE) as connection:
        accounts.release(
            connection, number, handle, actor.handle, now, why, size=size, language=language, digest=digest
        )
        gate.record(connection, [Record("account.decided", handle, fields)])
    return letter


def refuse_account(gate: Gate, actor: Actor, number: int, words: str) -> None:
    """Refuse an account for now, with reasons. Raises `AccountRefusedError`."""
    asked, why = _open(gate, actor, number), _given(words, "why it is refused")
    with gate.acting(Service.OVERSEE) as connection:
        handle = Handle(asked.handle)
        accounts.refuse(connection, number, handle, actor.handle, gate.clock.now(), why)
        fields: dict[str, Canonical] = {"act": "refuse", "actor": actor.handle, "reasons": why}
        gate.record(connection, [Record("account.decided", handle, fields)])


def released_letter(gate: Gate, number: int) -> bytes | None:
    """The letter of a released account, made again byte for byte; None where none was released."""
    with gate.acting(Service.AUDIT) as connection:
        found = accounts.asked(connection, number)
    if not found or found[0].size is None or found[0].language is None or found[0].decided_at is None:
        return None
    asked = found[0]
    day = found[0].decided_at.astimezone(UTC).date()
    letter = _letter(gate, Handle(asked.handle), found[0].size, found[0].language, day)
    same = "sha256:" + hashlib.sha256(letter).hexdigest() == asked.digest
    return letter if same else None


def questions(gate: Gate) -> list[Asked]:
    """Every question for an account, the newest first."""
    with gate.acting(Service.AUDIT) as connection:
        return accounts.asked(connection)


class _Told(NamedTuple):
    day: str
    agency: str
    purpose: str
    became: str


def _letter(gate: Gate, handle: Handle, size: int, language: str, day: date) -> bytes:
    with gate.acting(Service.AUDIT) as connection:
        found = accounts.disclosed(connection, handle, size)
    said, words = _said()[language], _words(gate)
    content = {
        "kind": "account",
        "lang": language,
        "page_word": said["page"],
        "title": said["title"],
        "custodian": CUSTODIAN,
        "reference_label": said["reference"],
        "reference": str(handle),
        "particulars": [
            [said["request"], str(handle)],
            [said["day"], day.isoformat()],
            [said["law"], words.citation or "–"],
        ],
        "paragraphs": [said["some"] if found else said["none"], said["what"]],
        "list": said["list"],
        "heads": [said["when"], said["agency"], said["purpose"], said["became"]],
        "rows": [list(_told(each, said)) for each in found],
        "closing": [said["rights"], said["check"]],
    }
    with open_press() as press:
        return press.pdf(Letter("account", content))


def _told(each: Disclosed, said: Mapping[str, str]) -> _Told:
    became = "destroyed" if each.destroyed else "recalled" if each.recalled else "held"
    return _Told(
        each.on.astimezone(UTC).date().isoformat(),
        each.agency,
        each.purpose or said["not_stated"],
        said[became],
    )


def _open(gate: Gate, actor: Actor, number: int) -> Asked:
    if actor.role is not DECIDES:
        raise AccountRefusedError(f"You act as {actor.role}; counsel decides on an account.")
    with gate.acting(Service.AUDIT) as connection:
        found = accounts.asked(connection, number)
    if not found:
        raise AccountRefusedError(f"There is no question {number} for an account.")
    if found[0].decision is not None:
        raise AccountRefusedError(f"Account {number} is decided already.")
    if found[0].asked_by == actor.handle.lower():
        raise AccountRefusedError(f"You took account {number} down; another person decides on it.")
    return found[0]


def _given(text: str, what: str) -> str:
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST or "\0" in text:
        raise AccountRefusedError(f"Say {what}, in {_SHORTEST} to {_LONGEST:,} characters; nothing was done.")
    return text


def _size(gate: Gate) -> int:
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
    return latest[0] if latest else 0


def _words(gate: Gate) -> ReportWords:
    return report_words(gate.law.authority.name, "account")


@cache
def _said() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(
        files("wicketgate.flow").joinpath("account_words.toml").read_text(encoding="utf-8")
    )
    return found
