"""Kill -9 and I/O errors under many submitters: nothing acknowledged is lost, no gap, one root for a size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.campaigns.io_errors import io_errors, unusable
from tests.campaigns.killed_writers import kill_writers


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account can reach, too."""
    with TemporaryDirectory(prefix="wicketgate-writers-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def test_killed_at_random_moments(place: Path) -> None:
    survived = kill_writers(place, kills=5, seed=5)
    assert survived["acknowledged"] > 100
    assert survived["sizes"] > 10


@pytest.mark.skipif(unusable() is not None, reason=f"{unusable()}")
def test_an_io_error_where_the_log_is_written(place: Path) -> None:
    survived = io_errors(place, most=8)
    interrupted = survived["interrupted"]
    assert isinstance(interrupted, list)
    assert len(interrupted) >= 2
