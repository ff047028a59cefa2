"""A gate that stays open for people: its database is elsewhere, its keys are files, its day is today."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from wicketgate.core.clock import SystemClock
from wicketgate.embedded import Cluster
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import HouseError
from wicketgate.flow.work.kin import Kin
from wicketgate.keys import through_socket
from wicketgate.law import AuthorityError, compile_authority, load
from wicketgate.ledger import LogKey
from wicketgate.stages.context import load_context
from wicketgate.store.database import Database, DatabaseError, RemoteServer, open_database
from wicketgate.store.services import Service

KIN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a standing gate's database is, and the folder of the run-time roles' passwords."""

    url: str = field(repr=False)
    secrets: Path

    @classmethod
    def in_cluster(cls, cluster: Cluster, name: str, *, administrator: bool = False) -> Place:
        """A database of a private server; with the administrator's password for founding it only."""
        words = conninfo_to_dict(cluster.dsn(dbname=name))
        if not administrator:
            words = {"host": words["host"], "dbname": name}
        return cls(make_conninfo("", **words), cluster.directory / "secrets")

    def database(self) -> Database:
        """The gate's database. Raises `DatabaseError` for a URL that is none."""
        return open_database(self.url, secrets=self.secrets)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a standing gate is made of; `day` is set for demonstrations, and is today otherwise."""

    place: Place
    authority: str
    overlays: tuple[str, ...]
    context: Path | None
    log_key: Path
    kin_key: Path
    day: date | None = None
    keys: Path | None = None
    """The socket of the key process; without one the register stays closed."""
    signed_only: bool = True
    """Only a demonstration takes requests that nobody signed."""
    proofs: Path | None = None
    """The report of the law's proofs that the public page tells of."""


def open_standing(standing: Standing) -> Gate:
    """Open the gate as it stands today; whoever holds it longer opens it again tomorrow.

    Raises `HouseError`, `ContextError`, `DatabaseError` or `LedgerError`, each with one sentence.
    """
    clock = SystemClock()
    day = standing.day or clock.now().date()
    context = replace(load_context(standing.context, today=day), as_of=day)
    try:
        law = compile_authority(
            load(standing.authority, standing.overlays, on=day, switches=context.switches)
        )
    except AuthorityError as error:
        raise HouseError(str(error)) from error
    key = log_key_of(standing)
    keys = None if standing.keys is None else through_socket(standing.keys)
    try:
        kin = kin_of(standing)
    except HouseError:  # needed where requests come in and are read; `serve` says what is missing
        kin = None
    return Gate(
        standing.place.database(),
        law,
        context,
        clock,
        key,
        keys=keys,
        signed_only=standing.signed_only,
        kin=kin,
        proofs=standing.proofs,
    )


def log_key_of(standing: Standing) -> LogKey:
    """The key that signs the log. Raises `HouseError` or `LedgerError`."""
    try:
        return LogKey.load(standing.log_key.read_text().strip())
    except OSError as error:
        raise HouseError(
            f"The log's key {standing.log_key} cannot be read ({error.strerror});"
            " `wicketgate init` makes it, and a lost one cannot be made again."
        ) from None


def kin_of(standing: Standing) -> Kin:
    """The key by which requests of one person are found beside each other. Raises `HouseError`."""
    try:
        key = bytes.fromhex(standing.kin_key.read_text().strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KIN_BYTES:
        raise HouseError(
            f"The key {standing.kin_key} cannot be read; `wicketgate init` makes it, and with another one"
            " earlier requests are no longer found."
        )
    return Kin(key)


def login_words(place: Place, service: Service) -> dict[str, str]:
    """The connection parameters of a run-time role, password included. Makes no password.

    Raises `DatabaseError` when the role's password is not there.
    """
    database = place.database()
    if isinstance(database.server, RemoteServer) and not (place.secrets / service).is_file():
        raise DatabaseError(
            f"The password of {service} is missing: {place.secrets / service}; run `wicketgate init`."
        )
    words = conninfo_to_dict(database.server.dsn(service.value, database.name))
    return {name: str(value) for name, value in words.items() if value is not None}


def web_login(place: Place) -> dict[str, str]:
    """The connection parameters of the web room's own role."""
    return login_words(place, Service.WEB)


def owner_login(place: Place) -> dict[str, str]:
    """The connection parameters for making the web room's tables: the administrator, as their owner."""
    database = place.database()
    words = conninfo_to_dict(database.server.dsn(dbname=database.name))
    return {name: str(value) for name, value in words.items() if value is not None} | {
        "options": "-c role=accounts_owner -c search_path=accounts"
    }
