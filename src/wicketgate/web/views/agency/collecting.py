"""The recipient officer's pages: packages that wait, one pick-up, and the word that it came.

What is handed out is sealed. It opens in the officer's own browser with the officer's own key; neither the
key nor what is inside ever comes here.
"""

from __future__ import annotations

import base64
import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency import collect
from wicketgate.flow.agency.collect import Turn
from wicketgate.flow.agency.signing import offer_pick_up, signed_pick_up_of
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.paging import begins
from wicketgate.web.views.agency.words import STATUSES


@require_safe
def packages(request: HttpRequest) -> HttpResponse:
    """The packages that were sealed to this officer."""
    officer = signed_in(request).officer
    shown: dict[str, object] = {"officer": officer}
    if officer:
        after = begins(request.GET.get("after"), _TURN)
        turn = Turn(after[0] == "1", int(after[1]), int(after[2])) if after else None
        page = collect.packages(gate(), actor_of(request), officer, turn)
        shown |= {
            "packages": [(each, STATUSES[each.seen.status]) for each in page.packages],
            "first": reverse("agency_packages") if after else "",
            "next": f"?after={'-'.join(map(str, map(int, page.after)))}" if page.after else "",
        }
    return render(request, "agency/packages.html", shown)


_TURN = re.compile("([01])-([0-9]{1,17})-([0-9]{1,17})")


@require_safe
def package(request: HttpRequest, handle: Handle) -> HttpResponse:
    """One package: until when it waits, and how it is picked up."""
    found = collect.package(gate(), actor_of(request), signed_in(request).officer, handle)
    shown = {"package": found, "seen": found.seen, "status": STATUSES[found.seen.status], "handle": handle}
    if found.waits:
        unsigned, document = offer_pick_up(gate(), handle, found.seen.key_id or "")
        shown |= {"unsigned": unsigned, "document": document, "signed_only": gate().signed_only}
    return render(request, "agency/package.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def pick_up(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Hand the sealed package out, once: to the page's own script, or as a file where there is none."""
    if request.method != "POST":
        return redirect("agency_package", handle=handle)
    signed = signed_pick_up_of(request.POST.dict())
    found = collect.collect(gate(), actor_of(request), signed_in(request).officer, handle, signed)
    share = base64.urlsafe_b64encode(found.share).decode().rstrip("=")
    answer = JsonResponse({"handle": str(handle), "jwe": found.jwe, "share": share})
    answer.headers["Content-Disposition"] = f'attachment; filename="{handle}.package.json"'
    return answer


@require_POST
def acknowledge(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Keep the officer's word that the package came and opened."""
    digest = request.POST.get("digest", "")
    if collect.acknowledge(gate(), actor_of(request), signed_in(request).officer, handle, digest):
        messages.success(request, _("Your acknowledgement of %s is on record.") % handle)
    return redirect("agency_packages")
