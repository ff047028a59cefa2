"""Facts about one request, column by column."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.custodian import CONTEXT, DAY, VOCABULARY, fact, facts, ordered, request
from tests.intake.files import COMPLETE
from wicketgate.address import AddressFinding, Verdict
from wicketgate.core.catalogue import CATALOGUE, SET_FACTS
from wicketgate.core.facts import FactValue
from wicketgate.core.finding import Severity
from wicketgate.core.request import COLUMNS, Request
from wicketgate.stages.facts import Observer, observer, row_facts

ROW_FACTS = set(CATALOGUE) - set(SET_FACTS)


def test_a_complete_request_shows_what_it_states() -> None:
    found = facts()
    assert set(found) == ROW_FACTS
    assert {name: value for name, value in found.items() if not name.startswith("address_ad")} == {
        "authority_within_scope": True,
        "authority_provision": "none",
        "form": "written",
        "agency": "DHS",
        "agency_root": "DHS",
        "agency_federal": True,
        "agency_level": "department",
        "agency_safeguards": "accepted",
        "automated_analysis_notified": True,
        "order_in_force": False,
        "signatory_capacity": "agency_head",
        "signatory_named": True,
        "delegation_stated": False,
        "signature_age_days": 19,
        "name_form": "complete",
        "names_one_person": True,
        "relies_on_other_document": False,
        "tin_form": "absent",
        "birth_date_form": "plausible",
        "address_judged": True,
        "periods_form": "stated",
        "periods_count": 2,
        "period_earliest": 2022,
        "period_latest": 2023,
        "review_year": 2026,
        "reviewed_on": "2026-03-01",
        "statute_form": "one_citation",
        "statute_class": "criminal",
        "statute_family": "fraud",
        "matter_stage": "investigation",
        "matter_identified": True,
        "reasons_words": 12,
        "reasons_placeholder": False,
        "reasons_generic": False,
        "reasons_locate_only": False,
        "reasons_civil_purpose": False,
        "reasons_willfulness": False,
        "reasons_necessity": False,
        "reasons_role": False,
        "items": ("last_known_address",),
        "items_count": 1,
        "items_of_return": 0,
        "items_outside_identity": 0,
        "items_beyond_profile": 0,
        "items_unknown": 0,
        "officers_count": 1,
        "officers_individual": True,
        "officers_of_agency": True,
        "sole_use_attested": True,
        "other_uses_declared": False,
        "automated_analysis": "none",
        "days_since_order_final": None,
        "order_ground_class": None,
        "failure_limb": None,
        "pending_relief": None,
        "prior_removal_on": None,
        "entry_on": None,
    }


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        ("2025-08-13", "2025-08-13"),
        (" 2025-08-13 ", "2025-08-13"),
        ("1900-01-01", "1900-01-01"),
        ("1899-12-31", None),
        ("2199-12-31", "2199-12-31"),
        ("2200-01-01", None),
        ("2025-02-29", None),
        ("13 August 2025", None),
        (None, None),
    ],
)
def test_a_day_is_known_within_its_bounds(stated: str | None, known: str | None) -> None:
    assert fact("entry_on", entry_on=stated) == known
    assert fact("prior_removal_on", prior_removal_on=stated) == known
    assert fact("reviewed_on", entry_on=stated) == "2026-03-01"


@pytest.mark.parametrize(
    ("asked", "items"),
    [
        ("last_known_address", ("last_known_address",)),
        ("Last Known Address; last-known_address", ("last_known_address",)),
        ("phone;all addresses", ("all_addresses", "phone")),
        ("horoscope;shoe size;phone", ("phone", "unlisted")),
        (";".join(f"item{number}" for number in range(200)), ("unlisted",)),
        (" ; ", None),
        (None, None),
    ],
)
def test_the_items_are_a_list_by_the_vocabulary_s_names(
    asked: str | None, items: tuple[str, ...] | None
) -> None:
    assert fact("items", items_requested=asked) == items


HOSTILE = st.one_of(
    st.none(),
    st.text(max_size=60),
    st.text(st.characters(), max_size=60),
    st.text(st.sampled_from("|;;()/0123456789-U.SC§ *%\u200b\u0301\ufdfaß\x1f\0\n'`"), max_size=60),
    st.sampled_from(
        [*COMPLETE.values(), "0001-01-01", "9999-12-31", "\ud800", "٢٠٢٢", "２０２２-01-01", "999999999"]
    ),
    st.just("A. Agent|1|DHS;" * 600),
)


@settings(max_examples=120, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS[1:], HOSTILE)))
def test_no_text_raises_and_every_fact_keeps_its_bounds(texts: dict[str, str | None]) -> None:
    """A fact is in the catalogue, and it is unknown or exactly a value that the catalogue admits."""
    found = row_facts(Request("R-1", **texts), CONTEXT, VOCABULARY)
    assert set(found.facts) == ROW_FACTS
    for name, value in found.facts.items():
        assert value is None or (CATALOGUE[name].admit(value) == value and value is not None), name
    keys = found.keys
    for key in (keys.reasons_key, keys.address_key, keys.matter_key, keys.name_key):
        assert key is None or len(key) == 16
    assert all(len(key) == 16 for key in (*keys.officer_keys, *keys.person_keys))


# What is good about a fact, where a request that says less must never look better than it did.
GOOD: dict[str, tuple[object, ...]] = {
    "authority_within_scope": (True,),
    "form": ("written",),
    "agency_federal": (True,),
    "signatory_named": (True,),
    "delegation_stated": (True,),
    "name_form": ("complete",),
    "names_one_person": (True,),
    "periods_form": ("stated",),
    "statute_form": ("one_citation",),
    "statute_class": ("criminal",),
    "matter_identified": (True,),
    "reasons_placeholder": (False,),
    "reasons_generic": (False,),
    "reasons_locate_only": (False,),
    "reasons_civil_purpose": (False,),
    "reasons_willfulness": (True,),
    "items_of_return": (0,),
    "items_outside_identity": (0,),
    "items_beyond_profile": (0,),
    "items_unknown": (0,),
    "officers_individual": (True,),
    "officers_of_agency": (True,),
    "sole_use_attested": (True,),
    "automated_analysis": ("none",),
    "order_ground_class": ("deportable",),
    "failure_limb": ("A", "B", "C", "D"),
    "pending_relief": ("none",),
    "order_in_force": (False,),
}
# Where the names are gone nobody can tell any more that they were several, or invented.
OPTIONAL_NAMES = {"taxpayer_middle_name", "taxpayer_suffix"}


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS[1:], HOSTILE)), st.sampled_from(COLUMNS[1:]))
def test_leaving_a_column_out_never_makes_a_fact_good(texts: dict[str, str | None], column: str) -> None:
    whole = {**COMPLETE, **texts}
    less = {**whole, column: None}
    before = row_facts(Request(**whole), CONTEXT, VOCABULARY).facts  # type: ignore[arg-type]
    after = row_facts(Request(**less), CONTEXT, VOCABULARY).facts  # type: ignore[arg-type]
    for name, good in GOOD.items():
        if column.startswith("taxpayer_") and (name == "names_one_person" or column in OPTIONAL_NAMES):
            continue
        if column.startswith("taxpayer_") and name in ("reasons_generic", "reasons_locate_only"):
            continue  # the person's own name counts as no reason, and it is not known any more
        assert after[name] not in good or before[name] in good, name


def test_an_address_that_cannot_be_judged_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(observer, "examine", broken)
    found = facts()
    assert found["address_judged"] is False
    assert all(found[name] is None for name in found if name.startswith("address_ad"))


def test_a_verdict_that_no_fact_can_carry_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    unheard_of = AddressFinding("AD-99", Severity.DEFECT, "line1", 0, 0, "", "New.")
    monkeypatch.setattr(observer, "examine", lambda _: (Verdict((unheard_of,)), "1 elm st||77002"))
    assert fact("address_judged") is False
    assert fact("address_ad_01") is None


def test_the_judge_is_heard() -> None:
    found = facts(address_line1=None, address_line2=None)
    assert found["address_ad_01"] == "defect"
    assert facts()["address_ad_01"] == "clear"


@pytest.mark.parametrize(
    ("cited", "within"),
    [
        ("26 U.S.C. 6103(i)(2)", True),
        ("26 USC § 6103(i)(2)(A)", True),
        ("8 U.S.C. 1360(b); 26 U.S.C. 6103(i)(2)", True),
        ("26 U.S.C. 6103", False),
        ("26 U.S.C. 6103(i)(1)", False),
        ("the agreement of 2025", False),
        (None, None),
    ],
)
def test_one_of_the_authorities_cited_must_lie_within_the_scope(
    cited: str | None, within: bool | None
) -> None:
    assert fact("authority_within_scope", authority_cited=cited) is within


def test_an_agency_that_the_directory_does_not_know_has_no_facts() -> None:
    for code in ("NOBODY", "LOST", "dhs", "DHS ICE", None):
        found = facts(requesting_agency=code)
        assert found["agency"] is found["agency_federal"] is found["order_in_force"] is None
        assert found["officers_of_agency"] is None


def test_a_component_has_its_department_as_root() -> None:
    found = facts(requesting_agency="DHS-ICE-HSI")
    assert (found["agency"], found["agency_root"], found["agency_level"]) == (
        "DHS-ICE-HSI",
        "DHS",
        "component",
    )


def test_a_notice_counts_from_its_day_and_for_its_own_agency() -> None:
    assert fact("automated_analysis_notified", requesting_agency="DHS") is True
    assert fact("automated_analysis_notified", requesting_agency="DHS-ICE") is False
    assert fact("automated_analysis_notified", requesting_agency="DHS-ICE-HSI") is False


@pytest.mark.parametrize(
    ("bound", "asks", "holds"),
    [
        (None, "DHS", True),
        (None, "NOBODY", True),
        (None, None, True),
        ("DHS", "DHS-ICE", True),
        ("DOJ", "DHS", False),
    ],
)
def test_an_order_suspends_whom_it_binds(bound: str | None, asks: str | None, holds: bool) -> None:
    assert fact("order_in_force", ordered(bound), requesting_agency=asks) is holds
    assert not fact("order_in_force", ordered(bound, DAY + timedelta(1)), requesting_agency=asks)


@pytest.mark.parametrize(
    ("signed", "days"),
    [
        ("2026-03-01", 0),
        ("2026-02-28", 1),
        (" 2026-03-02 ", -1),
        ("20260301", None),
        ("2026-W09-7", None),
        ("2026-02-30", None),
        ("03/01/2026", None),
        ("2026-03-01T00:00", None),
        ("2026-3-1", None),
        ("٢٠٢٦-٠٣-٠١", None),
        ("1900-01-01", None),
        ("9999-12-31", None),
        (None, None),
    ],
)
def test_days_are_counted_between_iso_dates_only(signed: str | None, days: int | None) -> None:
    assert fact("signature_age_days", signed_on=signed) == days


@pytest.mark.parametrize(
    ("administrative", "court", "days"),
    [
        ("2025-11-01", None, 120),
        ("2025-11-01", "2026-02-01", 28),
        ("2026-02-01", "2025-11-01", 28),
        ("2025-11-01", "not yet", None),
        (None, "2025-11-01", None),
        (None, None, None),
    ],
)
def test_an_order_is_final_with_the_later_of_its_two_days(
    administrative: str | None, court: str | None, days: int | None
) -> None:
    found = fact(
        "days_since_order_final", removal_order_final_on=administrative, removal_order_court_final_on=court
    )
    assert found == days


@pytest.mark.parametrize(
    ("periods", "form", "count", "earliest", "latest"),
    [
        ("2022;2023", "stated", 2, 2022, 2023),
        (" 2023 ; 2022;2022;", "stated", 2, 2022, 2023),
        ("all", "unbounded", None, None, None),
        ("2019;any", "unbounded", None, None, None),
        ("2015 to present", "unbounded", None, None, None),
        ("2019-2023", "not_a_year", None, None, None),
        ("2022,2023", "not_a_year", None, None, None),
        ("0000", "not_a_year", None, None, None),
        ("99999", "not_a_year", None, None, None),
        ("٢٠٢٢", "not_a_year", None, None, None),
        (";", "missing", None, None, None),
        (None, "missing", None, None, None),
    ],
)
def test_periods_are_years(
    periods: str | None, form: str, count: int | None, earliest: int | None, latest: int | None
) -> None:
    found = facts(taxable_periods=periods)
    assert [found[f"period{name}"] for name in ("s_form", "s_count", "_earliest", "_latest")] == [
        form,
        count,
        earliest,
        latest,
    ]


@pytest.mark.parametrize(
    ("statute", "form", "kind"),
    [
        ("18 U.S.C. 1343", "one_citation", "criminal"),
        ("26 U.S.C. 7201", "one_citation", "tax"),
        ("8 U.S.C. 1231", "one_citation", "unlisted"),
        ("18 U.S.C. 1343; 18 U.S.C. 1344", "not_a_citation", "not_specific"),
        ("wire fraud", "not_a_citation", "not_specific"),
        (None, "missing", None),
    ],
)
def test_a_statute_is_one_citation(statute: str | None, form: str, kind: str | None) -> None:
    found = facts(statute=statute)
    assert (found["statute_form"], found["statute_class"]) == (form, kind)


@pytest.mark.parametrize(
    ("ground", "kind"),
    [
        ("8 U.S.C. 1227(a)(1)(B)", "deportable"),
        ("8 U.S.C. 1182(a)(6)(A)", "unlisted"),
        ("overstay", "unlisted"),
        (None, None),
    ],
)
def test_a_ground_is_read_by_the_vocabulary(ground: str | None, kind: str | None) -> None:
    assert fact("order_ground_class", removal_order_ground=ground) == kind


@pytest.mark.parametrize(
    ("items", "counts"),
    [
        ("last_known_address", (1, 0, 0, 0, 0)),
        ("last_known_address;form_1040; phone ;all_addresses;spleen", (5, 1, 1, 1, 1)),
        ("phone;phone", (1, 0, 1, 0, 0)),
        (";;", (0, None, None, None, None)),
        (None, (0, None, None, None, None)),
    ],
)
def test_items_are_counted_by_their_class(items: str | None, counts: tuple[int | None, ...]) -> None:
    found = facts(items_requested=items)
    names = (
        "items_count",
        "items_of_return",
        "items_outside_identity",
        "items_beyond_profile",
        "items_unknown",
    )
    assert tuple(found[name] for name in names) == counts


@pytest.mark.parametrize("text", ["True", "TRUE", "yes", "1", "on", "x", "truefalse", None])
def test_only_the_word_true_attests(text: str | None) -> None:
    assert fact("sole_use_attested", sole_use_attested=text) is None
    assert fact("sole_use_attested", sole_use_attested="true") is True
    assert fact("sole_use_attested", sole_use_attested=" false ") is False


@pytest.mark.parametrize(
    ("uses", "declared"),
    [
        ("none", False),
        ("N/A", False),
        ("-", False),
        (None, False),
        ("various", True),
        ("all cases", True),
        ("see above", True),
        ("civil removal", True),
        ("none, except removal", True),
    ],
)
def test_a_further_use_is_declared_by_whatever_is_not_plainly_none(uses: str | None, declared: bool) -> None:
    assert fact("other_uses_declared", other_uses=uses) is declared


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("form", "form"),
        ("signatory_capacity",) * 2,
        ("matter_stage",) * 2,
        ("pending_relief",) * 2,
        ("failure_limb",) * 2,
        ("automated_analysis",) * 2,
    ],
)
def test_codes_are_exact(column: str, name: str) -> None:
    for value in CATALOGUE[name].values:
        assert fact(name, CONTEXT, **{column: f" {value} "}) == value
        assert fact(name, CONTEXT, **{column: value.swapcase()}) is None
    assert fact(name, CONTEXT, **{column: "other things"}) is None


def test_the_context_that_is_given_is_the_one_that_counts() -> None:
    asked = request()
    assert row_facts(asked, CONTEXT, VOCABULARY).facts["order_in_force"] is False
    assert row_facts(asked, ordered(None), VOCABULARY).facts["order_in_force"] is True
    assert row_facts(asked, CONTEXT, VOCABULARY).facts["order_in_force"] is False
    assert row_facts(asked, CONTEXT, VOCABULARY).facts["review_year"] == date(2026, 3, 1).year


CELL = (
    st.none()
    | st.sampled_from(
        [None, *COMPLETE.values(), "see attached", "Unknown Address", "Mary", "17 Oak Ave Apt 4"]
    )
    | st.text(max_size=12)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[CELL] * (len(COLUMNS) - 1)), min_size=1, max_size=8))
def test_requests_side_by_side_show_what_each_shows_alone(rows: list[tuple[str | None, ...]]) -> None:
    requests = [Request(str(row % 3), *texts) for row, texts in enumerate(rows)]
    observer = Observer(CONTEXT, VOCABULARY)
    seen = observer.observe([[getattr(each, name) for each in requests] for name in COLUMNS])
    told = [list(column) for column in (*seen.parts, *seen.keys)]
    for place, asked in enumerate(requests):
        alone = row_facts(asked, CONTEXT, VOCABULARY)
        facts: dict[str, FactValue] = {}
        for part, column in zip(observer.parts, told, strict=False):
            facts |= part.read(*column[place])
        assert facts == alone.facts
        assert tuple(column[place] for column in told[len(observer.parts) :]) == alone.keys
