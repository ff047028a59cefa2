"""Fixtures of the contract with the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import copy_of
from tests.contract.world import World
from wicketgate.store.database import Database


@pytest.fixture(scope="module")
def world(template: Database) -> Iterator[World]:
    """A gate that the tests of one file share: each works on requests of its own."""
    with copy_of(template) as shared:
        gate = World(shared)
        yield gate
        gate.close()


@pytest.fixture
def fresh(database: Database) -> Iterator[World]:
    """A gate of its own, for a test that tampers with it or stops everything."""
    gate = World(database)
    yield gate
    gate.close()
