"""The requester learns everything about the statutory review and nothing about the register."""

import json
from datetime import date

import pytest

from wicketgate.core.context import Order
from wicketgate.core.finding import Finding, Severity
from wicketgate.core.states import State
from wicketgate.stages.answer import Held, outward_answer

DEFECT = Finding("B3", Severity.DEFECT, "26 U.S.C. § 1", "State the period.", "Write the years.")
NOTE = Finding("B2", Severity.NOTE, "26 U.S.C. § 1", "For information.", "Nothing.")
ORDER = Order("D.D.C.", "1:25-cv-00457", "custodian", date(2025, 11, 21))


def test_every_end_without_a_disclosure_reads_the_same_byte_for_byte() -> None:
    answers = {
        json.dumps(outward_answer("R-1", State.NOT_VERIFIED)),
        json.dumps(outward_answer("R-1", State.REFUSED)),
        json.dumps(outward_answer("R-1", State.HELD, held=Held())),
        json.dumps(outward_answer("R-1", State.NOT_VERIFIED, findings=[NOTE])),
    }
    assert len(answers) == 1


def test_a_deficient_request_is_told_what_where_why_and_how_to_mend_it() -> None:
    answer = outward_answer("R-1", State.DEFICIENT, [DEFECT, NOTE])
    assert answer["findings"] == [
        {
            "code": "B3",
            "citation": "26 U.S.C. § 1",
            "message": "State the period.",
            "remedy": "Write the years.",
        }
    ]


def test_a_suspension_by_order_is_public() -> None:
    answer = outward_answer("R-1", State.HELD, held=Held((ORDER,)))
    assert answer["answer"] == "suspended"
    assert "D.D.C., 1:25-cv-00457" in str(answer["text"])


def test_a_disclosure_is_answered_with_where_the_package_waits() -> None:
    assert outward_answer("R-1", State.RELEASED)["answer"] == "disclosed"


@pytest.mark.parametrize(
    "state", [State.RECEIVED, State.SUFFICIENT, State.ENDORSED, State.VERIFIED, State.APPROVED]
)
def test_no_answer_leaves_early(state: State) -> None:
    with pytest.raises(ValueError, match="No answer is due"):
        outward_answer("R-1", state)
