"""One plain letter for each request that is not sufficient, from stored findings only."""

from __future__ import annotations

import textwrap
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.review_file import FileReview
from wicketgate.stages.answer import DEFICIENT, REFERRED

_OPENING = {Determination.DEFICIENT: DEFICIENT, Determination.REFERRED: REFERRED}


def write_letters(folder: Path, review: FileReview, context: Context, progress: Progress = silent) -> int:
    """Write `<row>.txt` for every deficient or referred request; returns how many.

    The same decision data gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_words = {signature.words: signature for signature in review.signatures}
    written = 0
    for row, request_id, *words in review.workspace.words(review.law):
        signature = by_words[tuple(int(str(word)) for word in words)]
        if signature.determination is Determination.SUFFICIENT:
            continue
        text = letter(str(request_id), signature.determination, signature.findings, review, context)
        (folder / f"{row}.txt").write_text(text, encoding="utf-8")
        written += 1
        progress("write letters", written)
    return written


def letter(
    request_id: str,
    determination: Determination,
    findings: tuple[Finding, ...],
    review: FileReview,
    context: Context,
) -> str:
    """The text of one letter."""
    authority = review.law.authority
    points = [finding for finding in findings if finding.severity is not Severity.NOTE]
    parts = [
        "\n".join(
            (
                f"Your reference: {request_id}",
                f"Date of review: {context.as_of.isoformat()}",
                f"Authority: {authority.title} ({authority.citation})",
            )
        ),
        f"Determination: {determination}",
        textwrap.fill(_OPENING[determination], 90),
    ]
    for number, finding in enumerate(points, 1):
        parts.append(
            f"{number}. {finding.code} – {finding.citation}\n"
            + textwrap.fill(finding.message, 90, initial_indent="   ", subsequent_indent="   ")
            + "\n"
            + textwrap.fill(
                "How to mend it: " + finding.remedy, 90, initial_indent="   ", subsequent_indent="   "
            )
        )
    parts.append(f"This review rests on the authority's version {authority.digest}.")
    return "\n\n".join(parts) + "\n"
