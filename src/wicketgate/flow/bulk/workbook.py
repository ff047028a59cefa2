"""An XLSX workbook of texts and whole numbers, written row by row: a new sheet where one is full."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_576
"""Rows of one sheet, the first of them the names."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Workbook:
    """Use it as a context; it is whole at the end of the block. `most` rows go on one sheet."""

    def __init__(self, path: Path, columns: Sequence[str], most: int = MOST_ROWS) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._columns, self._most = columns, most
        self._sheet: IO[bytes] | None = None
        self._sheets = self._rows = 0

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """More rows."""
        for row in rows:
            if self._sheet is None or self._rows == self._most:
                self._begin_sheet()
            self._write(row)

    def _begin_sheet(self) -> None:
        self._end_sheet()
        self._sheets, self._rows = self._sheets + 1, 0
        self._sheet = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_SHEETS}"><sheetData>'.encode())
        self._write(self._columns)

    def _write(self, row: Sequence[object]) -> None:
        self._rows += 1
        if self._sheet is not None:
            self._sheet.write(f'<row r="{self._rows}">{"".join(map(_cell, row))}</row>'.encode())

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and not self._sheets:
            self._begin_sheet()
        self._end_sheet()
        if error is None:
            self._write_parts()
        self._archive.close()

    def _write_parts(self) -> None:
        numbers = range(1, self._sheets + 1)
        sheets = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        links = "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
            for n in numbers
        )
        root = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        for name, text in {
            "xl/workbook.xml": (
                f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
            ),
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>',
            "[Content_Types].xml": (
                f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
                ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
                f"{parts}</Types>"
            ),
        }.items():
            self._archive.writestr(_part(name), _HEAD + text)


def _part(name: str) -> zipfile.ZipInfo:
    """A part without a time, as sheets are, so that the same rows make the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = str(value)
    if not text.isprintable():
        text = "".join(each for each in text if each.isprintable())
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else "<c/>"
