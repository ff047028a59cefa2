"""Bar plots as SVG made on the server, without script or style of its own; a table stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

_ROW, _BAR, _ABOVE = 38, 12, 18
"""In CSS pixels: of a row, of its bar, and of the words above the bar."""
_LONGEST_NAME = 48
MOST = 25
"""Bars in one plot; the table beside it has all of them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name; `marked` bars have the colour of an alarm."""

    name: str
    value: float
    told: str
    marked: bool = False


def bars(identity: str, title: str, found: Sequence[Bar], limit: float | None = None) -> SafeString:
    """Each bar under its name, the longest as wide as the plot; with `limit`, a line where it lies.

    Widths are shares of the plot and letters have their own size, so it is read on a phone too.
    """
    listed = found[:MOST]
    top = max([*(bar.value for bar in listed), limit or 0.0], default=0.0) or 1.0
    height = _ROW * len(listed)
    told = "; ".join(f"{bar.name}: {bar.told}" for bar in listed)
    lines = [
        f'<svg class="desk-plot" width="100%" height="{height}" role="img"',
        f' aria-labelledby="{identity}-title {identity}-told">',
        f'<title id="{identity}-title">{escape(title)}</title>',
        f'<desc id="{identity}-told">{escape(told)}</desc>',
    ]
    for number, bar in enumerate(listed):
        y, width = _ROW * number, max(100 * bar.value / top, 0.2) if bar.value else 0
        kind = "desk-bar desk-bar--marked" if bar.marked else "desk-bar"
        lines += [
            f'<text x="0" y="{y + _ABOVE - 5}">{escape(_short(bar.name))}</text>',
            f'<text x="100%" y="{y + _ABOVE - 5}" text-anchor="end">{escape(bar.told)}</text>',
            f'<rect class="desk-track" x="0" y="{y + _ABOVE}" width="100%" height="{_BAR}"/>',
            f'<rect class="{kind}" x="0" y="{y + _ABOVE}" width="{width:.1f}%" height="{_BAR}"/>',
        ]
        if limit is not None:
            x, ends = f"{100 * limit / top:.1f}%", (y + _ABOVE - 3, y + _ABOVE + _BAR + 3)
            lines.append(f'<line class="desk-limit" x1="{x}" x2="{x}" y1="{ends[0]}" y2="{ends[1]}"/>')
    return mark_safe("".join([*lines, "</svg>"]))  # noqa: S308 - every text in it is escaped above


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
