"""Bar charts as SVG that a page may hold: no script, no style of its own, a title and a description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 760
_LEFT: Final = 120
"""Room for the names."""
_RIGHT: Final = 90
"""Room for a number after the longest bar."""
_ROW: Final = 30
_BAR: Final = 20
_LETTER: Final = 8
"""Width of a digit in a bar, generously."""
MOST: Final = 25
"""Bars in one chart; the rest is summed up in a last one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name and the style class of its colour."""

    name: str
    kind: str
    value: int


def bars(identity: str, title: str, shown: Sequence[Bar]) -> Iterator[str]:
    """One bar under the other, the longest as wide as the chart."""
    listed = list(shown)
    if len(listed) > MOST:
        rest = listed[MOST - 1 :]
        most = max(bar.value for bar in rest)
        listed = [*listed[: MOST - 1], Bar(f"{len(rest)} more, at most", rest[0].kind, most)]
    scale = (WIDTH - _LEFT - _RIGHT) / max((bar.value for bar in listed), default=1)
    told = ", ".join(f"{bar.name}: {bar.value:,}" for bar in listed)
    yield from _head(identity, title, told, _ROW * len(listed))
    for number, bar in enumerate(listed):
        top = _ROW * number
        width = bar.value * scale
        yield _text(_LEFT - 8, top, bar.name, 'text-anchor="end"')
        yield _rectangle(_LEFT, top, width, bar)
        yield _text(_LEFT + width + 6, top, f"{bar.value:,}")
    yield "</svg>"


def stacked(identity: str, title: str, rows: Mapping[str, Sequence[Bar]]) -> Iterator[str]:
    """For each row its bars one after the other, all rows of the same total width; then a legend."""
    room = WIDTH - _LEFT
    told = "; ".join(
        f"{name}: " + ", ".join(f"{bar.value:,} {bar.name}" for bar in row) for name, row in rows.items()
    )
    yield from _head(identity, title, told, _ROW * (len(rows) + 1))
    for number, (name, row) in enumerate(rows.items()):
        top, left = _ROW * number, float(_LEFT)
        scale = room / max(sum(bar.value for bar in row), 1)
        yield _text(_LEFT - 8, top, name, 'text-anchor="end"')
        for bar in row:
            width = bar.value * scale
            if bar.value:
                yield _rectangle(left, top, width, bar)
            text = f"{bar.value:,}"
            if bar.value and width > _LETTER * len(text) + 8:
                yield _text(left + width / 2, top, text, 'text-anchor="middle" class="on"')
            left += width
    left = float(_LEFT)
    for bar in next(iter(rows.values()), ()):
        yield f'<rect class="{bar.kind}" x="{left:.1f}" y="{_ROW * len(rows) + 6}" width="12" height="12"/>'
        yield _text(left + 18, _ROW * len(rows) - 3, bar.name, 'class="soft"')
        left += 18 + _LETTER * len(bar.name) + 24
    yield "</svg>"


def _head(identity: str, title: str, told: str, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{identity}-title {identity}-told">'
    )
    yield f'<title id="{identity}-title">{escape(title)}</title>'
    yield f'<desc id="{identity}-told">{escape(told)}</desc>'


def _rectangle(left: float, top: float, width: float, bar: Bar) -> str:
    tip = f"<title>{escape(bar.name)}: {bar.value:,}</title>"
    return (
        f'<rect class="{bar.kind}" x="{left:.1f}" y="{top + 3}" width="{max(width, 1):.1f}" '
        f'height="{_BAR}">{tip}</rect>'
    )


def _text(left: float, top: float, text: str, more: str = "") -> str:
    return f'<text x="{left:.1f}" y="{top + 17}" {more}>{escape(text)}</text>'.replace(" >", ">")
