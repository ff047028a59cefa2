"""Acts: the only way in which a request moves, and its history for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import errors

from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.store.database import Connection
from wicketgate.store.vault import open_words, seal_words

_REASONS = "reasons of an act"


class ActRefusedError(Exception):
    """The database refused an act: one sentence, by handle. The transaction is to be rolled back."""


class StaleError(ActRefusedError):
    """The request was changed by somebody else since it was read; read it again."""


class SuspendedError(ActRefusedError):
    """Disclosure to the request's agency is suspended."""


@dataclass(frozen=True, slots=True)
class Act:
    """`actor`, in a role, does `act` (a name of the transition table) to a request.

    `version` is the request's version as it was read; None acts on it as it is.
    The gate itself acts as `gate`.
    """

    handle: Handle
    act: str
    role: Role
    actor: str
    version: int | None = None
    reasons: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PastAct:
    """An act as it is kept."""

    version: int
    act: str
    source: str
    target: str
    role: str
    actor: str
    at: datetime
    reasons: str | None = field(repr=False)


def perform(connection: Connection, acts: Sequence[Act], at: datetime) -> None:
    """Carry out acts, all or none, each at most one per request in one call.

    The database checks each: the transition table, this service, compare-and-swap
    on the version, two different people, and suspension. Raises `StaleError`,
    `SuspendedError` or `ActRefusedError`.
    """
    try:
        connection.execute(
            "INSERT INTO gate.act (handle, version, act, role, actor, at, reasons)"
            " SELECT handle, version + 1, act, role, actor, %s, reasons"
            " FROM unnest(%b::text[], %b::integer[], %b::text[], %b::text[], %b::text[], %b::text[])"
            " AS new (handle, version, act, role, actor, reasons)",
            [
                at,
                [act.handle.text for act in acts],
                [act.version for act in acts],
                [act.act for act in acts],
                [act.role.value for act in acts],
                [act.actor for act in acts],
                seal_words(connection.vault, _REASONS, [(act.handle, act.reasons) for act in acts]),
            ],
        )
    except errors.SerializationFailure as error:
        raise StaleError(_sentence(error)) from None
    except errors.ObjectNotInPrerequisiteState as error:
        raise SuspendedError(_sentence(error)) from None
    except (errors.IntegrityError, errors.InsufficientPrivilege) as error:
        raise ActRefusedError(_sentence(error)) from None


def history(connection: Connection, handle: Handle) -> list[PastAct]:
    """What was done to a request, in order."""
    rows = connection.execute(
        "SELECT version, act, source, target, role, actor, at, reasons FROM gate.act"
        " WHERE handle = %s ORDER BY version",
        [handle.text],
    ).fetchall()
    return _opened(connection, [(handle, row) for row in rows])


def latest(connection: Connection, handles: Sequence[Handle], act: str) -> dict[Handle, PastAct]:
    """The last time that `act` was done to each of the requests."""
    cursor = connection.execute(
        "SELECT DISTINCT ON (handle) handle, version, act, source, target, role, actor, at, reasons"
        " FROM gate.act WHERE handle = ANY (%s) AND act = %s ORDER BY handle, version DESC",
        [[handle.text for handle in handles], act],
    )
    rows = [(Handle(handle), past) for handle, *past in cursor]
    return {handle: past for (handle, _), past in zip(rows, _opened(connection, rows), strict=True)}


def _opened(connection: Connection, rows: Sequence[tuple[Handle, Sequence[Any]]]) -> list[PastAct]:
    reasons = open_words(connection.vault, _REASONS, [(handle, row[-1]) for handle, row in rows])
    return [PastAct(*(*row[:-1], said)) for (_, row), said in zip(rows, reasons, strict=True)]


def _sentence(error: errors.Error) -> str:
    return error.diag.message_primary or "The database refused the act."
