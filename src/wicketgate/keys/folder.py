"""What the key process remembers, in one private file: keys, the newest log it saw, and what is spent.

It is no part of the database and of none of its backups. A key that was destroyed is
overwritten in the file (SQLite's secure_delete) and in its journal; what lies in copies of
this folder, its keeper must destroy.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from wicketgate.keys.evidence import NOTHING_SEEN, Head
from wicketgate.keys.problem import KeysError
from wicketgate.keys.sealing import KEY_BYTES, new_key

FILE = "keys.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER, root BLOB);
CREATE TABLE IF NOT EXISTS log (one INTEGER PRIMARY KEY CHECK (one = 1), vkey TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS key (name TEXT PRIMARY KEY, secret BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subject (name TEXT PRIMARY KEY, secret BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lot (id INTEGER PRIMARY KEY, names TEXT NOT NULL, secrets BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS gone (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spent (bucket TEXT, name TEXT, entry INTEGER, PRIMARY KEY (bucket, name));
"""
_FRESH = 65_536
"""Keys of requests that wait to be put in their places together: one by one each costs a page of its own."""
_CACHE_KIB = 65_536
"""Of the file in memory: most questions are for requests that have no key yet, in a table of millions."""


class KeyFolder:
    """The keys for the gate that writes one log; one process at a time holds them, until `close`."""

    def __init__(self, folder: Path, vkey: str, patience: float = 0) -> None:
        # `patience`: seconds to wait for a process before us that is about to end.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / FILE
        path.touch(mode=0o600, exist_ok=True)
        self._journal, self._destroyed = path.with_name(path.name + "-journal"), False
        if path.stat().st_mode & 0o077 or path.stat().st_uid != os.geteuid():
            raise KeysError(f"{path} must belong to the key process alone: chown it and chmod 600.")
        # Handed from thread to thread by the server, which lets in one at a time.
        self._file = sqlite3.connect(path, isolation_level=None, timeout=patience, check_same_thread=False)
        try:
            self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._file.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._file.execute("PRAGMA secure_delete = ON")
            self._file.execute("PRAGMA journal_mode = PERSIST")  # one place for what was, to be overwritten
            self._file.execute("PRAGMA synchronous = FULL")
            self._file.executescript("BEGIN EXCLUSIVE;" + _TABLES + "COMMIT;")
            self._file.execute("INSERT INTO log VALUES (1, ?) ON CONFLICT DO NOTHING", [vkey])
            ((known,),) = self._file.execute("SELECT vkey FROM log")
            self._adopt_single_keys()
            self._fresh = self._waiting()
            self._overwrite_journal()  # of a process that was killed between a destruction and this
        except sqlite3.Error as error:
            self._file.close()
            raise KeysError(f"The keys in {folder} cannot be used: {error}.") from None
        if known != vkey:
            self._file.close()
            raise KeysError(f"The keys in {folder} belong to the gate of another log; name its folder.")

    def close(self) -> None:
        """Let another process have the folder."""
        self._file.close()

    @contextmanager
    def durably(self) -> Iterator[None]:
        """What is done inside is durable together when it ends, or is not done."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            self._fresh, self._destroyed = self._waiting(), False
            raise
        self._file.execute("COMMIT")
        if self._destroyed:
            self._overwrite_journal()
            self._destroyed = False

    def _overwrite_journal(self) -> None:
        """The journal keeps the pages as they were before: with the keys that were just destroyed."""
        with suppress(FileNotFoundError), self._journal.open("r+b") as journal:
            journal.write(bytes(os.fstat(journal.fileno()).st_size))
            journal.flush()
            os.fsync(journal.fileno())

    def seen(self) -> Head:
        """The newest log that was seen."""
        row = self._file.execute("SELECT size, root FROM head").fetchone()
        return Head(int(row[0]), bytes(row[1])) if row else NOTHING_SEEN

    def see(self, head: Head) -> None:
        """Remember a newer log."""
        self._file.execute(
            "INSERT INTO head VALUES (1, ?, ?)"
            " ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root"
            " WHERE excluded.size > size",
            [head.size, head.root],
        )

    def key(self, name: str) -> bytes | None:
        """The key of that name, if it was made and not destroyed."""
        row = self._file.execute("SELECT secret FROM key WHERE name = ?", [name]).fetchone()
        return bytes(row[0]) if row else None

    def made(self, name: str) -> bytes:
        """The key of that name, made now if there never was one; raises `KeysError` for a destroyed one."""
        if (found := self.key(name)) is not None:
            return found
        if self._file.execute("SELECT 1 FROM gone WHERE name = ?", [name]).fetchone():
            raise KeysError(f"The key {name} was destroyed and is never made again.")
        self._file.execute("INSERT INTO key VALUES (?, ?)", [name, secret := new_key()])
        return secret

    def subjects(self, names: Sequence[str], *, make: bool = False) -> list[bytes | None]:
        """The key of each request, with `make` made where there never was one; None where it was destroyed.

        Raises `KeysError` for one that was never made here: then this is not the folder of that database.
        """
        known: dict[str, bytes | None] = {name: self._fresh[name] for name in names if name in self._fresh}
        rows = self._file.execute(
            "SELECT name, secret FROM subject WHERE name IN (SELECT value FROM json_each(?))",
            [json.dumps([name for name in names if name not in known])],
        )
        known.update(rows.fetchall())
        if lost := [name for name in dict.fromkeys(names) if name not in known]:
            if not make:
                raise KeysError(
                    f"There never was a key for {lost[0]} here; bring back the newest copy of the keys."
                )
            known |= self._made_subjects(lost)
        return [known[name] for name in names]

    def _made_subjects(self, names: Sequence[str]) -> dict[str, bytes]:
        pool = os.urandom(KEY_BYTES * len(names))
        self._file.execute("INSERT INTO lot (names, secrets) VALUES (?, ?)", [json.dumps(names), pool])
        made = _parted(names, pool)
        self._fresh |= made
        if len(self._fresh) >= _FRESH:
            self._put_in_place()
        return made

    def _waiting(self) -> dict[str, bytes]:
        waiting = dict[str, bytes]()
        for names, secrets in self._file.execute("SELECT names, secrets FROM lot"):
            waiting |= _parted(json.loads(names), secrets)
        return waiting

    def _adopt_single_keys(self) -> None:
        """Put in place what a folder of before holds in `fresh`, one row for each key, instead of in lots."""
        if self._file.execute("PRAGMA table_info(fresh)").fetchone():
            self._file.executescript(
                "BEGIN; INSERT INTO subject SELECT name, secret FROM fresh; DROP TABLE fresh; COMMIT;"
            )

    def _put_in_place(self) -> None:
        self._file.execute(
            "INSERT INTO subject SELECT value, substr(secrets, key * :bytes + 1, :bytes)"
            " FROM lot, json_each(names) ORDER BY value",
            {"bytes": KEY_BYTES},
        )
        self._file.execute("DELETE FROM lot")
        self._fresh = {}

    def destroy_subjects(self, names: Sequence[str]) -> None:
        """Destroy the keys of requests for good; one that was never made is never made from now on."""
        self._destroyed = True
        self._put_in_place()
        self._file.executemany(
            "INSERT INTO subject VALUES (?, NULL) ON CONFLICT DO UPDATE SET secret = NULL",
            [(name,) for name in names],
        )

    def names(self, prefix: str) -> list[str]:
        """The keys whose names begin so, in order."""
        rows = self._file.execute(
            "SELECT name FROM key WHERE substr(name, 1, ?) = ? ORDER BY name", [len(prefix), prefix]
        )
        return [name for (name,) in rows]

    def destroy(self, name: str) -> None:
        """Destroy a key for good, with what was remembered as spent under it."""
        self._destroyed = True
        self._file.execute("DELETE FROM key WHERE name = ?", [name])
        self._file.execute("INSERT INTO gone VALUES (?) ON CONFLICT DO NOTHING", [name])
        self._file.execute("DELETE FROM spent WHERE bucket = ?", [name])

    def spend(self, bucket: str, name: str, entry: int) -> bool:
        """Let one entry of the log open what has this name under the key `bucket`, and no other entry.

        False when another entry has, or it was ended.
        """
        self._file.execute("INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [bucket, name, entry])
        row = self._file.execute("SELECT entry FROM spent WHERE bucket = ? AND name = ?", [bucket, name])
        return bool(row.fetchone()[0] == entry)

    def end(self, bucket: str, name: str) -> None:
        """Nothing opens it any more."""
        self._file.execute(
            "INSERT INTO spent VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET entry = NULL", [bucket, name]
        )


def _parted(names: Sequence[str], secrets: bytes) -> dict[str, bytes]:
    """The key of each name, of keys that lie one behind the other."""
    return {name: secrets[at * KEY_BYTES : (at + 1) * KEY_BYTES] for at, name in enumerate(names)}
