"""Every fact that intake can compute about a request: its name, type, bounds and sense.

An authority reads facts by these names and no others. Facts are computed in
`stages.facts`, once; what a citation, an item or a phrase *means* comes from the
authority's own vocabulary, so that no statute is spelled out here.
"""

from __future__ import annotations

from datetime import date

from wicketgate.core.facts import FactSpec

MANY = 100_000_000
"""Upper bound of every count."""
DAYS = 40_000
"""Upper bound of every span of days, about 110 years."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Bounds of every date."""
MOST_ENTRIES = 64
"""Upper bound of the entries of every list."""

ADDRESS_CODES: tuple[str, ...] = tuple(f"AD-{number:02d}" for number in range(1, 31))
"""What the address judge can say (law.md 1C and its continuation)."""
ADDRESS_VERDICTS = ("clear", "note", "refer", "defect")


def address_fact(code: str) -> str:
    """The fact that carries the judge's verdict for one code: ``AD-08`` is ``address_ad_08``."""
    return "address_" + code.lower().replace("-", "_")


def _text(name: str, *values: str, longest: int = 200) -> FactSpec:
    return FactSpec(name, "text", longest=longest, values=values)


def _count(name: str, maximum: int = MANY, minimum: int = 0) -> FactSpec:
    return FactSpec(name, "integer", minimum=minimum, maximum=maximum)


def _flag(name: str) -> FactSpec:
    return FactSpec(name, "boolean")


def _day(name: str) -> FactSpec:
    return FactSpec(name, "date", minimum=FIRST_DAY.toordinal(), maximum=LAST_DAY.toordinal())


def _list(name: str, *values: str, longest: int = 60) -> FactSpec:
    return FactSpec(name, "list", minimum=1, maximum=MOST_ENTRIES, longest=longest, values=values)


_SPECS: tuple[FactSpec, ...] = (
    # Who asks, how, and under what authority.
    _flag("authority_within_scope"),  # one of the cited authorities is, or lies within, the authority's own
    _text("authority_provision", longest=60),  # the vocabulary's name for it; "none", or "several"
    _text("form", "written", "oral", "electronic_query"),
    _text("agency", longest=40),  # code in the custodian's directory; unknown agencies have no such fact
    _text("agency_root", longest=40),  # the topmost parent's code
    _flag("agency_federal"),
    _text("agency_level", "department", "independent", "component"),
    _text("agency_safeguards", "accepted", "open_findings", "open_findings_with_accepted_plan"),
    _flag("automated_analysis_notified"),  # a notice is acknowledged on or before the day of review
    _flag("order_in_force"),  # a court order of the context suspends disclosure to this agency today
    _text(
        "signatory_capacity",
        "agency_head",
        "inspector_general",
        "attorney_general",
        "deputy_attorney_general",
        "associate_attorney_general",
        "assistant_attorney_general",
        "fbi_director",
        "dea_administrator",
        "us_attorney",
        "special_prosecutor",
        "strike_force_attorney",
        "component_head",
        "delegate",
        "other",
    ),
    _flag("signatory_named"),  # a natural person's name is given
    _flag("delegation_stated"),
    _count("signature_age_days", DAYS, -DAYS),  # days from the signature to the review; negative: future
    # One person.
    _text("name_form", "complete", "initial_only", "placeholder", "wildcard", "missing", "not_a_name"),
    _flag("names_one_person"),  # no second person, alias list or household in the name fields
    _flag("relies_on_other_document"),  # "see attached list", "as in the cover letter", "same as above"
    _text("tin_form", "absent", "plausible", "implausible"),
    _text("birth_date_form", "absent", "plausible", "implausible"),
    # The address, judged without any register.
    _flag("address_judged"),
    *(_text(address_fact(code), *ADDRESS_VERDICTS) for code in ADDRESS_CODES),
    # Periods.
    _text("periods_form", "stated", "missing", "unbounded", "not_a_year"),
    _count("periods_count", 1000),
    _count("period_earliest", 9999, 1),
    _count("period_latest", 9999, 1),
    _count("review_year", 9999, 1),
    _day("reviewed_on"),  # the day of the review
    # The statute and the matter.
    _text("statute_form", "one_citation", "missing", "not_a_citation"),
    _text("statute_class", "criminal", "civil", "tax", "not_specific", "unlisted"),
    _text("statute_family", longest=60),  # the vocabulary's name for statutes with rules of their own; "none"
    _text(
        "matter_stage",
        "investigation",
        "judicial_proceeding_preparation",
        "administrative_proceeding_preparation",
        "grand_jury",
    ),
    _flag("matter_identified"),  # a matter number that is not a placeholder
    # Reasons.
    _count("reasons_words", 1_000_000),
    _flag("reasons_placeholder"),
    _flag("reasons_generic"),  # nothing is left once the vocabulary's general phrases are taken out
    _flag("reasons_locate_only"),
    _flag("reasons_civil_purpose"),
    _flag("reasons_willfulness"),  # some fact from which willfulness could follow is alleged
    _flag("reasons_necessity"),  # it is said why less information would not do
    _flag("reasons_role"),  # it is said who the person is in the matter
    # What is asked for.
    _list("items"),  # the different items by the vocabulary's names; "unlisted" for what it does not list
    _count("items_count", 1000),
    _count("items_of_return", 1000),  # returns and what the taxpayer furnished
    _count("items_outside_identity", 1000),
    _count("items_beyond_profile", 1000),
    _count("items_unknown", 1000),
    # Who receives it and for what.
    _count("officers_count", 10_000),
    _flag("officers_individual"),  # each entry is name|badge|agency and names a person, not a unit
    _flag("officers_of_agency"),  # each belongs to the requesting agency or a component of it
    _flag("sole_use_attested"),
    _flag("other_uses_declared"),
    _text("automated_analysis", "none", "planned"),
    # Facts that particular statutes need.
    _count("days_since_order_final", DAYS, -DAYS),  # from the later of administrative and court finality
    _text("order_ground_class", longest=60),  # vocabulary class of the ground's citation; "unlisted"
    _text("failure_limb", "A", "B", "C", "D"),
    _text(
        "pending_relief",
        "none",
        "deferred_action",
        "stay",
        "withholding",
        "motion_to_reopen",
        "petition_for_review",
    ),
    _day("prior_removal_on"),
    _day("entry_on"),
    # Facts about the whole submission and the context's history.
    _count("reasons_repeat_count"),  # requests whose reasons are the same once names and numbers are removed
    _count("officer_requests_max"),  # the most open requests on any one of the engaged officers
    _count("person_address_count"),  # different addresses with which this person was asked for
    _count("address_person_count"),  # different persons asked for at this delivery point
    _count("matter_person_count"),  # different persons under this matter number
)

CATALOGUE: dict[str, FactSpec] = {spec.name: spec for spec in _SPECS}
"""All facts by name, in a stable order."""

SET_FACTS: tuple[str, ...] = (
    "reasons_repeat_count",
    "officer_requests_max",
    "person_address_count",
    "address_person_count",
    "matter_person_count",
)
"""Facts that need the other requests of the submission and the history."""
