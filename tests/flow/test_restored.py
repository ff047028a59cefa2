"""A database put back from an old backup, for real: its witness knows more, and nothing is signed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.flow.test_witnessing import KEY, Local, gate_on, grow, size_of
from wicketgate.embedded import start
from wicketgate.flow.gate import Gate
from wicketgate.flow.witnessing import LogContradictedError, ask_witnesses
from wicketgate.store.database import Database, open_database
from wicketgate.store.log import LogError
from wicketgate.store.migrate import migrate


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account can reach, too."""
    with TemporaryDirectory(prefix="wicketgate-restored-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@contextmanager
def served(place: Path) -> Iterator[Database]:
    """The database in a folder, with everything on disk before and after."""
    with start(place / "database") as cluster:
        database = open_database(cluster)
        migrate(database)
        yield database


@contextmanager
def opened(database: Database, local: Local) -> Iterator[Gate]:
    """A gate that asks its witnesses first, as every gate does."""
    with gate_on(database, local) as gate:
        ask_witnesses(gate)
        yield gate


def backed_up(place: Path, local: Local) -> None:
    """Ten entries, a backup of the data folder, and ten more that the witness sees too."""
    with served(place) as database, opened(database, local) as gate:
        grow(gate, 10)
        assert ask_witnesses(gate)
    shutil.copytree(place / "database", place / "backup", symlinks=True)
    with served(place) as database, opened(database, local) as gate:
        grow(gate, 10)
        assert ask_witnesses(gate)


def put_back(place: Path) -> None:
    """The backup in the place of what was newer; the owner of each file as it was."""
    owner = {path.relative_to(place / "database"): path.stat() for path in (place / "database").rglob("*")}
    shutil.rmtree(place / "database")
    (place / "backup").rename(place / "database")
    for path in (place / "database").rglob("*"):
        was = owner.get(path.relative_to(place / "database"))
        if was is None:
            was = (place / "database").stat() if path.parent == place / "database" else path.parent.stat()
        shutil.chown(path, was.st_uid, was.st_gid)


def test_a_gate_on_an_old_backup_signs_nothing_behind_its_witness(place: Path, tmp_path: Path) -> None:
    with closing(Local(tmp_path / "witnesses")) as local:
        backed_up(place, local)
        put_back(place)
        with served(place) as database, gate_on(database, local) as gate:
            assert size_of(gate) == 10
            with pytest.raises(LogError, match="not asked yet"):
                grow(gate)
            with pytest.raises(LogContradictedError, match="has seen 20 entries"):
                ask_witnesses(gate)
            for _ in range(2):
                with pytest.raises(LogContradictedError):
                    grow(gate)
            assert size_of(gate) == 10


def test_a_gate_that_went_on_without_its_witness_is_stopped_beside_it(place: Path, tmp_path: Path) -> None:
    """The restored gate grows past what the witness saw, unasked; whoever asks then stops it for good."""
    with closing(Local(tmp_path / "witnesses")) as local:
        backed_up(place, local)
        put_back(place)
        with served(place) as database:
            with gate_on(database) as alone:
                grow(alone, 9, "another history")
                grow(alone, 1, "another history")
                grow(alone, 5, "another history")
            with gate_on(database, local) as gate:
                with pytest.raises(LogContradictedError):
                    ask_witnesses(gate)
                with pytest.raises(LogContradictedError):
                    grow(gate)
                assert size_of(gate) == 25
        assert list((tmp_path / "witnesses" / "w1" / "evidence").iterdir())
        assert KEY.origin
