"""Every engine on this machine that runs the law, each asked about the same requests."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from wicketgate.core.facts import Facts
from wicketgate.embedded import throw_away
from wicketgate.flow.house import secrets_folder
from wicketgate.flow.spark_session import spark_session
from wicketgate.law import CompiledLaw
from wicketgate.law.agreement import Batch, cell, duckdb_masks, typed_columns
from wicketgate.law.postgres_sql import postgres_words
from wicketgate.law.spark_sql import spark_words
from wicketgate.store.database import VARIABLE, Connection, Database, RemoteServer, open_database

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Masks: TypeAlias = Callable[[CompiledLaw, Sequence[Facts]], list[int]]
"""One engine: the masks of many requests under one law, in order."""

ENGINES = ("python", "duckdb", "postgresql", "spark")
_MAINTENANCE = "postgres"
_POSTGRES = {"VARCHAR": "text", "VARCHAR[]": "text[]"}
_SPARK = {"VARCHAR": "string", "VARCHAR[]": "array<string>"}


@contextmanager
def engines(names: Sequence[str]) -> Iterator[Mapping[str, Masks]]:
    """The named engines, started; they stop with the context.

    Raises `ClusterError`, `DatabaseError` or `EngineError` when one does not start.
    """
    with ExitStack() as stack:
        started: dict[str, Masks] = {}
        for name in names:
            if name == "python":
                started[name] = python_masks
            elif name == "duckdb":
                started[name] = lambda law, requests: duckdb_masks(law, Batch(typed_columns(law), requests))
            elif name == "postgresql":
                started[name] = partial(postgres_masks, stack.enter_context(_postgres()))
            else:
                scratch = stack.enter_context(TemporaryDirectory(prefix="wicketgate-"))
                started[name] = partial(spark_masks, stack.enter_context(spark_session(Path(scratch))))
        yield started


def missing() -> Mapping[str, str]:
    """The engines that this machine does not have, and why."""
    found: dict[str, str] = {}
    if importlib.util.find_spec("pyspark") is None:
        found["spark"] = "PySpark is not installed"
    elif not shutil.which("java") and "JAVA_HOME" not in os.environ:
        found["spark"] = "there is no Java"
    return found


def python_masks(law: CompiledLaw, requests: Sequence[Facts]) -> list[int]:
    """The masks that the Python function finds."""
    return [law.evaluate(facts) for facts in requests]


def postgres_masks(connection: Connection, law: CompiledLaw, requests: Sequence[Facts]) -> list[int]:
    """The masks that PostgreSQL finds; nothing stays in the database."""
    columns = typed_columns(law)
    declared = "".join(f', "{fact}" {_POSTGRES.get(kind, kind)}' for fact, kind in columns.items())
    with connection.transaction(force_rollback=True), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE rows (number bigint{declared})".encode())
        with cursor.copy("COPY rows FROM STDIN") as copy:
            for number, facts in enumerate(requests):
                copy.write_row((number, *(cell(facts.get(fact), kind) for fact, kind in columns.items())))
        cursor.execute(f"SELECT {', '.join(postgres_words(law.rules))} FROM rows ORDER BY number".encode())
        return [law.shown(row) for row in cursor.fetchall()]


def spark_masks(spark: SparkSession, law: CompiledLaw, requests: Sequence[Facts]) -> list[int]:
    """The masks that Spark finds."""
    columns = typed_columns(law)
    declared = "".join(f", `{fact}` {_SPARK.get(kind, kind)}" for fact, kind in columns.items())
    rows = [
        (number, *(cell(facts.get(fact), kind) for fact, kind in columns.items()))
        for number, facts in enumerate(requests)
    ]
    frame = spark.createDataFrame(rows, f"number BIGINT{declared}")
    found = frame.selectExpr("number", *spark_words(law.rules)).collect()
    return [law.shown(row[1:]) for row in sorted(found, key=lambda row: int(row[0]))]


@contextmanager
def _postgres() -> Iterator[Connection]:
    """A connection in which temporary tables may be made: at the given server, or at one of our own."""
    url = os.environ.get(VARIABLE)
    if url is not None:
        with Database(RemoteServer(url, secrets_folder()), _MAINTENANCE).administer() as connection:
            yield connection
        return
    with throw_away() as server, open_database(server, _MAINTENANCE).administer() as connection:
        yield connection
