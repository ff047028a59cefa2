"""Where a simulated gate lives: a throw-away database, or one that is kept in a folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wicketgate.core.clock import FixedClock
from wicketgate.core.context import Context
from wicketgate.embedded import start, throw_away
from wicketgate.flow import register_files
from wicketgate.flow.file_digest import file_digest
from wicketgate.flow.gate import Gate
from wicketgate.flow.key_process import key_process
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.witnessing import Witnessing, ask_witnesses
from wicketgate.law import CompiledLaw
from wicketgate.ledger import LogKey, Policy
from wicketgate.store.database import VARIABLE, Database, RemoteServer, open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service

SECRETS_VARIABLE = "WICKETGATE_SECRETS"
_MARK = "register.digest"
ORIGIN = "wicketgate.example/simulation"
"""The name of a simulated gate's log; a custodian's gate has its own."""


class HouseError(RuntimeError):
    """The kept folder cannot be used for this; one sentence."""


@dataclass(frozen=True, slots=True)
class House:
    """An open gate and the folder of its secrets."""

    gate: Gate
    folder: Path


@contextmanager
def opened(
    law: CompiledLaw,
    context: Context,
    register: Path | None,
    keep: Path | None,
    progress: Progress = silent,
    witnesses: Policy | None = None,
) -> Iterator[House]:
    """Open a gate over the register of a directory; with `keep`, the one that lives in that folder.

    Without a register nobody is on file, and nothing can be verified.

    Raises `HouseError` when the kept folder belongs to another register, and
    `LogContradictedError` when one of the witnesses has seen more of its log than it holds.
    """
    progress("prepare the database", 0)
    with kept_database(keep) as (database, folder):
        migrate(database)
        clock = FixedClock.on(context.as_of)
        key = log_key(folder)
        witnessing = None if witnesses is None else Witnessing.by(witnesses, key)
        with (
            key_process(folder, key.vkey, witnesses) as keys,
            Gate(database, law, context, clock, key, keep is None, witnessing, keys) as gate,
        ):
            if witnessing is not None:
                progress("ask the witnesses", 0)
                ask_witnesses(gate)
            gate.take_over()
            if register is not None:
                _load_register(gate, register, folder, progress)
            yield House(gate, folder)


@contextmanager
def kept_database(keep: Path | None) -> Iterator[tuple[Database, Path]]:
    """A database and the folder of its secrets: kept or thrown away, embedded or at the given server."""
    if keep is not None:
        # Root's server runs under another account, which must be able to pass through.
        keep.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    url = os.environ.get(VARIABLE)
    if url is None:
        with start(keep / "database") if keep else throw_away() as server:
            yield open_database(server), keep or server.directory
        return
    remote = RemoteServer(url, secrets_folder())
    if keep is not None:
        yield Database(remote, _kept_name(keep)), keep
        return
    with TemporaryDirectory(prefix="wicketgate-") as folder:
        database = Database(remote, _new_name())
        try:
            yield database, Path(folder)
        finally:
            database.drop()


def secrets_folder() -> Path:
    """Where the passwords of the run-time roles are: one folder for one server (mode 0700)."""
    named = os.environ.get(SECRETS_VARIABLE)
    return Path(named) if named else Path.home() / ".local" / "state" / "wicketgate" / "secrets"


def _kept_name(keep: Path) -> str:
    path = keep / "database.name"
    if not path.is_file():
        path.write_text(_new_name())
    return path.read_text().strip()


def _new_name() -> str:
    return f"wicketgate_simulation_{secrets.token_hex(8)}"


def log_key(folder: Path) -> LogKey:
    """The key of the log that a folder keeps, made on first use."""
    path = folder / "log.key"
    if path.is_file():
        return LogKey.load(path.read_text().strip())
    key = LogKey.generate(ORIGIN)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.dump() + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return key


def _load_register(gate: Gate, register: Path, folder: Path, progress: Progress) -> None:
    """Load the register once; a kept gate answers from one register only."""
    digest = digest_of(register)
    mark = folder / _MARK
    if mark.is_file():
        if mark.read_text() != digest:
            raise HouseError(
                f"{folder} keeps a gate over another register; name another folder, or that register,"
                " or replace it with `wicketgate register load --keep`."
            )
        return
    register_files.load(gate.acting(Service.LOAD), gate.the_keys(), register, progress, gate.append)
    mark_register(folder, digest)


def digest_of(register: Path) -> str:
    """The digest of a register directory's two files."""
    return file_digest(*sorted(path for path in register.glob("*") if path.stem in ("persons", "addresses")))


def mark_register(folder: Path, digest: str) -> None:
    """Note which register a kept gate answers from."""
    draft = (folder / _MARK).with_suffix(".new")
    draft.write_text(digest)
    draft.rename(folder / _MARK)
