"""A gate with an empty register for each test that wants one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.keeping import keys_in
from tests.register.gate import Gate
from wicketgate.ledger import LogKey
from wicketgate.store.database import Database

KEY = LogKey.generate("gate.example.gov/register")


@pytest.fixture
def gate(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A fresh database of the gate."""
    with database.administer() as owner:
        owner.autocommit = True
        yield Gate(database, owner, keys_in(tmp_path_factory.mktemp("keys"), KEY.vkey))
