"""Where the database is and how each service logs in to it."""

from __future__ import annotations

import os
import secrets as randomness
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow

from wicketgate.store.services import Service
from wicketgate.store.vault import NoVault, Vault

VARIABLE = "WICKETGATE_DATABASE_URL"
_MAINTENANCE = "postgres"
"""The database that every server has."""


class Connection(psycopg.Connection[TupleRow]):
    """A connection that carries what seals and opens for whoever works with it."""

    vault: Vault = NoVault()


class DatabaseError(RuntimeError):
    """The database cannot be used; the message is one sentence with the remedy."""


class Server(Protocol):
    """A PostgreSQL server whose roles' passwords we keep, such as the embedded cluster."""

    def dsn(self, role: str = ..., dbname: str = ...) -> str:
        """The connection string of a role for a database; without a role, the administrator's."""
        ...

    def secret(self, role: str) -> str:
        """The role's password, made on first use."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A server that somebody else runs, named by a URL whose user may create roles and databases.

    `secrets` is a folder with one file per run-time role, as secret managers
    mount them; a missing one is made. One server has one such folder.
    """

    url: str = field(repr=False)
    secrets: Path

    def dsn(self, role: str = "", dbname: str = "") -> str:
        """The connection string of a role for a database; without a role, that of the URL's user."""
        words: dict[str, str] = {"application_name": "wicketgate"}
        if dbname:
            words["dbname"] = dbname
        if role:
            words |= {"user": role, "password": self.secret(role)}
        return make_conninfo(self.url, **words)

    def secret(self, role: str) -> str:
        """The role's password, made on first use (mode 0600)."""
        path = self.secrets / role
        if not path.is_file():
            self.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(randomness.token_urlsafe(32))
        return path.read_text().strip()


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the gate on one server."""

    server: Server = field(repr=False)
    name: str
    vault: Vault = field(default_factory=NoVault, repr=False)
    """What seals and opens what the database keeps about people; without one, neither can be done."""

    def connect(self, service: Service) -> Connection:
        """Log in as a service; the caller closes the connection. Raises `DatabaseError`."""
        connection = _connect(self.server.dsn(service.value, self.name), f"{self.name} as {service}")
        connection.vault = self.vault
        return connection

    def administer(self) -> Connection:
        """Log in as the server's administrator: for migrations and nothing else."""
        return _connect(self.server.dsn(dbname=self.name), self.name)

    def exists(self) -> bool:
        """True when the server has this database."""
        with _connect(self.server.dsn(dbname=_MAINTENANCE), "the server") as connection:
            found = connection.execute("SELECT FROM pg_catalog.pg_database WHERE datname = %s", [self.name])
            return found.fetchone() is not None

    def create(self, template: str = "template0") -> None:
        """Create this database; raises `DatabaseError` when it exists."""
        try:
            self._on_server("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}", self.name, template)
        except psycopg.errors.DuplicateDatabase:
            raise DatabaseError(f"The database {self.name} exists already.") from None

    def drop(self) -> None:
        """Remove this database and everything in it, whoever is still connected."""
        self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)

    def _on_server(self, statement: LiteralString, *names: str) -> None:
        identifiers = [psycopg.sql.Identifier(name) for name in names]
        with _connect(self.server.dsn(dbname=_MAINTENANCE), "the server") as connection:
            connection.autocommit = True
            connection.execute(psycopg.sql.SQL(statement).format(*identifiers))


def open_database(source: Server | str, name: str = "wicketgate", secrets: Path | None = None) -> Database:
    """The gate's database on an embedded cluster, or on the server that a URL names.

    A URL needs the folder `secrets` and may name the database itself. Nothing
    is created here: see `migrate`. Raises `DatabaseError` for a URL that is none.
    """
    if not isinstance(source, str):
        return Database(source, name)
    if secrets is None:
        raise DatabaseError("A database URL needs a folder for the passwords of the run-time roles.")
    try:
        words = conninfo_to_dict(source)
    except psycopg.ProgrammingError:
        raise DatabaseError(
            f"{VARIABLE} is not a database URL; write postgresql://user:password@host/database."
        ) from None
    return Database(RemoteServer(source, secrets), str(words.get("dbname") or name))


def _connect(dsn: str, what: str) -> Connection:
    try:
        return Connection.connect(dsn)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DatabaseError(f"The database cannot be reached ({what}): {reason}") from None
