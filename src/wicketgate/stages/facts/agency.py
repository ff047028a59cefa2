"""What the custodian's directory says about the requesting agency."""

from __future__ import annotations

from wicketgate.core.context import Context
from wicketgate.core.facts import FactValue


def agency_facts(code: str | None, context: Context) -> dict[str, FactValue]:
    """The facts about an agency; all unknown when the directory does not know it or its parents.

    An order that binds everybody holds for an unknown agency too.
    """
    line = context.line(code) if code else ()
    ordered = bool(context.orders_for(code or ""))
    if not line:
        return _UNKNOWN | {"order_in_force": True} if ordered else _UNKNOWN
    agency = context.agencies[line[0]]
    notice = agency.automated_analysis_notice
    return {
        "agency": agency.code,
        "agency_root": line[-1],
        "agency_federal": agency.federal,
        "agency_level": agency.level,
        "agency_safeguards": agency.safeguards,
        "automated_analysis_notified": notice is not None and notice <= context.as_of,
        "order_in_force": ordered,
    }


_UNKNOWN: dict[str, FactValue] = dict.fromkeys(
    (
        "agency",
        "agency_root",
        "agency_federal",
        "agency_level",
        "agency_safeguards",
        "automated_analysis_notified",
        "order_in_force",
    )
)
