"""After the last test, whatever the run let out is searched for people; one find fails the run.

With xdist the processes keep what they see in one folder, and the first process searches it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.seen.kept import VARIABLE
from tests.seen.search import Searched, search

_TOLD = pytest.StashKey[Searched]()
_FOLDER = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to keep, before any worker starts."""
    if not hasattr(config, "workerinput"):
        config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="wicketgate-seen-"))
        os.environ[VARIABLE] = str(config.stash[_FOLDER])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Search, once every worker is done."""
    kept_in = session.config.stash.get(_FOLDER, None)
    if kept_in is None:
        return
    told = session.config.stash[_TOLD] = search(kept_in)
    shutil.rmtree(kept_in)
    if told.found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say what was searched, and what was found."""
    told = config.stash.get(_TOLD, None)
    if told is None or not told.texts:
        return
    terminalreporter.section("personal data", bold=bool(told.found), red=bool(told.found))
    terminalreporter.line(str(told))
    for line in told.found[:50]:
        terminalreporter.line(line)
