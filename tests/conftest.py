"""A real PostgreSQL for every test that wants one: real roles, real commits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.keeping import VAULT
from tests.seen.kept import keep_log
from wicketgate.embedded import Cluster, throw_away
from wicketgate.flow.spark_session import MASTER, spark_session
from wicketgate.store.database import Database, open_database
from wicketgate.store.migrate import grant_connect, migrate

pytest_plugins = ["tests.seen.plugin"]
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One throw-away server for each test process."""
    with throw_away() as server:
        yield server
        keep_log(server._home / "server.log")


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> Database:
    """A migrated database that is copied for each test and never connected to."""
    database = open_database(cluster, "template_gate")
    migrate(database)
    return database


@contextmanager
def copy_of(template: Database) -> Iterator[Database]:
    """A copy of the template that goes at the end."""
    fresh = replace(open_database(template.server, f"gate_{next(_NUMBERS)}"), vault=VAULT)
    fresh.create(template.name)
    with fresh.administer() as connection:
        grant_connect(connection, fresh.name)
    try:
        yield fresh
    finally:
        fresh.drop()


@pytest.fixture
def database(template: Database) -> Iterator[Database]:
    """A fresh database of the gate, dropped after the test."""
    with copy_of(template) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Spark of two cores on this machine, one for each test process that wants it."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is no `java` on the path")
    pytest.importorskip("pyspark", reason="PySpark is not installed; `make check` installs it beside Java")
    scratch: Path = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as variables:
        variables.setenv(MASTER, "local[2]")
        with spark_session(scratch) as session:
            yield session


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long texts and bytes are named by their argument: some hold fresh keys, and workers must agree."""
    return argname if isinstance(val, bytes) or (isinstance(val, str) and len(val) > 40) else None
