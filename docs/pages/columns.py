"""The columns of the files that go in: a submission, and a register directory."""

from __future__ import annotations

from docs.pages.markdown import code, page, table
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.identity import FLAGS
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake.rows import LONG_COLUMNS, Limits
from wicketgate.stages.intake.xml_names import NAMES
from wicketgate.stages.register_row import ADDRESS_COLUMNS, PERSON_COLUMNS

_SUBMISSION = {
    "request_id": "the requester's own reference, unique in the file; the only column that must be there",
    "requesting_agency": "agency code of the custodian's directory",
    "form": "",
    "authority_cited": "the disclosure authority, `26 U.S.C. 6103(i)(2)`",
    "signatory_name": "who signed",
    "signatory_capacity": "",
    "delegation_reference": "the instrument of delegation, if there is one",
    "signed_on": "date",
    "taxpayer_first_name": "one natural person",
    "taxpayer_middle_name": "",
    "taxpayer_last_name": "two surnames are one field, in order",
    "taxpayer_suffix": "Jr, Sr, II …",
    "address_line1": "the person's address as the requester holds it",
    "address_line2": "",
    "address_city": "",
    "address_state": "",
    "address_postal_code": "text, so that a leading zero stays",
    "address_country": "empty means the United States",
    "taxpayer_tin": "optional; never replaces the address",
    "taxpayer_birth_date": "optional; date",
    "taxable_periods": "years, `2022;2023`",
    "statute": "the criminal statute, `8 U.S.C. 1253(a)(1)(A)`",
    "matter_stage": "",
    "matter_number": "the matter's own number",
    "reasons": "the specific reasons for this person",
    "items_requested": "`last_known_address`; others are possible and are judged",
    "engaged_officers": "`Name|badge|agency;Name|badge|agency`",
    "sole_use_attested": "`true`, `false`",
    "other_uses": "any further use that the requester declares",
    "automated_analysis": "",
    "removal_order_final_on": "date; needed by particular statutes, like the columns below",
    "removal_order_court_final_on": "date, if a court reviewed the order",
    "removal_order_ground": "citation, `8 U.S.C. 1227(a)(1)(B)`",
    "failure_limb": "",
    "pending_relief": "",
    "prior_removal_on": "date",
    "entry_on": "date",
}
_PERSON = {
    "person_id": "the custodian's own name of the record",
    "tin": "nine digits, or empty",
    "first_name": "",
    "middle_name": "",
    "last_name": "must be there",
    "suffix": "",
    "birth_date": "date, or empty",
    "flags": "joined by `;`: " + ", ".join(map(code, FLAGS)) + ". A marked record is held back",
}
_ADDRESS = {
    "person_id": "of `persons`",
    "line1": "must be there",
    "line2": "",
    "city": "",
    "state": "",
    "postal_code": "",
    "country": "empty means the United States",
    "from_period": "first year for which it was filed; empty: unknown",
    "to_period": "last year; empty: still in use",
    "is_last_known": "`true` for at most one address of a person, else `false`",
}


def columns() -> str:
    """`reference/columns.md`."""
    limits = Limits()
    longer = ", ".join(code(name) for name in COLUMNS if name in LONG_COLUMNS)
    return page(
        "Columns",
        "Every value is text as it was written. Empty or blank means missing. Dates are ISO 8601 "
        "(`2026-03-01`).",
        "## A submission",
        "CSV (UTF-8, header row, commas), JSON Lines, Parquet or XLSX with these names, or XML with the "
        "element names of [the schema](submission.xsd). One row is one complete "
        "request about one person. An unknown column is refused by name; a missing optional column is "
        f"allowed. A cell holds at most {limits.cell:,} characters ({longer}: {limits.long_cell:,}; "
        f"`request_id`: {limits.reference}).",
        table(
            ("column", "XML element", "meaning"),
            [
                (name, code(NAMES[column]), sense)
                for column, (name, sense) in zip(COLUMNS, _rows(COLUMNS, _SUBMISSION), strict=True)
            ],
        ),
        "In XLSX the names stand in the first row of the only sheet. A whole number is taken as its digits "
        "and a day as its ISO date; a formula, an error and any other number cost their row, since they have "
        "no one exact text. In XML the elements of a request may stand in any order; a document type "
        "(DOCTYPE) is refused. Archives are never unpacked.",
        "## A register directory",
        "`persons.csv` or `persons.parquet`, and `addresses.csv` or `addresses.parquet`. One bad row refuses "
        "the whole directory: a wrong register is more dangerous than none.",
        table(("`persons`", "meaning"), _rows(PERSON_COLUMNS, _PERSON)),
        table(("`addresses`", "meaning"), _rows(ADDRESS_COLUMNS, _ADDRESS)),
    )


def _rows(names: tuple[str, ...], senses: dict[str, str]) -> list[tuple[str, str]]:
    if tuple(senses) != names:
        raise SystemExit(f"docs/pages/columns.py does not describe {', '.join(names)} in this order.")
    return [(code(name), senses[name] or _values(name)) for name in names]


def _values(name: str) -> str:
    return ", ".join(map(code, CATALOGUE[name].values)) if name in CATALOGUE else ""
