"""Files wherever Spark can reach: whole paths, never patterns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wicketgate.flow.spark_session import EngineError
from wicketgate.stages.intake import SubmissionError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PATTERN = re.compile(r"([*?\[\]{}\\])")


def located(place: str) -> str:
    """The place as Spark names it: a URI as it stands, anything else a file of this machine."""
    return place if _SCHEME.match(place) else f"file://{Path(place).absolute()}"


def literal(place: str) -> str:
    """The place for a reader that takes ``*`` and the like for a pattern."""
    return _PATTERN.sub(r"\\\1", place)


class Files:
    """The file system of one place, through Spark's own connectors."""

    def __init__(self, spark: SparkSession, place: str) -> None:
        """Raises `EngineError` when this Spark knows no such file system."""
        self._jvm: Any = spark._jvm
        self._settings: Any = spark._jsc.hadoopConfiguration()
        self.place = located(place)
        try:
            self._root = self._path(self.place)
            self._system: Any = self._root.getFileSystem(self._settings)
        except Exception as problem:  # noqa: BLE001  # each connector has errors of its own
            raise EngineError(
                f"This Spark does not reach {place} ({cause(problem)}); add the connector of that "
                "file system to its packages and give it access."
            ) from None
        if self.place.startswith("file:"):
            self._system.setWriteChecksum(False)

    def is_file(self) -> bool:
        """True when the place is a file."""
        return bool(self._system.isFile(self._root))

    def is_folder(self) -> bool:
        """True when the place is a folder."""
        return bool(self._system.isDirectory(self._root))

    def size(self) -> int:
        """The bytes of the file, or of all files in the folder."""
        return int(self._system.getContentSummary(self._root).getLength())

    def head(self, count: int) -> bytes:
        """The first `count` bytes of the file, or all of a shorter one. Raises `SubmissionError`."""
        try:
            file = self._system.open(self._root)
            try:
                io = self._jvm.org.apache.commons.io.IOUtils
                return bytes(io.toByteArray(file, min(count, self.size())))
            finally:
                file.close()
        except Exception as problem:  # noqa: BLE001  # each connector has errors of its own
            raise SubmissionError(f"{self.place} cannot be read ({cause(problem)}).") from None

    def make(self) -> None:
        """Make the folder unless it is there."""
        self._system.mkdirs(self._root)

    def put(self, local: Path, name: str) -> None:
        """Copy a file of this machine into the folder."""
        target = self._path(f"{self.place}/{name}")
        self._system.copyFromLocalFile(False, True, self._path(f"file://{local.absolute()}"), target)

    def join(self, parts: str, name: str, header: str) -> None:
        """Make one file of a header line and the parts of the folder `parts` in order; the parts go."""
        folder = self._path(f"{self.place}/{parts}")
        found = [status.getPath() for status in self._system.listStatus(folder)]
        copy = self._jvm.org.apache.hadoop.io.IOUtils.copyBytes
        whole = self._system.create(self._path(f"{self.place}/{name}"), True)
        try:
            whole.write(bytearray(f"{header}\n".encode()))
            for path in sorted((path for path in found if path.getName().startswith("part-")), key=str):
                part = self._system.open(path)
                try:
                    copy(part, whole, self._settings, False)
                finally:
                    part.close()
        finally:
            whole.close()
        self._system.delete(folder, True)

    def _path(self, place: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(place)


def cause(problem: BaseException) -> str:
    """The kind of a foreign system's problem: its own words could hold what a person wrote."""
    condition = getattr(problem, "getCondition", None)
    if condition is not None and (name := condition()):
        return str(name)
    java = getattr(problem, "java_exception", None)
    if java is None:
        return type(problem).__name__
    while (inner := java.getCause()) is not None:
        java = inner
    return str(java.getClass().getSimpleName())
