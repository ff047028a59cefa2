"""Statutory review of a whole file: no database, never a register, bounded memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.flow import outputs
from wicketgate.flow.fact_pool import fact_batches
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.workspace import Workspace
from wicketgate.law import CompiledLaw
from wicketgate.stages.facts import open_requests
from wicketgate.stages.intake import read_pieces


@dataclass(frozen=True, slots=True)
class FileReview:
    """A reviewed file: its scratch database, open, and every distinct outcome."""

    workspace: Workspace
    law: CompiledLaw
    signatures: list[outputs.Signature]
    rows: int
    seconds: dict[str, float]


@contextmanager
def reviewed(
    submission: Path, law: CompiledLaw, context: Context, progress: Progress = silent
) -> Iterator[FileReview]:
    """Review `submission`; the scratch database lives as long as the context.

    Raises `SubmissionError` for a file that cannot be read at all.
    """
    with tempfile.TemporaryDirectory(prefix="wicketgate-", ignore_cleanup_errors=True) as scratch:
        started = time.perf_counter()
        # Each batch is on disk before the next is asked for, so memory does not grow with the file.
        parts = fact_batches(read_pieces(submission), context, law.authority.vocabulary)
        rows = 0
        workspace = Workspace(Path(scratch), threads=os.cpu_count() or 1)
        try:
            for number, part in enumerate(parts):
                workspace.add(number, part.facts, part.problems, part.parts)
                rows += part.rows
                progress("read and judged", rows)
            read = time.perf_counter()
            progress("compare the requests with each other", 0)
            workspace.load(open_requests(context.engagements))
            loaded = time.perf_counter()
            progress("apply the authority", 0)
            workspace.evaluate(law)
            found = outputs.signatures(workspace, law)
            done = time.perf_counter()
            seconds = {
                "read_and_facts": read - started,
                "facts_of_the_set": loaded - read,
                "rules": done - loaded,
            }
            yield FileReview(workspace, law, found, rows, {k: round(v, 3) for k, v in seconds.items()})
        finally:
            workspace.close()


def review_file(
    submission: Path, out: Path, law: CompiledLaw, context: Context, progress: Progress = silent
) -> dict[str, object]:
    """Review a file and write `determinations.csv`, `findings.jsonl`, `malformed.csv`, `summary.json`.

    Returns the summary. Raises `SubmissionError` when the file cannot be read.
    """
    with reviewed(submission, law, context, progress) as review:
        return write_review(review, out, context)


def write_review(review: FileReview, out: Path, context: Context) -> dict[str, object]:
    """Write the files of a review into `out` and return the summary."""
    started = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    workspace, law = review.workspace, review.law
    outputs.write_determinations(out / "determinations.csv", workspace, law, review.signatures)
    outputs.write_findings(out / "findings.jsonl", review.signatures)
    outputs.write_malformed(out / "malformed.csv", workspace)
    counted = outputs.Counted(review.rows, workspace.count("shown"), workspace.count("malformed"))
    seconds = review.seconds | {"write": round(time.perf_counter() - started, 3)}
    summary = outputs.summary(counted, review.signatures, law, context, seconds)
    outputs.write_summary(out / "summary.json", summary)
    return summary
