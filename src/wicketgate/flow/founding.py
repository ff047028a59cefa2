"""What a standing gate needs before it opens: its keys, and its database in the present schema."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from wicketgate.flow import register_files
from wicketgate.flow.gate import Gate
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.standing import KIN_BYTES, Place, Standing
from wicketgate.ledger import LogKey
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service


def make_keys(standing: Standing, origin: str) -> tuple[Path, ...]:
    """Make the keys that are not there yet (mode 0600) and return their files; `origin` names the log.

    A key that is there stays as it is: with another one the log could not go on.
    """
    fresh = {standing.log_key: LogKey.generate(origin).dump(), standing.kin_key: secrets.token_hex(KIN_BYTES)}
    return tuple(path for path, text in fresh.items() if make_secret(path, text))


def make_secret(path: Path, text: str) -> bool:
    """Write a private file, whole or not at all; False when it was there already and stays."""
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # of two founders at once the first wins
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def found_database(administrator: Place) -> tuple[str, ...]:
    """Make the database where needed and bring it to the present schema; returns what was applied.

    `administrator` names a role that may create roles and databases. Raises `DatabaseError`.
    """
    return migrate(administrator.database())


def load_register(gate: Gate, directory: Path, progress: Progress = silent) -> None:
    """Replace the register by that of a directory; raises `RegisterRefusedError` or `KeysError`."""
    register_files.load(gate.acting(Service.LOAD), gate.the_keys(), directory, progress, gate.append)


def log_vkey(standing: Standing) -> str:
    """The public key of the log, by which a key process knows the gate that it serves."""
    return LogKey.load(standing.log_key.read_text().strip()).vkey
