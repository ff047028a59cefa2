"""The letters of a reviewed file: one for each request that is not sufficient, and a notice about all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.core.finding import Determination
from wicketgate.core.states import State
from wicketgate.flow.letters.composed import Counted, Letter, Sender, answer_letter, notice
from wicketgate.flow.letters.plain import text
from wicketgate.flow.letters.press import open_press
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.review_file import FileReview
from wicketgate.stages.answer import outward_answer

_STATE = {Determination.DEFICIENT: State.DEFICIENT, Determination.REFERRED: State.REFERRED}


class Form(StrEnum):
    """How letters are written: printed pages, or text where they are very many."""

    PDF = "pdf"
    TEXT = "text"


def write_letters(
    folder: Path,
    submission: str,
    review: FileReview,
    context: Context,
    form: Form,
    progress: Progress = silent,
) -> int:
    """Write `notice.pdf` and, for every deficient or referred request, `<row>.pdf` or `<row>.txt`.

    Returns how many requests got a letter. `submission` is the name under which the agency knows the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sender = Sender.of(context.custodian, review.law.authority)
    by_words = {signature.words: signature for signature in review.signatures}
    written = 0
    with _writer(form) as (suffix, write), open_press() as press:
        counted = Counted.of(review.rows, review.workspace.count("malformed"), review.signatures)
        printed = press.pdf(notice(submission, counted, sender, context.as_of))
        (folder / "notice.pdf").write_bytes(printed)
        for row, request_id, *words in review.workspace.words(review.law):
            signature = by_words[tuple(int(str(word)) for word in words)]
            if signature.determination is Determination.SUFFICIENT:
                continue
            answer = outward_answer(str(request_id), _STATE[signature.determination], signature.findings)
            letter = answer_letter(answer, sender, context.as_of)
            (folder / f"{row}{suffix}").write_bytes(write(letter))
            written += 1
            progress("write letters", written)
    return written


@contextmanager
def _writer(form: Form) -> Iterator[tuple[str, Callable[[Letter], bytes]]]:
    if form is Form.TEXT:
        yield ".txt", lambda letter: text(letter).encode()
    else:
        with open_press() as press:
            yield ".pdf", press.pdf
