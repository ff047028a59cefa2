"""A quiet Spark session of one's own: on this machine and closed to every other, unless a master is named."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wicketgate.law.spark_sql import SETTINGS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MASTER = "WICKETGATE_SPARK_MASTER"
"""Names the cluster (`spark://…`, `yarn`, `k8s://…`); unset: all cores of this machine."""

_HERE = "127.0.0.1"
_LOCAL = re.compile(r"local(\[.*\])?")
_OURS = {
    **SETTINGS,
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    # A file is a stream of lines with numbers: one task reads it from its beginning to its end.
    "spark.sql.files.minPartitionNum": "1",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}
"""What a review means; every session of ours says it."""


class EngineError(RuntimeError):
    """Spark is missing, cannot be started or does not know a place; one sentence says what to do."""


@contextmanager
def spark_session(scratch: Path) -> Iterator[SparkSession]:
    """A session for one review; its spilled data lies in `scratch`, encrypted.

    A session that is already active is used, with settings of its own, and goes on
    afterwards. Raises `EngineError` when there is no Spark or it cannot be started.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(
            "PySpark is not installed; install wicketgate with its extra: wicketgate[spark]."
        ) from None
    active = SparkSession.getActiveSession()
    spark = _started(scratch) if active is None else active.newSession()
    try:
        for name, value in _OURS.items():
            spark.conf.set(name, value)
        yield spark
    finally:
        if active is None:
            spark.stop()


def _started(scratch: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    master = os.environ.get(MASTER, "local[*]")
    settings = {
        "spark.app.name": "wicketgate",
        "spark.master": master,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.io.encryption.enabled": "true",  # rows of a submission are spilled to disk
    }
    local = _LOCAL.fullmatch(master) is not None
    if local:
        settings |= {
            "spark.driver.host": _HERE,
            "spark.driver.bindAddress": _HERE,
            "spark.local.dir": str(scratch),
            "spark.sql.warehouse.dir": str(scratch / "warehouse"),
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    here = {"SPARK_LOCAL_IP": _HERE, "PYSPARK_PYTHON": sys.executable} if local else {}
    try:
        with _environment(here), _said_into(scratch / "spark.log"):
            return SparkSession.builder.config(map=settings).getOrCreate()
    except Exception as problem:  # noqa: BLE001  # whatever it is, a person gets one sentence
        raise EngineError(
            f"Spark could not be started with the master {master!r}; it needs Java 17 or later "
            f"(`java` on the path, or JAVA_HOME). It said: {_first_line(problem)}"
        ) from None


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """These variables for the process that is started here, unless somebody has set them."""
    new = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(new)
    try:
        yield
    finally:
        for name in new:
            del os.environ[name]


@contextmanager
def _said_into(log: Path) -> Iterator[None]:
    """Let the process that is started here write its errors to `log` and not to the terminal."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _first_line(problem: BaseException) -> str:
    """The first line of what a foreign system said, bounded."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    return (lines[0] if lines else type(problem).__name__)[:300]
