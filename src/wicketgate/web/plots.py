"""Bar plots as SVG made on the server, without script or style of its own; a table stands beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

_WIDTH, _LEFT, _RIGHT, _ROW, _BAR = 720, 190, 90, 30, 18
_LONGEST_NAME = 26
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
    """One bar under the other, the longest as wide as the plot; with `limit`, a line where it lies."""
    listed = found[:MOST]
    top = max([*(bar.value for bar in listed), limit or 0.0], default=0.0) or 1.0
    scale = (_WIDTH - _LEFT - _RIGHT) / top
    height = _ROW * len(listed) + 6
    told = "; ".join(f"{bar.name}: {bar.told}" for bar in listed)
    lines = [
        f'<svg class="desk-plot" viewBox="0 0 {_WIDTH} {height}" role="img"',
        f' aria-labelledby="{identity}-title {identity}-told">',
        f'<title id="{identity}-title">{escape(title)}</title>',
        f'<desc id="{identity}-told">{escape(told)}</desc>',
    ]
    for number, bar in enumerate(listed):
        y, width = _ROW * number + 6, max(bar.value * scale, 1)
        kind = "desk-bar desk-bar--marked" if bar.marked else "desk-bar"
        lines += [
            f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(_short(bar.name))}</text>',
            f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}"/>',
            f'<text x="{_LEFT + width + 6:.1f}" y="{y + 14}">{escape(bar.told)}</text>',
        ]
    if limit is not None and listed:
        x = _LEFT + limit * scale
        lines.append(f'<line class="desk-limit" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
    return mark_safe("".join([*lines, "</svg>"]))  # noqa: S308 - every text in it is escaped above


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
