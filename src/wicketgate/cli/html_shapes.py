"""The few shapes that a page of HTML is made of. What is called a cell or an item is HTML already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

_CODE = re.compile(r"`([^`]+)`")


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table that scrolls by itself when the screen is narrow; the cells are HTML."""
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
    yield "<table>"
    yield f"<caption>{escape(caption)}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{text}</th>' for text in head) + "</tr></thead>"
    yield "<tbody>"
    for first, *rest in rows:
        yield f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def definitions(*rows: tuple[str, str]) -> Iterator[str]:
    """Terms and what stands for each."""
    yield "<dl>"
    for term, text in rows:
        yield f"<dt>{term}</dt><dd>{text}</dd>"
    yield "</dl>"


def listed(items: Iterable[str]) -> str:
    """A list; nothing when there are no items."""
    found = list(items)
    return "<ul>" + "".join(f"<li>{item}</li>" for item in found) + "</ul>" if found else ""


def prose(text: str) -> Iterator[str]:
    """Paragraphs."""
    for paragraph in text.split("\n\n"):
        yield f"<p>{inline(paragraph)}</p>"


def inline(text: str) -> str:
    """Text with `code` marked and no line broken after §."""
    return _CODE.sub(r"<code>\1</code>", escape(text)).replace("§ ", "§\u00a0")


def name(text: str) -> str:
    """A name in code that may be broken after its underscores."""
    return f"<code>{escape(text).replace('_', '_<wbr>')}</code>"
