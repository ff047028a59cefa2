"""People's own accounts: taken down by one person, decided by another, released as a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import account as flow
from wicketgate.flow.account import DECIDES, AccountRefusedError
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.handle_field import HandleField

_ACT = require_http_methods(["GET", "HEAD", "POST"])


class Ask(forms.Form):
    """The number of a request about the person, and how they showed who they are."""

    handle = HandleField(
        label=gettext_lazy("Number of a request about the person"),
        help_text=gettext_lazy("It stands in the notice that the person was sent. Nobody is sought by name."),
    )
    identified_by = forms.CharField(
        label=gettext_lazy("How the person showed who they are"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The kind of proof and where it is kept; write no name and no person's number."
        ),
    )
    reasons = forms.CharField(
        label=gettext_lazy("What they ask, and why it is taken down"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Decide(forms.Form):
    """Release or refuse, with reasons."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("release", gettext_lazy("Release the account")),
            ("refuse", gettext_lazy("Refuse it for now")),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"), choices=[("en", "English"), ("es", "Español")]
    )
    words = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Every question, the newest first."""
    actor = actor_of(request)
    shown = {
        "accounts": flow.questions(gate()),
        "decides": actor.role is DECIDES,
        "me": actor.handle,
    }
    return render(request, "accounts/accounts.html", shown)


@_ACT
def ask(request: HttpRequest) -> HttpResponse:
    """Take a question down."""
    form = Ask(request.POST or None)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            number = flow.ask_account(
                gate(),
                actor_of(request),
                sent["handle"],
                sent["identified_by"],
                sent["reasons"],
            )
        except AccountRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Question %d is taken down; another person decides on it.") % number)
            return redirect("accounts")
    return render(request, "accounts/ask.html", {"form": form}, status=WRONG if form.errors else 200)


@_ACT
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide on a question; the letter is there for whoever hands it over."""
    found = next((each for each in flow.questions(gate()) if each.number == number), None)
    if found is None:
        raise Http404
    form = Decide(request.POST or None, initial={"language": "en"})
    if form.is_valid():
        try:
            _decided(request, number, form.cleaned_data)
        except AccountRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Account %d is decided.") % number)
            return redirect("accounts")
    shown = {"form": form, "account": found}
    return render(request, "accounts/decide.html", shown, status=WRONG if form.errors else 200)


@require_safe
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """The letter of a released account."""
    found = flow.released_letter(gate(), number)
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="account-{number}.pdf"'}
    return HttpResponse(found, content_type="application/pdf", headers=headers)


def _decided(request: HttpRequest, number: int, sent: dict[str, Any]) -> None:
    actor = actor_of(request)
    if sent["decision"] == "release":
        flow.release_account(gate(), actor, number, sent["words"], sent["language"])
    else:
        flow.refuse_account(gate(), actor, number, sent["words"])
