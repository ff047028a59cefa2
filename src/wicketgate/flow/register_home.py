"""The register of one gate, replaced while the gate works: a standing gate's, or that of a kept folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wicketgate.core.clock import SystemClock
from wicketgate.flow import register_files
from wicketgate.flow.house import HouseError, digest_of, kept_database, log_key, mark_register
from wicketgate.flow.key_process import key_process
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.register_audit import Profile
from wicketgate.flow.register_files import RegisterFiles
from wicketgate.flow.register_source import RegisterRefusedError
from wicketgate.flow.standing import Standing, log_key_of
from wicketgate.keys import Keys, through_socket
from wicketgate.ledger import LogKey
from wicketgate.store import register
from wicketgate.store.database import Connection, Database
from wicketgate.store.log import Entry
from wicketgate.store.migrate import migrate
from wicketgate.store.register import Generation
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

__all__ = ["Generation", "RegisterHome"]


class RegisterHome:
    """Where a gate keeps its register. Give a standing gate, or the folder of a kept one."""

    def __init__(self, standing: Standing | None = None, keep: Path | None = None) -> None:
        if (standing is None) == (keep is None):
            raise ValueError("one of `standing` and `keep`")
        self._standing, self._keep = standing, keep

    def replace(
        self,
        files: RegisterFiles,
        directory: Path | None = None,
        profile: Profile | None = None,
        progress: Progress = silent,
    ) -> Generation:
        """Load the next generation and let it take over; returns it.

        `directory` is where the files lie, where they do. With a `profile`, the register is audited
        first. Raises `UnsoundRegisterError`, `ProfileRefusedError`, or another
        `RegisterRefusedError`; then the former register goes on answering.
        """
        if profile is not None:
            profile.require(files, progress)
        audit = register_files.NOT_AUDITED if profile is None else profile.told
        with self._database() as database, self._keys() as keys:
            writer = Writer(self._log_key())
            with database.connect(Service.WITNESS) as reading:
                writer.join(reading)

            def append(connection: Connection, entries: Sequence[Entry]) -> None:
                writer.append(connection, entries, SystemClock().now())

            try:
                register_files.load_from(database.connect(Service.LOAD), keys, files, append, audit)
            except register.RegisterError as error:
                raise RegisterRefusedError(str(error)) from None
            if self._keep is not None:
                mark_register(self._keep, digest_of(directory) if directory else files.source.name)
            with database.connect(Service.LOAD) as connection:
                return register.generations(connection)[-1]

    def generations(self) -> list[Generation]:
        """All that were loaded, the one in force last."""
        with self._database() as database, database.connect(Service.LOAD) as connection:
            return register.generations(connection)

    @contextmanager
    def _database(self) -> Iterator[Database]:
        if self._standing is not None:
            yield self._standing.place.database()
        elif self._keep is not None:
            if not self._keep.is_dir():
                raise HouseError(f"{self._keep} keeps no gate; `wicketgate simulate --keep` makes one.")
            with kept_database(self._keep) as (database, _):
                migrate(database)
                yield database

    def _log_key(self) -> LogKey:
        if self._standing is not None:
            return log_key_of(self._standing)
        if self._keep is None:  # one of the two is always there
            raise HouseError("There is no gate whose log could be written.")
        return log_key(self._keep)

    @contextmanager
    def _keys(self) -> Iterator[Keys]:
        """The key process of the gate: its own, or for a kept folder one that ends with us."""
        if self._keep is not None:
            with key_process(self._keep, log_key(self._keep).vkey) as keys:
                yield keys
        elif self._standing is None or self._standing.keys is None:
            raise HouseError("The gate names no key process, so no register can be sealed; set `gate.keys`.")
        else:
            keys = through_socket(self._standing.keys)
            yield keys
            keys.close()
