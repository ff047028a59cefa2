"""The first page after signing in: what waits for you, what is late, and what stands still."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wicketgate.web.gates import signed_in
from wicketgate.web.roles import may_open
from wicketgate.web.views.agency.cards import agency_cards
from wicketgate.web.views.cards import Cards, office_cards


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    role = signed_in(request).gate_role
    if role is not None and role.of_agency:
        groups: tuple[Cards, ...] = (Cards(_("What waits"), agency_cards(request)),)
    else:
        groups = office_cards(request)
    shown = {
        "groups": [each for each in groups if each.cards],
        "takes": may_open(role, "take"),
    }
    return render(request, "home.html", shown)


@require_safe
def proved(request: HttpRequest) -> HttpResponse:
    """Where a fresh proof ends that was asked for in another tab."""
    return render(request, "proved.html")
