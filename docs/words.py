"""Collects the words of the web room for translators: ``python -m docs.words``.

English is the language of the source, so `locale/en` holds every sentence and no other one; whoever
translates copies it. A test compares it with the sources.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[1] / "src" / "wicketgate" / "web"
ENGLISH = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
_HEAD = r"""# Every word of the pages. English is the source: a translation copies this file.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
_FUNCTIONS: dict[str, tuple[int, int] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}


def collected() -> str:
    """The file for translators, as the sources say it."""
    catalog = Catalog(locale="en")
    for words in set(_found()):
        catalog.add(words)
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, sort_output=True, width=100)
    return _HEAD + buffer.getvalue().decode()


def _found() -> Iterator[str | tuple[str, ...]]:
    for path in sorted(WEB.rglob("*.py")):
        yield from _of_python(path.read_text("utf-8"))
    for path in sorted(WEB.rglob("*.html")):
        # What is no word becomes X by `templatize`; indentation means nothing there.
        text = re.sub(r"^\s+", "", templatize(path.read_text("utf-8")), flags=re.MULTILINE)
        yield from _of_python(text)


def _of_python(text: str) -> Iterator[str | tuple[str, ...]]:
    for _, words, _, _ in extract("python", io.BytesIO(text.encode()), keywords=_FUNCTIONS):
        yield words


def main() -> None:
    """Write the file."""
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_text(collected(), "utf-8")
    with ENGLISH.open("rb") as file:
        print(f"{len(read_po(file))} sentences in {ENGLISH.name}")


if __name__ == "__main__":
    main()
