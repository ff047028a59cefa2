"""Every fact of the catalogue in words, for pages that people read."""

from __future__ import annotations

from typing import Final

from wicketgate.core.catalogue import ADDRESS_CODES, address_fact

NOUNS: Final[dict[str, str]] = {
    "authority_provision": "the provision that is cited",
    "form": "the form of the request",
    "agency": "the agency's code in the directory",
    "agency_root": "the department to which the agency belongs",
    "agency_level": "the level of the agency",
    "agency_safeguards": "the state of the agency's safeguards",
    "signatory_capacity": "the capacity of the signatory",
    "signature_age_days": "the number of days since the signature",
    "name_form": "the form of the person's name",
    "tin_form": "the form of the identification number",
    "birth_date_form": "the form of the birth date",
    **{address_fact(code): f"the finding {code} on the address" for code in ADDRESS_CODES},
    "periods_form": "the form of the periods",
    "periods_count": "the number of periods",
    "period_earliest": "the earliest period",
    "period_latest": "the latest period",
    "review_year": "the year of the review",
    "reviewed_on": "the day of the review",
    "statute_form": "the form of the statute's citation",
    "statute_class": "the class of the cited statute",
    "statute_family": "the family of the cited statute",
    "matter_stage": "the stage of the matter",
    "reasons_words": "the number of words in the reasons",
    "items": "the items asked for",
    "items_count": "the number of items asked for",
    "items_of_return": "the number of items classed as return",
    "items_outside_identity": "the number of items classed as outside identity",
    "items_beyond_profile": "the number of items classed as beyond profile",
    "items_unknown": "the number of items of no known class",
    "officers_count": "the number of officers named",
    "automated_analysis": "the automated analysis",
    "days_since_order_final": "the number of days since the order became final",
    "order_ground_class": "the class of the order's ground",
    "failure_limb": "the limb of the offense",
    "pending_relief": "the pending relief",
    "prior_removal_on": "the day of the prior removal",
    "entry_on": "the day of the entry",
    "reasons_repeat_count": "the number of requests with the same reasons",
    "officer_requests_max": "the highest number of open requests of an officer named",
    "person_address_count": "the number of addresses with which this person is asked for",
    "address_person_count": "the number of persons asked for at this address",
    "matter_person_count": "the number of persons under this matter",
}
"""Facts that are no sentences as nouns, to be followed by "is", or by "are" when a list."""

CLAIMS: Final[dict[str, tuple[str, str]]] = {
    "authority_within_scope": (
        "an authority within the scope is cited",
        "no authority within the scope is cited",
    ),
    "agency_federal": ("the agency is Federal", "the agency is not Federal"),
    "automated_analysis_notified": (
        "a notice of automated analysis is acknowledged",
        "no notice of automated analysis is acknowledged",
    ),
    "order_in_force": ("a court's order is in force", "no court's order is in force"),
    "signatory_named": ("the signatory is named", "the signatory is not named"),
    "delegation_stated": ("a delegation is stated", "no delegation is stated"),
    "names_one_person": ("the name is that of one person", "more than one person is named"),
    "relies_on_other_document": (
        "the request points to another document",
        "the request points to no other document",
    ),
    "address_judged": ("the address could be judged", "the address could not be judged"),
    "matter_identified": ("the matter is identified", "the matter is not identified"),
    "reasons_placeholder": ("the reasons are a placeholder", "the reasons are no placeholder"),
    "reasons_generic": ("the reasons could be said of anybody", "the reasons are not such as fit anybody"),
    "reasons_locate_only": (
        "the reasons speak of locating the person only",
        "the reasons go beyond locating the person",
    ),
    "reasons_civil_purpose": (
        "the reasons show a civil purpose",
        "the reasons show no civil purpose",
    ),
    "reasons_willfulness": (
        "the reasons state a fact from which willfulness could follow",
        "the reasons state no fact from which willfulness could follow",
    ),
    "reasons_necessity": (
        "the reasons say why less information would not do",
        "the reasons do not say why less information would not do",
    ),
    "reasons_role": (
        "the reasons say who the person is in the matter",
        "the reasons do not say who the person is in the matter",
    ),
    "officers_individual": ("every officer is a named person", "not every officer is a named person"),
    "officers_of_agency": (
        "every officer belongs to the requesting agency",
        "not every officer belongs to the requesting agency",
    ),
    "sole_use_attested": ("sole use is attested", "sole use is denied"),
    "other_uses_declared": ("a further use is declared", "no further use is declared"),
}
"""Boolean facts as sentences: when true, when false."""
