"""The custodian's Office of Safeguards reads what agencies hand in, and accepts or returns it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow.agency.duties import DutyRefusedError, answer, handed_in, one_handed_in
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency.reporting import about
from wicketgate.web.views.agency.words import KINDS as NAMES
from wicketgate.web.views.agency.words import OUTCOMES


class Reply(forms.Form):
    """Accepted or returned, with words, and until when it counts."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your reply"),
        choices=[
            ("accepted", gettext_lazy("Accepted: it is acknowledged and counts from now on")),
            ("returned", gettext_lazy("Returned: something is missing")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Words to the agency"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    counts_until = forms.DateField(
        label=gettext_lazy("Counts until"),
        required=False,
        help_text=gettext_lazy("Empty: as long as the house rule says."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """What agencies have handed in, the newest first; with `reply=none` what nobody has answered."""
    before = request.GET.get("before")
    if before is not None and not (before.isdecimal() and len(before) < 19):
        raise IncompleteError("The address of this page is not one of ours; begin at the first page.")
    unanswered = request.GET.get("reply") == "none"
    narrowed = "reply=none" if unanswered else ""
    found, after = handed_in(
        gate(), actor_of(request), int(before) if before else None, unanswered=unanswered
    )
    shown = {
        "documents": [
            (
                each,
                NAMES[each.document.kind],
                OUTCOMES.get(each.document.outcome or "", _("Waits for a reply")),
            )
            for each in found
        ],
        "unanswered": unanswered,
        "first": f"{reverse('handed_in')}?{narrowed}" if before else "",
        "next": f"?before={after}&{narrowed}" if after else "",
    }
    return render(request, "agency/handed_in.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, number: int) -> HttpResponse:
    """One document, and the reply to it."""
    view = one_handed_in(gate(), actor_of(request), number)
    form = Reply(request.POST or None)
    if form.is_valid():
        found = form.cleaned_data
        try:
            answer(gate(), actor_of(request), number, found["outcome"], found["words"], found["counts_until"])
        except (IncompleteError, DutyRefusedError) as error:
            form.add_error("words" if isinstance(error, IncompleteError) else None, str(error))
        else:
            messages.success(request, _("Your reply to document %s is on record.") % number)
            return redirect("handed_in")
    shown = {**about(view), "form": form}
    return render(request, "agency/handed_in_document.html", shown, status=WRONG if form.errors else 200)
