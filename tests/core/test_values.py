import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.digest import canonical, digest
from wicketgate.core.facts import FactSpec
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.identifiers import AuthorityName, Handle
from wicketgate.core.request import COLUMNS, Request
from wicketgate.web.converters import HandleConverter


def test_a_request_shows_its_reference_and_no_person() -> None:
    request = Request(
        "R-1", taxpayer_first_name="Ada", taxpayer_last_name="Lovelace", taxpayer_tin="900700001"
    )
    assert repr(request) == "<Request R-1>"
    assert "Ada" not in f"{request}"


def test_blank_is_missing() -> None:
    request = Request.from_mapping({"request_id": "R-1", "form": "  ", "reasons": "because"})
    assert request.form is None
    assert request.as_mapping() == {"request_id": "R-1", "reasons": "because"}


def test_a_request_without_a_reference_is_no_request() -> None:
    with pytest.raises(ValueError, match="request_id"):
        Request.from_mapping({"request_id": " "})


def test_the_interface_has_thirty_seven_columns() -> None:
    assert len(COLUMNS) == 37
    assert COLUMNS[0] == "request_id"


def finding(severity: Severity) -> Finding:
    return Finding("X", severity, "1 U.S.C. § 1", "Missing.", "State it.")


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ((), Determination.SUFFICIENT),
        ((Severity.NOTE,), Determination.SUFFICIENT),
        ((Severity.NOTE, Severity.REFER), Determination.REFERRED),
        ((Severity.REFER, Severity.DEFECT), Determination.DEFICIENT),
    ],
)
def test_the_strictest_finding_decides(severities: tuple[Severity, ...], expected: Determination) -> None:
    assert Determination.of(tuple(finding(s) for s in severities)) is expected


def test_a_value_of_the_wrong_type_or_beyond_its_bounds_is_unknown() -> None:
    count = FactSpec("n", "integer", minimum=0, maximum=10)
    assert count.admit(10) == 10
    for value in (11, -1, 10**400, True, "3", 3.0, None, [3]):
        assert count.admit(value) is None
    flag = FactSpec("f", "boolean")
    assert flag.admit(False) is False
    assert flag.admit(1) is None
    text = FactSpec("t", "text", longest=3, values=("a", "b"))
    assert text.admit("a") == "a"
    for other in ("c", "", "aaaa", 1, b"a"):
        assert text.admit(other) is None


def test_every_fact_is_bounded() -> None:
    for spec in CATALOGUE.values():
        if spec.type == "integer":
            assert -(2**31) < spec.minimum < spec.maximum < 2**31
        if spec.type == "text":
            assert 0 < spec.longest <= 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_canonical_json_reads_back_as_the_same_value(value: object) -> None:
    assert json.loads(canonical(value)) == value  # type: ignore[arg-type]


def test_keys_are_ordered_by_utf16_code_units() -> None:
    # RFC 8785 section 3.2.3: a supplementary character sorts before U+FB33.
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("value", [1.5, 2**53, {"a": b"x"}, {1, 2}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical(value)  # type: ignore[arg-type]


def test_a_digest_names_its_algorithm() -> None:
    assert digest({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_handles_are_random_and_say_nothing() -> None:
    handles = {str(Handle.new()) for _ in range(1000)}
    assert len(handles) == 1000
    with pytest.raises(ValueError, match="looks like"):
        Handle("WG-1")


def test_an_authority_has_a_folder() -> None:
    assert AuthorityName("usc26-6103-i2").folder == "usc26_6103_i2"
    for bad in ("../etc", "A", "", "a--b", "a" * 61):
        with pytest.raises(ValueError, match="lower-case"):
            AuthorityName(bad)


def test_a_handle_has_no_letter_that_the_alphabet_leaves_out() -> None:
    for wrong in ("WG-LLLL-2222-2222", "WG-2222-2222-2222\n", "WG-2222-2222-222A"):
        with pytest.raises(ValueError, match="a handle looks like"):
            Handle(wrong)
        assert not re.fullmatch(HandleConverter.regex, wrong)
