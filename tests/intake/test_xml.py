"""XML holds the same requests as CSV; what the schema does not know costs its row, the rest is refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.intake.files import COMPLETE, csv_bytes, read
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import Received, SubmissionError, read_batches, read_submission
from wicketgate.stages.intake.xml_names import NAMES, NAMESPACE, schema

SCHEMA = etree.XMLSchema(etree.fromstring(schema().encode()))
HEAD = f'<Submission xmlns="{NAMESPACE}">'


def xml_bytes(rows: Iterable[Mapping[str, str]]) -> bytes:
    root = etree.Element("Submission", nsmap={None: NAMESPACE})
    root.tag = f"{{{NAMESPACE}}}Submission"
    for row in rows:
        request = etree.SubElement(root, f"{{{NAMESPACE}}}Request")
        for column, text in row.items():
            etree.SubElement(request, f"{{{NAMESPACE}}}{NAMES[column]}").text = text
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def one(inner: str) -> str:
    return f"{HEAD}<Request>{inner}</Request></Submission>"


ID = "<RequestIdentificationID>R2</RequestIdentificationID>"
BROKEN = {
    f"{ID}<Phone>1</Phone>": "!: The element 'Phone' is not one that the schema knows",
    f"{ID}<RequestFormCode>a</RequestFormCode><RequestFormCode/>": "!form: The form stands twice",
    f"{ID}<RequestFormCode><b>a</b></RequestFormCode>": "!form: The form holds more than text",
    f"{ID}<RequestFormCode>a<!-- b -->c</RequestFormCode>": "!form: The form holds more than text",
    f"{ID}<RequestFormCode x='1'>a</RequestFormCode>": "!: An element of the Request has attributes",
    f"{ID}stray": "!: The Request holds text outside",
    f"stray{ID}": "!: The Request holds text outside",
    f"{ID}<Request>{ID}</Request>": "!: The element 'Request' is not one that the schema knows",
    "": "!request_id: The request_id is empty",
    f"{ID}<RequestFormCode>{'a' * 1001}</RequestFormCode>": "!form: The form is longer than 1,000 characters",
}


@pytest.mark.parametrize(("inner", "problem"), BROKEN.items())
def test_a_broken_request_costs_its_row(tmp_path: Path, inner: str, problem: str) -> None:
    whole = [f"<Request>{ID.replace('R2', name)}</Request>" for name in ("R1", "R3")]
    data = f"{HEAD}\n{whole[0]}\n<Request>{inner}</Request>\n{whole[1]}</Submission>"
    found = read(tmp_path / "s.xml", data)
    assert found[0] == (1, 2, "R1")
    assert found[1][:2] == (2, 3)
    assert found[1][2].startswith(problem)
    assert found[2] == (3, 4, "R3")
    if "longer" not in problem and "more than text" not in problem:
        assert not SCHEMA.validate(etree.fromstring(data))


REFUSED = {
    "<Submission/>": "root element is not Submission",
    f'<Submission xmlns="{NAMESPACE}" x="1"/>': "has attributes",
    f'<!DOCTYPE Submission [<!ENTITY a "b">]>{one(ID)}': "DOCTYPE",
    f'<!DOCTYPE Submission SYSTEM "file:///etc/passwd">{one(ID)}': "DOCTYPE",
    f'<?xml version="1.0" encoding="ISO-8859-1"?>{one(ID)}': "not declared to be in UTF-8",
    "<Submission": "not well-formed at line 1",
    "<a>&amp;": "root element is not Submission",
    HEAD + f"<!--{'x' * 9_000_000}-->" * 2: "MiB",
    HEAD + "x" * 18_000_000: "not well-formed",
}


@pytest.mark.parametrize(("data", "problem"), REFUSED.items(), ids=lambda text: text[:40])
def test_what_is_no_submission_is_refused_whole(tmp_path: Path, data: str, problem: str) -> None:
    with pytest.raises(SubmissionError, match=problem):
        read(tmp_path / "s.xml", data)


def test_entities_are_never_unfolded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    inside = one("<RequestReasonsText>&a9;</RequestReasonsText>")
    data = f'<!DOCTYPE Submission [<!ENTITY a0 "ha">{laughs}]>{inside}'
    with pytest.raises(SubmissionError, match=r"DOCTYPE|not well-formed"):
        read(tmp_path / "s.xml", data)


def test_what_stood_before_the_break_stands(tmp_path: Path) -> None:
    """A file that breaks off keeps its good rows, and says from which line on nothing was read."""
    found = read(tmp_path / "s.xml", f"{HEAD}\n<Request>{ID}</Request>\n<Request><Requ")
    assert found[0] == (1, 2, "R2")
    assert found[1] == (2, 3, "!: The XML is not well-formed at line 3; nothing after it was read.")


def test_lines_are_right_far_down_a_file(tmp_path: Path) -> None:
    rows = "".join(f"<Request>{ID.replace('R2', f'R{n}')}</Request>\n" for n in range(70_000))
    found = read(tmp_path / "s.xml", f"{HEAD}\n{rows}</Submission>")
    assert found[-1] == (70_000, 70_001, "R69999")


def test_comments_and_spaces_between_elements_say_nothing(tmp_path: Path) -> None:
    request = f"<Request> {ID} <!-- c --> </Request>"
    data = f"\ufeff<?xml version='1.0'?><!-- a -->{HEAD}<!-- b --> {request}</Submission>"
    assert read(tmp_path / "s.xml", data) == [(1, 1, "R2")]


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), max_size=30
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS[1:], TEXTS)), max_size=4))
def test_xml_holds_the_same_requests_as_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("xml")
    numbered = [{"request_id": f"R{number}", **row} for number, row in enumerate(rows)]
    data = xml_bytes(numbered)
    assert SCHEMA.validate(etree.fromstring(data))
    (folder / "s.xml").write_bytes(data)
    (folder / "s.csv").write_bytes(csv_bytes(numbered))
    requests = [
        [each.request for each in read_submission(folder / name) if isinstance(each, Received)]
        for name in ("s.xml", "s.csv")
    ]
    assert requests[0] == requests[1]
    assert len(requests[0]) == len(rows)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        (tmp_path / "s.xml").write_bytes(xml_bytes([COMPLETE] * rows))
        tracemalloc.start()
        try:
            for _ in read_batches(tmp_path / "s.xml", 500):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(8_000) < 1.5 * peak(2_000)
