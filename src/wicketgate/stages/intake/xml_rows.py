"""XML into rows: one `Request` element is one row, its children are the columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.columns import plain_name
from wicketgate.stages.intake.rows import Batch, Collector, Limits, SubmissionError
from wicketgate.stages.intake.xml_names import COLUMN_OF, NAMESPACE
from wicketgate.stages.intake.xml_stream import NotWellFormedError, elements

_SUBMISSION = f"{{{NAMESPACE}}}Submission"
_REQUEST = f"{{{NAMESPACE}}}Request"
_COLUMNS = {f"{{{NAMESPACE}}}{name}": column for name, column in COLUMN_OF.items()}


class _RowError(ValueError):
    def __init__(self, column: str | None, problem: str) -> None:
        super().__init__(problem)
        self.column = column


def read_xml(file: BinaryIO, limits: Limits, rows: int) -> Iterator[Batch]:
    """Every request of the file, in batches of about `rows`; a row's line is that of its start tag.

    Where the file stops being XML, one malformed row says so, and the requests before it stand.
    Raises `SubmissionError` for a file that is no submission, and as `xml_stream.elements`.
    """
    collect = Collector(limits, rows)
    row = 0
    try:
        for element in elements(file, 1, _check_root, limits.record):
            row += 1
            line = element.sourceline or 0
            try:
                texts = _texts(element)
                size = sum(map(len, texts.values()))
                collect.add(row, line, tuple(map(texts.get, COLUMNS)), size)
            except _RowError as problem:
                collect.refuse(row, line, problem.column, str(problem))
            if collect.full:
                yield collect.take()
    except NotWellFormedError as problem:
        if not row:
            raise SubmissionError(str(problem)) from None
        collect.refuse(row + 1, problem.line, None, str(problem))
    yield collect.take()


def _check_root(root: etree._Element) -> None:
    if root.tag != _SUBMISSION:
        raise SubmissionError(
            f"The XML's root element is not Submission of the namespace {NAMESPACE}; see the schema "
            "submission.xsd."
        )
    if root.attrib:
        raise SubmissionError("The Submission element has attributes, which the schema does not know.")


def _texts(request: etree._Element) -> dict[str, str]:
    """The stated columns; raises `_RowError` for whatever the schema does not allow."""
    _no_attributes(request)
    if request.tag != _REQUEST:
        raise _RowError(None, "The element is no Request, and a Submission holds nothing else; remove it.")
    if not _is_blank(request.text):
        raise _RowError(None, "The Request holds text outside its elements; remove it.")
    texts: dict[str, str] = {}
    seen: set[str] = set()
    for child in request:
        if not _is_blank(child.tail):
            raise _RowError(None, "The Request holds text outside its elements; remove it.")
        if isinstance(child, etree._Comment | etree._ProcessingInstruction):
            continue
        column = _COLUMNS.get(str(child.tag))
        if column is None:
            name = plain_name(etree.QName(child).localname if isinstance(child.tag, str) else "")
            raise _RowError(None, f"The element {name} is not one that the schema knows; remove it.")
        if column in seen:
            raise _RowError(column, f"The {column} stands twice in the Request; keep one.")
        seen.add(column)
        _no_attributes(child)
        if len(child):
            raise _RowError(column, f"The {column} holds more than text; write plain text.")
        text = child.text
        if text and not text.isspace():
            texts[column] = text
    return texts


def _no_attributes(element: etree._Element) -> None:
    if element.attrib:
        raise _RowError(None, "An element of the Request has attributes, which the schema does not know.")


def _is_blank(text: str | None) -> bool:
    return text is None or not text.strip()
