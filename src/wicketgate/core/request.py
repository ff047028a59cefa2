"""One request: one natural person, as the requesting agency wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """A row of a submission (interface: "A submission").

    Every field is the text that was received, or None where it was empty.
    Nothing is trimmed, corrected or completed here. The repr is the handle,
    so that a request in a log line or an exception shows no person.
    """

    request_id: str
    requesting_agency: str | None = None
    form: str | None = None
    authority_cited: str | None = None
    signatory_name: str | None = None
    signatory_capacity: str | None = None
    delegation_reference: str | None = None
    signed_on: str | None = None
    taxpayer_first_name: str | None = None
    taxpayer_middle_name: str | None = None
    taxpayer_last_name: str | None = None
    taxpayer_suffix: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_city: str | None = None
    address_state: str | None = None
    address_postal_code: str | None = None
    address_country: str | None = None
    taxpayer_tin: str | None = None
    taxpayer_birth_date: str | None = None
    taxable_periods: str | None = None
    statute: str | None = None
    matter_stage: str | None = None
    matter_number: str | None = None
    reasons: str | None = None
    items_requested: str | None = None
    engaged_officers: str | None = None
    sole_use_attested: str | None = None
    other_uses: str | None = None
    automated_analysis: str | None = None
    removal_order_final_on: str | None = None
    removal_order_court_final_on: str | None = None
    removal_order_ground: str | None = None
    failure_limb: str | None = None
    pending_relief: str | None = None
    prior_removal_on: str | None = None
    entry_on: str | None = None

    @classmethod
    def from_mapping(cls, row: Mapping[str, str | None]) -> Request:
        """Build from column texts; an empty or blank text is missing.

        Raises `ValueError` when the requester's own reference is missing and
        `TypeError` for a column that the interface does not have.
        """
        present = {name: text for name, text in row.items() if text is not None and text.strip()}
        if "request_id" not in present:
            raise ValueError("request_id is empty")
        return cls(**present)

    def as_mapping(self) -> dict[str, str]:
        """The stated columns only, in the interface's order."""
        return {name: text for name, text in zip(COLUMNS, _TEXTS(self), strict=True) if text is not None}

    def __repr__(self) -> str:
        return f"<Request {self.request_id}>"


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Request))
"""The interface's columns, in its order."""
_TEXTS = attrgetter(*COLUMNS)
