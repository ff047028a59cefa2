"""Where the files of uploads lie, and what is worked out of them: one private folder for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FORMATS = ("csv", "jsonl", "parquet", "xlsx", "xml")
"""In which results can be had: those in which requests can be sent."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder of all uploads; every process that works on them must see it."""

    folder: Path

    @property
    def arriving(self) -> Path:
        """Where bytes go until they are whole."""
        return self.folder / "arriving"

    def of(self, upload: int) -> Place:
        """The folder of one."""
        return Place(self.folder / str(upload))


@dataclass(frozen=True, slots=True)
class Place:
    """One upload's folder."""

    folder: Path

    @property
    def file(self) -> Path:
        """The bytes as they were sent."""
        return self.folder / "file"

    @property
    def signatures(self) -> Path:
        """The officials' signatures, where there are any."""
        return self.folder / "signatures.jsonl"

    @property
    def spool(self) -> Path:
        """What was read so far; it goes once all was."""
        return self.folder / "spool"

    @property
    def pieces(self) -> Path:
        """The file's rows, piece by piece: one to a chunk."""
        return self.folder / "pieces"

    @property
    def facts(self) -> Path:
        """Facts and element words of every good row, in row order (Parquet)."""
        return self.folder / "facts.parquet"

    @property
    def malformed(self) -> Path:
        """Rows that are no requests (Parquet: row, line, field, problem)."""
        return self.folder / "malformed.parquet"

    def table(self, name: str, kind: str) -> Path:
        """A table to download: ``results`` or ``problems``."""
        return self.folder / f"{name}.{kind}"
