"""Brings a database to the present schema: ordered SQL files, each applied once and never changed."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import psycopg
from psycopg import sql

from wicketgate.core.states import INITIAL, TRANSITIONS
from wicketgate.store.database import Connection, Database, DatabaseError
from wicketgate.store.services import DISCLOSING, Service, services_of

_OLDEST = 150000
_LOCK = 0x57474D49  # one migration at a time in one database
_RECORD = """
CREATE TABLE gate.migration (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE gate.migration OWNER TO gate_owner;
"""


def migrate(database: Database) -> tuple[str, ...]:
    """Create the database where needed, apply what is new, and return the names applied.

    Runs as the administrator; each file takes the role of its owner. All or
    nothing. Raises `DatabaseError` when a file that was applied has changed or
    has gone, and when the server is older than PostgreSQL 15.
    """
    if not database.exists():
        database.create()
    with database.administer() as connection:
        if connection.info.server_version < _OLDEST:
            raise DatabaseError("The server is older than PostgreSQL 15; use a newer one.")
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_LOCK])
        applied = _apply(connection, schema_files())
        _write_transitions(connection)
        _secure(connection, database)
    return applied


def schema_files() -> dict[str, str]:
    """The SQL files by name, in the order in which they apply."""
    folder = files("wicketgate.store") / "schema"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".sql")]
    return {entry.name: entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda e: e.name)}


def _apply(connection: Connection, wanted: dict[str, str]) -> tuple[str, ...]:
    done = _recorded(connection)
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in wanted.items()}
    for name, digest in done.items():
        if digests.get(name) != digest:
            fate = "has changed since" if name in digests else "is missing"
            raise DatabaseError(
                f"The schema file {name} was applied to this database and {fate};"
                " put it back as it was and write a new file for the change."
            )
    new = tuple(name for name in wanted if name not in done)
    for name in new:
        try:
            connection.execute(wanted[name].encode())
        except psycopg.Error as error:
            raise DatabaseError(f"The schema file {name} cannot be applied: {error}") from error
        connection.execute("RESET ROLE")
        connection.execute("RESET search_path")
        if name == next(iter(wanted)):
            connection.execute(_RECORD)
        connection.execute("INSERT INTO gate.migration (name, sha256) VALUES (%s, %s)", [name, digests[name]])
    return new


def _recorded(connection: Connection) -> dict[str, str]:
    known = connection.execute("SELECT to_regclass('gate.migration') IS NOT NULL").fetchone()
    if known is None or not known[0]:
        return {}
    return dict(connection.execute("SELECT name, sha256 FROM gate.migration").fetchall())


def _write_transitions(connection: Connection) -> None:
    """The guard's table is the one table of transitions, written anew."""
    connection.execute("DELETE FROM gate.transition")
    connection.execute("DELETE FROM gate.initial")
    connection.execute("INSERT INTO gate.initial (state) VALUES (%s)", [INITIAL.value])
    rows = [
        (t.source.value, t.act, t.target.value, t.role.value, list(services_of(t)), t.act in DISCLOSING)
        for t in TRANSITIONS
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO gate.transition (source, act, target, role, services, discloses)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )


def _secure(connection: Connection, database: Database) -> None:
    """Passwords of the run-time roles, and the rights on the database itself, which no template carries."""
    for service in Service:
        secret, name = database.server.secret(service).encode(), service.encode()
        verifier = connection.pgconn.encrypt_password(secret, name, b"scram-sha-256").decode()
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(service), sql.Literal(verifier))
        )
    grant_connect(connection, database.name)


def grant_connect(connection: Connection, name: str) -> None:
    """Only the run-time roles may connect to the database, and nobody may make temporary tables in it."""
    roles = sql.SQL(", ").join(map(sql.Identifier, Service))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), roles))
