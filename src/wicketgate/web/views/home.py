"""The first page after signing in: what waits for you, what is late, what stands still, and your doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wicketgate.flow.work.queue import Number
from wicketgate.flow.work.queue import home as what_waits
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.layout import NAVIGATION
from wicketgate.web.roles import may_open
from wicketgate.web.views.agency.cards import Card, agency_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    role = signed_in(request).gate_role
    doors = [door for door in NAVIGATION if door.name != "home" and may_open(role, door.name)]
    cards = _cards(request) if may_open(role, "queue") else agency_cards(request)
    return render(request, "home.html", {"cards": cards, "doors": doors, "takes": may_open(role, "take")})


@require_safe
def proved(request: HttpRequest) -> HttpResponse:
    """Where a fresh proof ends that was asked for in another tab."""
    return render(request, "proved.html")


def _cards(request: HttpRequest) -> tuple[Card, ...]:
    found, queue = what_waits(gate(), actor_of(request)), reverse("queue")
    return (
        Card(_("Wait for your role"), Number(found.waiting), queue),
        Card(_("Taken by you"), found.mine, f"{queue}?claimed=me"),
        Card(_("Late"), found.late, f"{queue}?clock=late", pressing=found.late.n > 0),
        Card(_("Due soon"), found.soon, f"{queue}?clock=soon"),
        Card(_("Clock stands still"), found.stopped, f"{queue}?clock=stopped"),
    )
