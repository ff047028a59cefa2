"""What the first page says to people of an agency: what was answered, what waits for them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from wicketgate.flow.agency.collect import count_waiting
from wicketgate.flow.agency.requests import home as newest
from wicketgate.flow.work.queue import Number
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.roles import may_open
from wicketgate.web.views.agency.words import STATUSES
from wicketgate.web.views.cards import Card

_SHOWN = ("in_progress", "deficient", "no_disclosure", "disclosed", "picked_up")


def agency_cards(request: HttpRequest) -> tuple[Card, ...]:
    """Of the newest requests of the agency, or of the packages of an officer."""
    account = signed_in(request)
    role = account.gate_role
    if may_open(role, "agency_requests"):
        found, address = newest(gate(), actor_of(request).agency or ""), reverse("agency_requests")
        return tuple(
            Card(STATUSES[status], Number(found[status]), f"{address}?status={status}")
            for status in _SHOWN
            if status in found
        )
    if may_open(role, "agency_packages") and account.officer:
        waiting = count_waiting(gate(), actor_of(request), account.officer)
        waits = STATUSES["disclosed"]
        return (Card(waits, Number(waiting), reverse("agency_packages"), pressing=waiting > 0),)
    return ()
