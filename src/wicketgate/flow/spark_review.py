"""Statutory review of a submission on Spark: the same facts, rules and files as on one machine.

Facts are computed by the one Python definition, in batches, without pandas or Arrow: rows
cross into Python as intake reads them, and each batch of facts comes back as one text.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.context import Context
from wicketgate.flow import outputs
from wicketgate.flow.fact_pool import facts_of, prepare
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.relations import Dialect, derived, stated
from wicketgate.flow.spark_files import Files, cause
from wicketgate.flow.spark_input import spark_batches
from wicketgate.flow.spark_session import EngineError
from wicketgate.flow.workspace import KEY_LISTS, KEYS, ROW_FACTS
from wicketgate.law import CompiledLaw, Vocabulary
from wicketgate.law.spark_sql import spark_words
from wicketgate.stages.facts import open_requests
from wicketgate.stages.intake import Batch, SubmissionError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BYTES_A_TASK = 8 * 1024 * 1024
_SQL_TYPE = {
    "text": "STRING",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "list": "ARRAY<STRING>",
}
_COLUMNS = {
    "row": "BIGINT",
    "line": "BIGINT",
    "request_id": "STRING",
    **{name: _SQL_TYPE[CATALOGUE[name].type] for name in ROW_FACTS},
    **{key: "ARRAY<STRING>" if key in KEY_LISTS else "STRING" for key in KEYS},
}
"""A line of facts, cell by cell (`workspace.fact_line`)."""
_KEY_COLUMNS = ("row", "line", "request_id", *KEYS)
_PROBLEM_COLUMNS = {"row": "BIGINT", "line": "BIGINT", "field": "STRING", "problem": "STRING"}
_DIALECT = Dialect("explode({})", "get({}, 0)", "get({}, 1)")
_JUDGED = "kind STRING, rows BIGINT, lines STRING"
_Judged: TypeAlias = "tuple[str, int, str]"
"""What a task says of a batch: ``facts``, ``problems`` or ``refusal``, how many rows, and the lines."""


def review_on_spark(
    spark: SparkSession,
    submission: str,
    out: str,
    law: CompiledLaw,
    context: Context,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Review a submission and write the files of a review into the folder `out`; returns the summary.

    Both are paths of this machine or URIs of any file system that this Spark knows. Besides
    the files of `review` there is ``determinations.parquet``, a folder that Spark writes
    in parallel. Raises `SubmissionError` when the submission cannot be read, and
    `EngineError` when Spark cannot do its part.
    """
    try:
        return _Review(spark, law, context).run(Files(spark, submission), Files(spark, out), progress)
    except (SubmissionError, EngineError):
        raise
    except Exception as problem:  # noqa: BLE001  # whatever it is, a person gets one sentence
        raise EngineError(
            f"Spark stopped in the middle of the review ({cause(problem)}); nothing was decided."
        ) from None


class _Review:
    def __init__(self, spark: SparkSession, law: CompiledLaw, context: Context) -> None:
        self.spark, self.law, self.context = spark, law, context
        self.words = spark_words(law.rules)
        self.word_names = ", ".join(f"word_{i}" for i in range(len(self.words)))
        self._kept: list[DataFrame] = []

    def run(self, submission: Files, out: Files, progress: Progress) -> dict[str, Any]:
        clock = _Clock()
        try:
            progress("read and judge", 0)
            rows = self._judge(submission)
            clock.note("read_and_facts")
            progress("compare the requests with each other and apply the authority", 0)
            found = self._evaluate()
            counted = outputs.Counted(rows, sum(s.requests for s in found), self._count("malformed"))
            clock.note("facts_of_the_set_and_rules")
            progress("write", 0)
            self._write(out, found)
            clock.note("write")
            summary = outputs.summary(counted, found, self.law, self.context, clock.seconds)
            _put(out, "summary.json", partial(outputs.write_summary, summary=summary))
            return summary
        finally:
            for frame in self._kept:
                frame.unpersist()

    def _judge(self, submission: Files) -> int:
        """Make `asked`, `unread` and `engagement`; returns the number of rows."""
        batches = spark_batches(self.spark, submission)
        context = self.spark.sparkContext
        side = context.broadcast((self.context, self.law.authority.vocabulary))
        tasks = max(2 * context.defaultParallelism, submission.size() // _BYTES_A_TASK)
        judged = batches.repartition(tasks).mapPartitions(partial(_judged, side))
        everything = self._keep(self.spark.createDataFrame(judged, _JUDGED, verifySchema=False))
        refused = everything.where("kind = 'refusal'").select("lines").first()
        if refused is not None:
            raise SubmissionError(refused[0])
        everything.createOrReplaceTempView("judged")
        self._keep(self._cells("facts", _COLUMNS, _KEY_COLUMNS)).createOrReplaceTempView("asked")
        self._cells("problems", _PROBLEM_COLUMNS, _PROBLEM_COLUMNS).createOrReplaceTempView("unread")
        open_before = list(open_requests(self.context.engagements).items())
        engagement = self.spark.createDataFrame(open_before, "key STRING, open_requests BIGINT")
        engagement.createOrReplaceTempView("engagement")
        return int(self.spark.sql("SELECT coalesce(sum(rows), 0) FROM judged").first()[0])

    def _cells(self, kind: str, columns: Mapping[str, str], wanted: Iterable[str]) -> DataFrame:
        """The wanted columns of the lines of one kind; an empty cell is unknown."""
        places = {name: place for place, name in enumerate(columns)}
        cells = ", ".join(f"{_read(places[name], columns[name])} AS {name}" for name in wanted)
        return self.spark.sql(
            f"SELECT {cells} FROM (SELECT split(line, '\\u001f') AS cells FROM "
            f"(SELECT explode(split(lines, '\\n')) AS line FROM judged WHERE kind = '{kind}'))"
        )

    def _evaluate(self) -> list[outputs.Signature]:
        """Make `shown`: the words of element bits for every good row; returns every distinct outcome."""
        for relation in derived(_DIALECT):
            frame = self.spark.sql(relation.query)
            if relation.read_often:
                self._keep(frame)
            frame.createOrReplaceTempView(relation.name)
        # Only keys are laid side by side; the facts of a row join once.
        self.spark.sql(stated("good.row", _DIALECT)).createOrReplaceTempView("counted")
        self._cells("facts", _COLUMNS, ("row", "request_id", *ROW_FACTS)).createOrReplaceTempView("alone")
        facts = self.spark.sql("SELECT * FROM alone JOIN counted USING (row)")
        words = [f"{expression} AS word_{i}" for i, expression in enumerate(self.words)]
        shown = self._keep(facts.selectExpr("row", "request_id", *words))
        shown.createOrReplaceTempView("shown")
        rows = self.spark.sql(
            f"SELECT count(*), {self.word_names} FROM shown GROUP BY {self.word_names}"
        ).collect()
        return outputs.distinct(sorted(map(tuple, rows), reverse=True), self.law)

    def _write(self, out: Files, found: list[outputs.Signature]) -> None:
        out.make()
        outcomes = [(str(s.determination), ";".join(s.codes), *s.words) for s in found]
        names = "".join(f", {name} BIGINT" for name in self.word_names.split(", ") if name)
        outcome = self.spark.createDataFrame(outcomes, f"determination STRING, findings STRING{names}")
        outcome.createOrReplaceTempView("outcome")
        determined = self._keep(
            self.spark.sql(
                f"SELECT row, request_id, determination, findings FROM shown JOIN outcome "
                f"USING ({self.word_names}) ORDER BY row"
            )
        )
        determined.createOrReplaceTempView("determined")
        determined.write.mode("overwrite").parquet(f"{out.place}/determinations.parquet")
        request_id = _cell(outputs.SAFE_REFERENCE)
        self._write_lines(
            out,
            "determinations.csv",
            "row,request_id,determination,findings",
            f"SELECT concat_ws(',', row, {request_id}, determination, {_cell('findings')}) FROM determined",
        )
        self._write_lines(
            out,
            "malformed.csv",
            "row,line,column,problem",
            f"SELECT concat_ws(',', row, line, {_cell('field')}, {_cell('problem')}) "
            "FROM (SELECT * FROM malformed ORDER BY row, line)",
        )
        _put(out, "findings.jsonl", partial(outputs.write_findings, found=found))

    def _write_lines(self, out: Files, name: str, header: str, query: str) -> None:
        parts = f"{name}.parts"
        lines = self.spark.sql(query)
        lines.write.mode("overwrite").option("lineSep", "\n").text(f"{out.place}/{parts}")
        out.join(parts, name, header)

    def _count(self, view: str) -> int:
        return int(self.spark.sql(f"SELECT count(*) FROM {view}").first()[0])

    def _keep(self, frame: DataFrame) -> DataFrame:
        """Keep the frame on disk once it is computed: memory does not grow with the file."""
        from pyspark import StorageLevel

        self._kept.append(frame.persist(StorageLevel.DISK_ONLY))
        return frame


def _read(place: int, kind: str) -> str:
    """SQL for one cell of a line as a value of its type; an empty one is unknown."""
    cell = f"nullif(cells[{place}], '')"
    if kind == "ARRAY<STRING>":
        return f"split(trim(BOTH '[]' FROM {cell}), ',? ')"  # keys stand one space apart
    return f"CAST({cell} AS {kind})"


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now


def _judged(side: Any, batches: Iterable[Batch | SubmissionError]) -> Iterator[_Judged]:
    """In a task: the facts of each batch, as the lines that the workspace of one machine reads."""
    prepare(*_context_and_vocabulary(side))
    for batch in batches:
        if isinstance(batch, SubmissionError):
            yield "refusal", 0, str(batch)
            continue
        part = facts_of(batch)
        if part.facts:
            yield "facts", len(batch.rows), part.facts.decode().removesuffix("\n")
        if part.problems:
            yield "problems", len(batch.malformed), part.problems.decode().removesuffix("\n")


def _context_and_vocabulary(side: Any) -> tuple[Context, Vocabulary]:
    context, vocabulary = side.value
    return context, vocabulary


def _cell(value: str) -> str:
    """SQL for a CSV cell as DuckDB writes it: missing is nothing, empty is two quotation marks."""
    mark = "chr(34)"
    quoted = f"{mark} || replace({value}, {mark}, {mark} || {mark}) || {mark}"
    return (
        f"CASE WHEN {value} IS NULL THEN '' WHEN {value} = '' THEN {mark} || {mark} "
        f"WHEN {value} RLIKE '[\\u0022,#\\n\\r]' THEN {quoted} ELSE {value} END"
    )


def _put(out: Files, name: str, write: Any) -> None:
    with tempfile.TemporaryDirectory(prefix="wicketgate-") as scratch:
        path = Path(scratch) / name
        write(path)
        out.put(path, name)
