"""Fixtures of the officers' workplace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copy_of
from tests.workplace.office import Office
from wicketgate.store.database import Database


@pytest.fixture(scope="module")
def office(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that the tests of one file share: each works on requests of its own."""
    with copy_of(template) as shared:
        opened = Office(shared, tmp_path_factory.mktemp("office"))
        yield opened
        opened.gate.close()


@pytest.fixture
def fresh(database: Database, tmp_path: Path) -> Iterator[Office]:
    """An office of its own, for a test that counts everything."""
    opened = Office(database, tmp_path)
    yield opened
    opened.gate.close()
