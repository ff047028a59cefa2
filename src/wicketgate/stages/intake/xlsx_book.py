"""What of an Excel workbook (ECMA-376, Office Open XML) a submission needs: one sheet's cells, as stated.

A workbook is a ZIP archive of XML parts. They are read as streams with bounds on what they may unfold to;
nothing is written to disk. Libraries that read workbooks hold the whole sheet in memory and hand on what a
formula last computed; a request states its facts, so a formula is refused here.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import IO, NamedTuple

from lxml import etree

from wicketgate.stages.intake.rows import SubmissionError
from wicketgate.stages.intake.xml_stream import NotWellFormedError, elements

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml"
_PART = 64 * 2**20
"""Bytes to which the small parts may unfold, each."""
_SHEET = 8 * 2**30
_TEXTS = 256 * 2**20
"""Characters of all shared texts together, which must be held in memory."""
_LONGEST = 16 * 2**20


class Cell(NamedTuple):
    """A cell's place and exact text, or why it has none."""

    column: int
    text: str | None
    problem: str | None = None


class Sheet:
    """The one visible sheet of a workbook."""

    def __init__(self, archive: zipfile.ZipFile, part: str, texts: list[str], dates: Dates) -> None:
        self._archive, self._part, self._texts, self._dates = archive, part, texts, dates

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Each row that is written: its number on the sheet and its cells that hold something."""
        number = 0
        with _open(self._archive, self._part, _SHEET) as stream:
            for element in elements(stream, 2, _ignore, _LONGEST):
                if element.tag == _MAIN + "row":
                    number = _whole(element.get("r")) or number + 1
                    yield number, list(self._cells(element))

    def _cells(self, row: etree._Element) -> Iterator[Cell]:
        at = -1
        for cell in row.iterchildren(_MAIN + "c"):
            at = _column(cell.get("r")) if cell.get("r") else at + 1
            text, problem = self._stated(cell)
            if text or problem:
                yield Cell(at, text, problem)

    def _stated(self, cell: etree._Element) -> tuple[str | None, str | None]:
        if cell.find(_MAIN + "f") is not None:
            return None, "is a formula; paste its value as text"
        kind, value = cell.get("t", "n"), cell.findtext(_MAIN + "v")
        if kind == "inlineStr":
            return _rich_text(cell.find(_MAIN + "is")), None
        if value is None:
            return None, None
        if kind == "s":
            place = _whole(value)
            if place is None or place >= len(self._texts):
                return None, "refers to a text that the workbook does not have; save it again"
            return self._texts[place], None
        if kind == "str":
            return unescaped(value), None
        if kind == "b":
            return ("true" if value.strip() == "1" else "false"), None
        if kind == "d":
            return value, None
        if kind == "e":
            return None, "is an error value; write the text"
        return self._dates.number(value.strip(), _whole(cell.get("s")) or 0)


class Dates:
    """Tells numbers that are shown as dates from plain ones."""

    def __init__(self, styles: frozenset[int], since_1904: bool) -> None:
        self._styles = styles
        # Serial 60 is a day that never was (29 February 1900), so later ones count from 30 December 1899.
        self._origin = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
        self._first = 0 if since_1904 else 61

    def number(self, digits: str, style: int) -> tuple[str | None, str | None]:
        """The one exact text of a number, or why there is none."""
        if not (digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) <= 15):
            return None, "is a number with no one exact text; format the column as text"
        if style not in self._styles:
            return digits, None
        days = int(digits)
        if not self._first <= days < 2_958_466:
            return None, "is a date that has no one exact text; write it as text, YYYY-MM-DD"
        return (self._origin + timedelta(days)).isoformat(), None


@contextmanager
def open_sheet(file: IO[bytes]) -> Iterator[Sheet]:
    """The one visible sheet of a workbook.

    Raises `SubmissionError`, with one sentence, for an archive that is no workbook, one with several
    visible sheets, and one that is encrypted, damaged, or unfolds to more than the gate allows.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                raise SubmissionError(
                    "The file is a ZIP archive and no workbook; send the file that is in it."
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise SubmissionError(
                    "The file is an Office document and no workbook; save it as .xlsx or CSV."
                )
            book = _parsed(archive, "xl/workbook.xml")
            if str(book.tag).startswith(_STRICT):
                raise SubmissionError(
                    "The workbook is in Strict Open XML; save it as a usual .xlsx or as CSV."
                )
            properties = book.find(_MAIN + "workbookPr")
            since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
            dates = Dates(_date_styles(archive), since_1904)
            yield Sheet(archive, _visible(archive, book), _shared_texts(archive), dates)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, zlib.error):
        raise SubmissionError("The workbook is damaged; save it again, or as CSV.") from None
    except RuntimeError:  # what zipfile raises for an encrypted part
        raise SubmissionError("The workbook is encrypted; save it without a password.") from None
    except (NotWellFormedError, KeyError):
        raise SubmissionError("The workbook is damaged; save it again, or as CSV.") from None


class _Bounded:
    """A part of the archive that may not unfold to more than it should, whatever its header says."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream, self._left = stream, most

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise SubmissionError("The workbook unfolds to more than the gate allows; save it as CSV.")
        return data


@contextmanager
def _open(archive: zipfile.ZipFile, part: str, most: int) -> Iterator[IO[bytes]]:
    with archive.open(part) as stream:
        yield _Bounded(stream, most)  # type: ignore[misc]  # of a file only `read` is used


def _parsed(archive: zipfile.ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with _open(archive, part, _PART) as stream:
        try:
            root = etree.fromstring(stream.read(_PART + 1), parser)
        except etree.XMLSyntaxError as problem:
            raise NotWellFormedError(problem.lineno or 1) from None
    if root.getroottree().docinfo.doctype:
        raise SubmissionError("The workbook declares a document type (DOCTYPE), which is refused.")
    return root


def _visible(archive: zipfile.ZipFile, book: etree._Element) -> str:
    """The part that holds the only visible sheet; a hidden one is refused, for nobody would see it."""
    sheets = list(book.iterfind(f"{_MAIN}sheets/{_MAIN}sheet"))
    if len(sheets) != 1:
        raise SubmissionError(
            f"The workbook has {len(sheets)} sheets, hidden ones included; keep the one with the requests."
        )
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    wanted = sheets[0].get(_RELATION)
    target = next((each.get("Target") for each in relations if each.get("Id") == wanted), None)
    if not target:
        raise SubmissionError("The workbook is damaged; save it again, or as CSV.")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts, size = [], 0
    with _open(archive, "xl/sharedStrings.xml", _SHEET) as stream:
        for element in elements(stream, 1, _ignore, _LONGEST):
            text = _rich_text(element) or ""
            size += len(text) + 32
            if size > _TEXTS:
                raise SubmissionError("The workbook holds more text than is read at once; save it as CSV.")
            texts.append(text)
    return texts


def _rich_text(element: etree._Element | None) -> str | None:
    """The text of all runs; phonetic guides are not part of it."""
    if element is None:
        return None
    for guide in element.findall(_MAIN + "rPh"):
        element.remove(guide)
    return unescaped("".join(part.text or "" for part in element.iter(_MAIN + "t")))


def unescaped(text: str) -> str:
    """`_x000D_` and the like stand for characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""Halves of a surrogate pair are no characters and stay as they are."""


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles (places in `cellXfs`) that show a number as a day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    root = _parsed(archive, "xl/styles.xml")
    formats = set(_DATES)
    for each in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt"):
        if _shows_a_day(each.get("formatCode") or ""):
            formats.add(_whole(each.get("numFmtId")) or 0)
    styles = root.findall(f"{_MAIN}cellXfs/{_MAIN}xf")
    return frozenset(at for at, style in enumerate(styles) if (_whole(style.get("numFmtId")) or 0) in formats)


_DATES = (14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58)
"""The built-in number formats that show a day (ECMA-376 part 1, 18.8.30)."""


def _shows_a_day(code: str) -> bool:
    plain, quoted = [], False
    for mark in code.split(";")[0].lower():
        quoted ^= mark in '"[' or (mark == "]" and quoted)
        if not quoted:
            plain.append(mark)
    return "y" in plain or "d" in plain


def _column(reference: str | None) -> int:
    """`AB7` is column 27; letters only, at most three, as a sheet has them."""
    place = 0
    for letter in (reference or "").rstrip("0123456789"):
        if not "A" <= letter <= "Z":
            return _NOWHERE
        place = place * 26 + ord(letter) - 64
    return place - 1 if 0 < place <= 16_384 else _NOWHERE


_NOWHERE = 99_999


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None


def _ignore(root: etree._Element) -> None:
    """The root of a part tells nothing that is needed."""
