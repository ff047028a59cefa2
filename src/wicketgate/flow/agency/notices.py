"""What the custodian knows of agencies beside its file: notices that it acknowledged."""

from __future__ import annotations

from dataclasses import replace

from wicketgate.core.context import Context
from wicketgate.flow.gate import Gate
from wicketgate.store import duties
from wicketgate.store.services import Service


def present_context(gate: Gate) -> Context:
    """The gate's context with every notice that the Office of Safeguards has acknowledged by now.

    A notice counts for the agency that gave it, and not for its components or parents.
    """
    with gate.acting(Service.INTAKE) as connection:
        noticed = duties.acknowledged_notices(connection)
    context = gate.context
    agencies = dict(context.agencies)
    for code, day in noticed.items():
        known = agencies.get(code)
        if known is not None and (
            known.automated_analysis_notice is None or day < known.automated_analysis_notice
        ):
            agencies[code] = replace(known, automated_analysis_notice=day)
    return replace(context, agencies=agencies)
