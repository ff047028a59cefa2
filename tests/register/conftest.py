"""A gate with an empty register for each test that wants one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.register.gate import Gate
from wicketgate.store.database import Database


@pytest.fixture
def gate(database: Database) -> Iterator[Gate]:
    """A fresh database of the gate."""
    with database.administer() as owner:
        owner.autocommit = True
        yield Gate(database, owner)
