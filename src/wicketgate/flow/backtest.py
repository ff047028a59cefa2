"""What would another version of the law have made of a past submission?

Both versions are applied to every request of the file; what becomes of each is compared,
and every change is traced to the elements that are responsible for it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.flow import outputs
from wicketgate.flow.backtest_result import EXAMPLES, Backtest, Change, Example, Pair, Side
from wicketgate.flow.file_digest import file_digest
from wicketgate.flow.outputs import SAFE_REFERENCE, Signature
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.review_file import FileReview, reviewed
from wicketgate.law import CompiledLaw


def backtest(submission: Path, out: Path, old: Side, new: Side, progress: Progress = silent) -> Backtest:
    """Apply both versions to `submission` and write `changed.csv` into `out`.

    The facts are computed once where both versions read the same facts, else twice.
    Memory does not grow with the file. Raises `SubmissionError` when it cannot be read, and
    `OSError` when `out` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="wicketgate-", ignore_cleanup_errors=True) as scratch:
        elsewhere = None
        if not old.same_facts(new):
            elsewhere = Path(scratch) / "new.parquet"
            with reviewed(submission, new.law, new.context, progress) as review:
                names = ", ".join(f"word_{i} AS new_{i}" for i in range(_words(new.law)))
                review.workspace.connection.execute(
                    f"COPY (SELECT row, {names} FROM shown) TO {outputs.quoted(elsewhere)} (FORMAT parquet)"
                )
        with reviewed(submission, old.law, old.context, progress) as review:
            progress("compare the versions", 0)
            pairs = _pairs(review, new.law, elsewhere)
            connection = review.workspace.connection
            _list(connection, pairs)
            _write(connection, out)
            return Backtest(
                submission.name,
                file_digest(submission),
                review.rows,
                review.workspace.count("shown"),
                review.workspace.count("malformed"),
                old,
                new,
                pairs,
                _examples(connection),
            )


def _write(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / "changed.csv"
    path.open("wb").close()  # says plainly when the file cannot be written
    connection.execute(f"COPY (SELECT * FROM changed ORDER BY row) TO {outputs.quoted(path)} (HEADER)")


def _pairs(review: FileReview, law: CompiledLaw, elsewhere: Path | None) -> list[Pair]:
    """Make `compared`, the words of both versions for every good row; returns each distinct pair."""
    connection, first, second = review.workspace.connection, _words(review.law), _words(law)
    words = ", ".join(f"{expression} AS new_{i}" for i, expression in enumerate(law.duckdb_words()))
    source = (
        f"(SELECT row, {words} FROM stated)"
        if elsewhere is None
        else f"read_parquet({outputs.quoted(elsewhere)})"
    )
    connection.execute(f"CREATE TABLE compared AS SELECT * FROM shown JOIN {source} USING (row)")
    if review.workspace.count("compared") != review.workspace.count("shown"):
        raise RuntimeError("The two reviews of one file differ in their rows.")
    names = ", ".join([*(f"word_{i}" for i in range(first)), *(f"new_{i}" for i in range(second))])
    found = connection.execute(f"SELECT count(*), {names} FROM compared GROUP BY {names} ORDER BY ALL DESC")
    return [
        pair_of(
            outputs.distinct([(requests, *both[:first])], review.law)[0],
            outputs.distinct([(requests, *both[first:])], law)[0],
        )
        for requests, *both in found.fetchall()
    ]


def pair_of(old: Signature, new: Signature) -> Pair:
    """Both outcomes of the same requests, what changed, and through which findings."""
    change, responsible = _change(old, new)
    return Pair(old.requests, old, new, change, tuple(dict.fromkeys(responsible)))


def _change(old: Signature, new: Signature) -> tuple[Change | None, Iterator[Finding]]:
    """What changed, and the findings without which it would not have."""
    if old.determination is new.determination:
        only = set(old.codes) ^ set(new.codes)
        every = (*old.findings, *new.findings)
        return (Change.FINDINGS if only else None), (finding for finding in every if finding.code in only)
    if new.determination is Determination.DEFICIENT:
        return Change.FAILS, _weighing(new, Severity.DEFECT)
    if new.determination is Determination.SUFFICIENT:
        return Change.PASSES, _weighing(old, Severity.DEFECT, Severity.REFER)
    if old.determination is Determination.SUFFICIENT:
        return Change.REFERRED, _weighing(new, Severity.REFER)
    return Change.RELIEVED, _weighing(old, Severity.DEFECT)


def _weighing(signature: Signature, *severities: Severity) -> Iterator[Finding]:
    return (finding for finding in signature.findings if finding.severity in severities)


def _list(connection: duckdb.DuckDBPyConnection, pairs: Sequence[Pair]) -> None:
    """Make `changed`: every row of which something else is found."""
    changed = [pair for pair in pairs if pair.change is not None]
    first, second = (len(changed[0].old.words), len(changed[0].new.words)) if changed else (0, 0)
    columns: dict[str, list[str] | list[int]] = {
        "change": [str(pair.change) for pair in changed],
        "old_determination": [str(pair.old.determination) for pair in changed],
        "new_determination": [str(pair.new.determination) for pair in changed],
        "responsible": [";".join(pair.codes) for pair in changed],
        "old_findings": [";".join(pair.old.codes) for pair in changed],
        "new_findings": [";".join(pair.new.codes) for pair in changed],
    }
    told = ", ".join(columns)
    words = {f"word_{i}": [pair.old.words[i] for pair in changed] for i in range(first)}
    words |= {f"new_{i}": [pair.new.words[i] for pair in changed] for i in range(second)}
    typed = [
        *(f"unnest(?::VARCHAR[]) AS {name}" for name in columns),
        *(f"unnest(?::BIGINT[]) AS {name}" for name in words),
    ]
    connection.execute(
        f"CREATE TABLE verdict AS SELECT {', '.join(typed)}", [*columns.values(), *words.values()]
    )
    joined = f"JOIN verdict USING ({', '.join(words)})" if words else ", verdict"
    connection.execute(
        f"CREATE TABLE changed AS SELECT row, {SAFE_REFERENCE} AS request_id, {told} FROM compared {joined}"
    )


def _examples(connection: duckdb.DuckDBPyConnection) -> dict[Change, list[Example]]:
    rows = connection.execute(
        "SELECT change, row, request_id, old_determination, new_determination, responsible FROM changed "
        f"QUALIFY row_number() OVER (PARTITION BY change ORDER BY row) <= {EXAMPLES} ORDER BY row"
    ).fetchall()
    found: dict[Change, list[Example]] = {change: [] for change in Change}
    for change, *cells in rows:
        found[Change(change)].append(Example(*cells))
    return found


def _words(law: CompiledLaw) -> int:
    return len(law.duckdb_words())
