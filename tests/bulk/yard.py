"""A gate that takes files: real database, a folder for uploads, a clerk, workers in this process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from tests.web.site import place_of
from tests.workplace.office import CLEO
from wicketgate.core.actor import Actor
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving, Taken, take_in
from wicketgate.flow.bulk.worker import Worker
from wicketgate.flow.founding import make_keys, make_secret
from wicketgate.flow.gate import Gate
from wicketgate.flow.standing import Standing, open_standing
from wicketgate.flow.work.open_office import open_office
from wicketgate.ledger import LogKey
from wicketgate.store import uploads as store
from wicketgate.store.database import Database
from wicketgate.store.services import Service
from wicketgate.store.uploads import Upload

AUTHORITY = "usc26-6103-i2"
ORIGIN = "gate.example.gov/yard"


def log_key_in(folder: Path) -> tuple[Path, str]:
    """A key of a log, made there, and its public part."""
    key = LogKey.generate(ORIGIN)
    make_secret(folder / "log.key", key.dump())
    return folder / "log.key", key.vkey


def unsafely(standing: Standing) -> Gate:
    """The gate on a server that may lose what it acknowledges, as tests have it."""
    return replace(open_standing(standing), throw_away=True)


class Yard:
    """One gate, its folder of uploads, and as many workers as a test wants."""

    def __init__(
        self, database: Database, folder: Path, keys: tuple[Path, Path], *, signed_only: bool = False
    ) -> None:
        log_key, socket = keys
        self.standing = Standing(
            *(place_of(database), AUTHORITY, (), None, log_key, folder / "kin.key"),
            keys=socket,
            signed_only=signed_only,
        )
        make_keys(self.standing, ORIGIN)
        self.uploads = Uploads(folder / "submissions")
        self.gate: Gate = unsafely(self.standing)
        open_office(self.gate)
        self.ended = Event()

    def worker(self) -> Worker:
        """One more."""
        return Worker(self.standing, self.uploads, self.ended, unsafely)

    def send(self, data: bytes, name: str = "requests.csv", actor: Actor = CLEO) -> Taken:
        """A clerk sends a file."""
        with Arriving(self.uploads) as arriving:
            for start in range(0, len(data), 65_536):
                arriving.write(data[start : start + 65_536])
            return take_in(self.gate, actor, self.uploads, name, arriving)

    def work(self) -> None:
        """One worker works until there is nothing to do."""
        worker = self.worker()
        try:
            while worker.step():
                pass
        finally:
            worker.close()

    def upload(self, number: int) -> Upload:
        """An upload as it stands."""
        with self.gate.acting(Service.INTAKE) as connection:
            found = store.get(connection, number)
        assert found is not None
        return found

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the auditor reads."""
        with self.gate.acting(Service.AUDIT) as connection:
            return connection.execute(query.encode(), values).fetchall()
