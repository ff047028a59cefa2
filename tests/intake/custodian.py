"""A custodian and a small authority for tests of facts, apart from any real statute."""

from __future__ import annotations

from datetime import date

from tests.intake.files import COMPLETE
from wicketgate.core.citation import Citation
from wicketgate.core.context import Agency, Context, Order
from wicketgate.core.facts import FactValue
from wicketgate.core.request import Request
from wicketgate.law import Vocabulary
from wicketgate.law.vocabulary import Entry
from wicketgate.stages.facts import SetKeys, row_facts

VOCABULARY = Vocabulary(
    scope=(Citation.parse("26 U.S.C. 6103(i)(2)"),),
    statutes=(
        Entry(18, Citation.parse("18 U.S.C. 2"), Citation.parse("18 U.S.C. 2725"), "criminal", "fraud"),
        Entry(26, None, None, "tax", "none"),
    ),
    grounds=(Entry(8, Citation.parse("8 U.S.C. 1227(a)"), None, "deportable", "none"),),
    items={
        "last_known_address": "profile",
        "all_addresses": "beyond_profile",
        "form_1040": "return",
        "phone": "outside_identity",
    },
    phrases={
        "locate": ("to locate", "locate", "find the subject", "whereabouts"),
        "general": ("law enforcement purposes", "for", "the", "of", "subject", "official business"),
        "civil": ("removal proceedings", "civil enforcement"),
        "willfulness": ("refused to board", "knowingly", "did not report"),
        "other_document": ("see attached", "as above", "cover letter"),
    },
)
DAY = date(2026, 3, 1)


def agency(
    code: str, parent: str | None = None, notice: date | None = None, *, federal: bool = True
) -> Agency:
    level = "component" if parent else "department"
    return Agency(code, code, federal, level, "accepted", parent, notice)  # type: ignore[arg-type]


AGENCIES = {
    found.code: found
    for found in (
        agency("DHS", notice=date(2026, 3, 1)),
        agency("DHS-ICE", "DHS", notice=date(2026, 3, 2)),
        agency("DHS-ICE-HSI", "DHS-ICE"),
        agency("DOJ"),
        agency("TX-DPS", federal=False),
        agency("LOST", "NOWHERE"),
    )
}
CONTEXT = Context(DAY, AGENCIES)


def ordered(code: str | None, start: date = DAY) -> Context:
    return Context(DAY, AGENCIES, orders=(Order("D.D.C.", "1", "custodian", start, code),))


def request(**changes: str | None) -> Request:
    return Request.from_mapping({**COMPLETE, **changes})


def facts(context: Context = CONTEXT, /, **changes: str | None) -> dict[str, FactValue]:
    return row_facts(request(**changes), context, VOCABULARY).facts


def fact(name: str, context: Context = CONTEXT, /, **changes: str | None) -> FactValue:
    return facts(context, **changes)[name]


def keys(**changes: str | None) -> SetKeys:
    return row_facts(request(**changes), CONTEXT, VOCABULARY).keys
