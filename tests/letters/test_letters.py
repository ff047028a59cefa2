"""Letters: accessible, the same bytes each time, and never saying more than the answer does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfua import validate

from tests.law.statute import LAW
from wicketgate.core.context import Order
from wicketgate.core.finding import Determination, Severity
from wicketgate.core.states import State
from wicketgate.flow.letters.composed import Counted, Letter, Sender, answer_letter, notice
from wicketgate.flow.letters.plain import text
from wicketgate.flow.letters.press import Press, PressError, open_press, template_version
from wicketgate.stages.answer import Held, outward_answer

ON = date(2026, 3, 1)
FINDINGS = LAW.findings(0)
ORDER = Order("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21))
ANSWERS = {
    "deficient": outward_answer("V-1", State.DEFICIENT, FINDINGS),
    "referred": outward_answer("V-1", State.REFERRED, FINDINGS[:2]),
    "no disclosure": outward_answer("V-1", State.NOT_VERIFIED),
    "suspended": outward_answer("V-1", State.HELD, held=Held((ORDER,))),
    "disclosed": outward_answer("V-1", State.RELEASED),
}
COUNTED = Counted(
    1_280_000, 12, {Determination.DEFICIENT: 1_279_988}, [(finding, 1_000) for finding in FINDINGS]
)
SENDER = Sender.of("Disclosure office of the custodian", LAW.authority)
LETTERS = {name: answer_letter(answer, SENDER, ON) for name, answer in ANSWERS.items()}
LETTERS["notice"] = notice("requests.csv", COUNTED, SENDER, ON)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with open_press() as opened:
        yield opened


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_accessible(press: Press, tmp_path: Path, name: str) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(press.pdf(LETTERS[name]))
    report = validate(str(file))
    assert [finding.message for finding in report.findings] == []
    with pikepdf.open(file) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo.Title == LETTERS[name].content["title"]
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("name", LETTERS)
def test_the_same_decision_gives_the_same_bytes(press: Press, name: str) -> None:
    with open_press() as another:
        assert press.pdf(LETTERS[name]) == another.pdf(LETTERS[name])


def test_the_letter_without_a_disclosure_is_the_same_for_every_reason(press: Press) -> None:
    """Not on file, not matching, refused by a person, held for a confidential reason: one letter."""
    reasons = [
        outward_answer("V-1", State.NOT_VERIFIED),
        outward_answer("V-1", State.REFUSED),
        outward_answer("V-1", State.REFUSED, FINDINGS),
        outward_answer("V-1", State.HELD, held=Held()),
    ]
    assert len({press.pdf(answer_letter(each, SENDER, ON)) for each in reasons}) == 1
    assert len({text(answer_letter(each, SENDER, ON)) for each in reasons}) == 1


def test_each_defect_stands_in_the_letter_with_its_citation_and_remedy() -> None:
    words = re.sub(r"\s+", " ", text(LETTERS["deficient"]))
    for finding in FINDINGS:
        if finding.severity is not Severity.NOTE:
            for part in (finding.code, finding.citation, finding.message, finding.remedy):
                assert re.sub(r"\s+", " ", part) in words


def test_a_letter_of_an_unknown_kind_is_not_made() -> None:
    with pytest.raises(KeyError):
        answer_letter({"request_id": "V-1", "answer": "maybe", "text": "…"}, SENDER, ON)


def test_an_order_is_told_with_its_court_and_docket() -> None:
    assert "D.D.C., 1:25-cv-00457" in text(LETTERS["suspended"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_text_from_data_is_printed_and_never_read_as_markup(press: Press, words: str) -> None:
    """A requester's reference cannot change the letter, read a file, or stop the press."""
    answer = outward_answer('#read("/etc/passwd") $x$ <y> @z \\' + words, State.NOT_VERIFIED)
    assert press.pdf(answer_letter(answer, SENDER, ON)).startswith(b"%PDF")


def test_every_character_is_printed_or_spelled_out(press: Press) -> None:
    letter = answer_letter(outward_answer("".join(map(chr, range(0x2100))), State.NOT_VERIFIED), SENDER, ON)
    assert press.pdf(letter).startswith(b"%PDF")
    spelled = answer_letter(outward_answer("A\u4e2d\U0001f600\x1f", State.NOT_VERIFIED), SENDER, ON)
    plain = answer_letter(outward_answer("A[U+4E2D][U+1F600][U+001F]", State.NOT_VERIFIED), SENDER, ON)
    assert press.pdf(spelled) == press.pdf(plain)


def test_what_cannot_be_printed_is_refused_without_its_content(press: Press) -> None:
    spoiled = Letter("answer", {"title": "A secret"})
    with pytest.raises(PressError) as refused:
        press.pdf(spoiled)
    assert "secret" not in str(refused.value)


def test_the_templates_have_a_version() -> None:
    assert re.fullmatch("sha256:[0-9a-f]{64}", template_version())
    assert template_version() == template_version()
