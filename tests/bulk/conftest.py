"""Fixtures of files through the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bulk.yard import Yard, log_key_in
from wicketgate.flow.key_process import key_socket
from wicketgate.store.database import Database


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The key of a log, and the socket of the key process that serves its gates: one for all tests."""
    folder = tmp_path_factory.mktemp("keys")
    file, vkey = log_key_in(folder)
    with key_socket(folder, vkey) as socket:
        yield file, socket


@pytest.fixture
def yard(database: Database, tmp_path: Path, keys: tuple[Path, Path]) -> Iterator[Yard]:
    """A gate of its own."""
    opened = Yard(database, tmp_path, keys)
    yield opened
    opened.gate.close()
