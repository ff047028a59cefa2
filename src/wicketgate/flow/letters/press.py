"""Prints letters as PDF/UA-1 (ISO 14289-1): tagged, titled, with its own fonts, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, Literal

import typst

from wicketgate.flow.letters.composed import Letter

_STANDARD: Final[Literal["ua-1"]] = "ua-1"
_ISSUED = 0
"""The time in a letter's metadata: always the same, since the date that counts stands in the letter."""


_NO_GLYPH = re.compile(
    r"[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u04ff"
    r"\u2010-\u2027\u2030-\u2040\u2044-\u205e]"
)
"""What the fonts do not show. Only the requester's own reference can hold such a character."""


class PressError(RuntimeError):
    """A letter could not be printed; nothing of its content is in the message."""


class Press:
    """A typesetter with the house's templates; use it from one thread. See `open_press`."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        self._compilers: dict[str, typst.Compiler] = {}

    def pdf(self, letter: Letter) -> bytes:
        """The letter as a PDF. Raises `PressError` when it would not be an accessible document."""
        compiler = self._compiler(letter.template)
        content = json.dumps(_shown(letter.content), ensure_ascii=False, sort_keys=True)
        try:
            printed = compiler.compile(
                format="pdf", sys_inputs={"letter": content}, pdf_standards=[_STANDARD], timestamp=_ISSUED
            )
        except RuntimeError as error:
            raise PressError(f"A letter of the kind {letter.template!r} cannot be printed.") from error
        if not isinstance(printed, bytes):
            raise PressError(f"A letter of the kind {letter.template!r} cannot be printed.")
        return printed

    def _compiler(self, template: str) -> typst.Compiler:
        if template not in self._compilers:
            file = self._templates / f"{template}.typ"
            self._compilers[template] = typst.Compiler(
                str(file), root=str(self._templates), ignore_system_fonts=True
            )
        return self._compilers[template]


def _shown(value: object) -> object:
    """Texts with each character that has no glyph spelled out, since a letter must not lose any."""
    if isinstance(value, str):
        return _NO_GLYPH.sub(lambda found: f"[U+{ord(found[0]):04X}]", value)
    if isinstance(value, Mapping):
        return {key: _shown(each) for key, each in value.items()}
    return [_shown(each) for each in value] if isinstance(value, Iterable) else value


@contextmanager
def open_press() -> Iterator[Press]:
    """A press with the templates that ship with the program."""
    with as_file(_TEMPLATES) as folder:
        yield Press(folder)


def template_version() -> str:
    """`sha256:` over the templates and the typesetter: with the decision data, all that decides the bytes."""
    digest = hashlib.sha256(f"typst {version('typst')}".encode())
    for file in sorted(_TEMPLATES.iterdir(), key=lambda each: each.name):
        digest.update(b"\0" + file.name.encode() + b"\0" + file.read_bytes())
    return "sha256:" + digest.hexdigest()


_TEMPLATES = files("wicketgate.flow.letters") / "templates"
