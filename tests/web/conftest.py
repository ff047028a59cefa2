"""Fixtures of the web room: one site for each test process, because a process has one Django."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import copy_of
from tests.seen.kept import keep_people
from tests.web.demo import Demo
from tests.web.site import Site, open_site
from wicketgate.store.database import Database


@pytest.fixture(scope="session")
def site(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages over a database of their own."""
    with (
        copy_of(template) as database,
        open_site(database, tmp_path_factory.mktemp("site")) as opened,
    ):
        yield opened
        from wicketgate.web import gates

        keep_people(gates.gate())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration, made from nothing and running."""
    started = Demo.start(tmp_path_factory.mktemp("demo") / "demo")
    yield started
    assert started.stop() == 0
