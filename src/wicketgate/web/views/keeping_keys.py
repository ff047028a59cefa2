"""The book of agencies' keys: one person here registers a key, another confirms it, any ends it."""

from __future__ import annotations

import re

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import official_keys
from wicketgate.flow.agency_signing import registration_of
from wicketgate.flow.official_keys import ActRefusedError, Place
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.paging import begins
from wicketgate.web.views.acting import WRONG

_PLACE = re.compile(r"([01])-([0-9]{1,18})-([0-9a-f]{64})")
LARGEST = 16 * 1024
"""Bytes of a registration."""
USES = {
    "sign": gettext_lazy("signs requests, pick-ups and certificates"),
    "receive": gettext_lazy("receives packages"),
    "connect": gettext_lazy("connects an agency's system"),
}
STATUSES = {
    "handed_in": gettext_lazy("handed in: nobody has looked at it"),
    "registered": gettext_lazy("registered: waits for a second person"),
    "confirmed": gettext_lazy("in use"),
    "revoked": gettext_lazy("revoked"),
}


class Registered(forms.Form):
    """A registration as its holder handed it in."""

    registration = forms.FileField(
        label=gettext_lazy("The registration"),
        max_length=200,
        help_text=gettext_lazy(
            "registration.json of wicketgate agency keygen. Make sure by another way that it is theirs:"
            " call them, and compare the key's name."
        ),
    )

    def clean_registration(self) -> official_keys.Registration:
        """The registration in the file."""
        file = self.cleaned_data["registration"]
        assert isinstance(file, UploadedFile)  # noqa: S101 - declared above
        try:
            if (file.size or 0) > LARGEST:
                raise ValueError(file.size)  # noqa: TRY301 - the same answer as for every other fault
            return registration_of(file.read().decode("utf-8"))
        except ValueError:
            raise forms.ValidationError(_("This file is no registration of a key.")) from None


class Ending(forms.Form):
    """Why a key ends."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons for ending it"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("To revoke a key needs reasons.")},
        help_text=gettext_lazy("The key counts for nothing from this moment; what was done under it stays."),
    )


@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """One page of the keys that wait and of those in use."""
    after = _place(request.GET.get("after"))
    found, end = official_keys.book(gate(), actor_of(request), after)
    waiting = [each for each in found if each.status != "confirmed"]
    used = [each for each in found if each.status == "confirmed"]
    shown = {
        "waiting": waiting,
        "used": used,
        "uses": USES,
        "statuses": STATUSES,
        "first": reverse("keys") if after else "",
        "next": f"?after={end.used:d}-{end.since}-{end.key_id.removeprefix('sha256:')}" if end else "",
    }
    return render(request, "keys/book.html", shown)


def _place(after: str | None) -> Place | None:
    found = begins(after, _PLACE)
    return Place(found[0] == "1", int(found[1]), f"sha256:{found[2]}") if found else None


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a key that its holder handed in outside of the API."""
    form = Registered(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            key_id = official_keys.register_key(gate(), actor_of(request), form.cleaned_data["registration"])
        except ActRefusedError as error:
            form.add_error("registration", str(error))
        else:
            messages.success(request, _("The key is registered. Somebody else must confirm it."))
            return redirect("key", key_id)
    return render(request, "keys/register.html", {"form": form}, status=WRONG if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One key: register what was handed in, confirm what another registered, or end it."""
    actor = actor_of(request)
    found = official_keys.one_key(gate(), actor, key)
    if found is None:
        raise Http404
    act, ending, problem = request.POST.get("act", ""), Ending(), ""
    if request.method == "POST":
        try:
            if act == "register":
                official_keys.register_offered(gate(), actor, key)
            elif act == "confirm":
                official_keys.confirm_key(gate(), actor, key)
            else:
                act, ending = "revoke", Ending(request.POST)
                if ending.is_valid():
                    official_keys.revoke_key(gate(), actor, key, ending.cleaned_data["reasons"])
        except ActRefusedError as error:
            problem = str(error)
        else:
            if not ending.errors:
                messages.success(request, _DONE[act])
                return redirect("key", key)
    shown = {
        "key": found,
        "use": USES.get(found.use, found.use),
        "status": STATUSES.get(found.status, found.status),
        "mine": found.registered_by == actor.handle,
        "ending": ending,
        "problem": problem,
    }
    return render(request, "keys/key.html", shown, status=WRONG if problem or ending.errors else 200)


_DONE = {
    "register": gettext_lazy("The key is registered. Somebody else must confirm it."),
    "confirm": gettext_lazy("The key is confirmed and in use."),
    "revoke": gettext_lazy("The key is revoked."),
}
