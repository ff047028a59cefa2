"""The names over the columns, and a row's texts in the interface's order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import cast

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.rows import SubmissionError

_SHOWN = 5


def check_columns(names: Sequence[str]) -> None:
    """Raise `SubmissionError` for unknown or repeated names, and when `request_id` is missing."""
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        hint = ""
        if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
            hint = " The separator must be a comma."
        raise SubmissionError(
            f"The file has {_list(unknown)}, which the interface does not know; "
            f"remove or rename: the names are case-sensitive and the first row must hold them.{hint}"
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise SubmissionError(f"The file has {_list(repeated)} more than once; keep one.")
    if "request_id" not in names:
        raise SubmissionError(
            "The file has no column request_id, the requester's own reference; every request needs one."
        )


def arrangement(names: Sequence[str]) -> Callable[[Sequence[str | None]], tuple[str | None, ...]]:
    """From a row in the file's order, with one None appended, to all columns in the interface's order."""
    if tuple(names) == COLUMNS:
        return lambda texts: tuple(texts[:-1])
    absent = len(names)
    places = [names.index(name) if name in names else absent for name in COLUMNS]
    return cast("Callable[[Sequence[str | None]], tuple[str | None, ...]]", itemgetter(*places))


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(plain_name(name) for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"the column{'s' if len(names) > 1 else ''} {shown}{more}"


def plain_name(name: str) -> str:
    """A name from the file, short and without anything that a terminal would obey."""
    return ascii(name if len(name) <= 40 else name[:40] + "…") if name else "without a name"
