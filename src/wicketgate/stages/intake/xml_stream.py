"""Elements of an XML file one by one, in bounded memory; what XML can do beyond them is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

from lxml import etree

from wicketgate.stages.intake.rows import SubmissionError

_READ = 64 * 1024
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_UTF8 = frozenset((b"utf-8", b"us-ascii", b"ascii"))


class NotWellFormedError(ValueError):
    """The file is no XML from a line on; what stood before it was handed on."""

    def __init__(self, line: int) -> None:
        super().__init__(f"The XML is not well-formed at line {line}; nothing after it was read.")
        self.line = line


def elements(
    file: IO[bytes], depth: int, root: Callable[[etree._Element], None], longest: int
) -> Iterator[etree._Element]:
    """Every element that stands `depth` levels below the root, whole; each is forgotten at the next.

    `root` looks at the root element before its content. A DOCTYPE, an encoding other than UTF-8 and an
    element that takes more than about `longest` bytes raise `SubmissionError`; nothing outside the file is
    ever fetched and no entity is unfolded (the parser's own limits hold, libxml2 "huge" is off).
    Raises `NotWellFormedError` where the file stops being XML.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    level, since, first = -1, 0, True
    try:
        while data := file.read(_READ):
            if first:
                _in_utf8(data)
                first = False
            parser.feed(data)
            since += len(data)
            for event, element in parser.read_events():
                if event == "end":
                    if level == depth:
                        yield element
                        since = 0
                        _forget(element)
                    level -= 1
                    continue
                level += 1
                if level == 0:
                    _plain(element)
                    root(element)
            if since > longest + _READ:
                raise SubmissionError(
                    f"A part of the file is longer than {longest // 2**20} MiB without a row that ends in it."
                )
        parser.close()
    except etree.XMLSyntaxError as problem:
        raise NotWellFormedError(problem.lineno or 1) from None


def _in_utf8(beginning: bytes) -> None:
    declared = _DECLARED.match(beginning)
    if declared and declared[1].lower() not in _UTF8:
        raise SubmissionError("The XML is not declared to be in UTF-8; save it as UTF-8.")


def _plain(root: etree._Element) -> None:
    described = root.getroottree().docinfo
    if described.doctype or described.internalDTD is not None:
        raise SubmissionError("The XML declares a document type (DOCTYPE), which is refused; take it out.")


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
