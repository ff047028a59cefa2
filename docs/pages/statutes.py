"""Every installed authority as one HTML page, as `wicketgate authority show --html` writes it."""

from __future__ import annotations

from docs.pages.elements import DAY
from wicketgate.cli.statute_html import as_html
from wicketgate.law import authorities, load
from wicketgate.law.coverage import read_coverage
from wicketgate.law.describe import describe
from wicketgate.law.source import find


def statutes() -> dict[str, str]:
    """The pages of `reference/authorities/` by file name, with all overlays, on the day of the docs."""
    return {
        f"{name}.html": as_html(
            describe(load(name, find(name).overlays(), on=DAY), read_coverage(name)),
        )
        for name in authorities()
    }
