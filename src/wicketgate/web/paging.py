"""Where a page of a list begins, as its address says it."""

from __future__ import annotations

import re

from wicketgate.flow.work.refusals import IncompleteError


def begins(after: str | None, form: re.Pattern[str]) -> tuple[str, ...] | None:
    """The parts of `after` in this form; None for the first page.

    Raises `IncompleteError` for an address that no page of ours links to.
    """
    if after is None:
        return None
    found = form.fullmatch(after)
    if found is None:
        raise IncompleteError("The address of this page is not one of ours; begin at the first page.")
    return found.groups()
