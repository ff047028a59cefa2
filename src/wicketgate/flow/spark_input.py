"""Reads a submission on Spark into the same batches that intake makes of a file.

Rows and lines are numbered from the beginning of a file, and a quoted cell may hold line
feeds, so one task reads a CSV or a JSON Lines file from its beginning to its end; its
batches are then spread over all tasks. Parquet is read in parallel, row group by row group,
and a folder of Parquet files is one submission, its files in the order of their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

from wicketgate.flow.spark_files import Files, literal
from wicketgate.stages.intake import Batch, Limits, SubmissionError
from wicketgate.stages.intake.columns import check_columns
from wicketgate.stages.intake.csv_rows import read_csv
from wicketgate.stages.intake.json_rows import read_json_lines
from wicketgate.stages.intake.kind import SNIFFED, kind_of
from wicketgate.stages.intake.parquet_rows import LISTS, gather

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import DataFrame, SparkSession

BATCH = 2_000
_BOM = b"\xef\xbb\xbf"
_CODECS = (".bz2", ".deflate", ".gz", ".lz4", ".snappy", ".xz", ".zst", ".zstd")
"""Names that Spark's reader takes for compressed; nothing is unpacked here."""
_EXACT = frozenset({"string", "boolean", "date", "tinyint", "smallint", "int", "bigint"})
_LIMITS = Limits()

Read: TypeAlias = Callable[[BinaryIO, Limits, int], Iterator[Batch]]
"""Intake's reader of one format."""


def spark_batches(spark: SparkSession, files: Files) -> RDD[Batch | SubmissionError]:
    """The batches of the submission; what makes it unreadable as a whole comes as a `SubmissionError`.

    Raises `SubmissionError` for what is seen without reading the rows.
    """
    name = ascii(files.place.rstrip("/").rpartition("/")[2])
    if files.is_folder():
        return _parquet(spark, files)
    if not files.is_file():
        raise SubmissionError(f"{name} is not a file.")
    suffix = "." + files.place.rpartition("/")[2].rpartition(".")[2].lower()
    kind = kind_of(files.head(SNIFFED), suffix)
    if kind == "parquet":
        return _parquet(spark, files)
    if kind in ("xlsx", "xml"):
        raise SubmissionError(
            f"{name} is {kind.upper()}, which Spark does not read; convert it to Parquet first."
        )
    if suffix in _CODECS:
        raise SubmissionError(f"{name} is named like a compressed file and is none; rename it.")
    read: Read = read_csv if kind == "csv" else read_json_lines
    return _lines(spark, files).rdd.mapPartitions(partial(_text_batches, read))


def _lines(spark: SparkSession, files: Files) -> DataFrame:
    """The file's lines as they are, in one partition and in order."""
    spark.conf.set("spark.sql.files.maxPartitionBytes", str(2**62))
    lines = spark.read.text(literal(files.place), lineSep="\n")
    return lines.selectExpr("CAST(value AS BINARY) AS line")


def _text_batches(read: Read, lines: Iterable[Any]) -> Iterator[Batch | SubmissionError]:
    try:
        yield from read(cast("BinaryIO", LineFile(lines)), _LIMITS, BATCH)
    except SubmissionError as refusal:
        yield refusal


class LineFile:
    """The file that the lines were cut from, for intake, which reads bytes.

    Spark takes a byte order mark away; it is put back, so that intake takes away exactly one.
    """

    def __init__(self, lines: Iterable[Any]) -> None:
        self._lines = iter(lines)
        self._first = _BOM

    def read(self, size: int) -> bytes:
        """At least `size` bytes in whole lines, and fewer only at the end."""
        parts, length = [self._first], len(self._first)
        for (line,) in self._lines:
            parts += (bytes(line), b"\n")
            length += len(line) + 1
            if length >= size:
                break
        self._first = b""
        return b"".join(parts)


# Parquet -----------------------------------------------------------------


def _parquet(spark: SparkSession, files: Files) -> RDD[Batch | SubmissionError]:
    frame = spark.read.option("recursiveFileLookup", "false").parquet(literal(files.place))
    types = dict(frame.dtypes)
    check_columns(list(types))
    columns = [_as_text(name, kind) for name, kind in types.items()]
    counted = (
        frame.selectExpr("_metadata.file_path AS file", "_metadata.row_index AS number")
        .groupBy("file")
        .agg({"number": "max"})
        .collect()
    )
    found = sorted((str(file), int(last) + 1) for file, last in counted)
    before = dict(
        zip((file for file, _ in found), accumulate((n for _, n in found), initial=0), strict=False)
    )
    rows = frame.selectExpr("_metadata.file_path", "_metadata.row_index", *columns).rdd
    return rows.mapPartitions(partial(_parquet_batches, list(types), before))


def _parquet_batches(names: list[str], before: dict[str, int], rows: Iterable[Any]) -> Iterator[Batch]:
    numbered = ((before[file] + number + 1, cells) for file, number, *cells in rows)
    return gather(numbered, names, _LIMITS, BATCH)


def _as_text(name: str, kind: str) -> str:
    """SQL for the column's text, cut one character past the limit so that no value grows without bound."""
    column = f"`{name}`"
    if kind == "array<string>" and name in LISTS:
        column = f"array_join({column}, ';')"
    elif kind not in _EXACT:
        raise SubmissionError(
            f"The column {name} has the Parquet type {kind.upper()}, whose values have no one exact text; "
            "store text."
        )
    elif kind != "string":
        column = f"CAST({column} AS STRING)"
    return f"left(validate_utf8({column}), {_LIMITS.of(name) + 1})"
