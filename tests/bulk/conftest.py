"""Fixtures of files through the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bulk.yard import Yard
from tests.web.conftest import site
from wicketgate.store.database import Database


@pytest.fixture
def yard(database: Database, tmp_path: Path) -> Iterator[Yard]:
    """A gate of its own."""
    opened = Yard(database, tmp_path)
    yield opened
    opened.gate.close()


__all__ = ["site", "yard"]
