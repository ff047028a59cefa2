"""The approver's decision, on a page of its own: blind, typed, on fresh proof; refusing is the first way."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work.decide import Confirmation, approve, refuse
from wicketgate.web.doors import NEVER, proved_at
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG, Page, Reasons, begun, done, opened, shown

_PAGE = Page("desk/decide.html", gettext_lazy("Refuse or approve"), ("refuse", "approve"))
_REFUSE, _APPROVE = "refuse", "approve"


class DecisionForm(Reasons):
    """The number as typed, reasons, and the button that was pressed."""

    typed = forms.CharField(
        label=gettext_lazy("Type the number of this request"),
        max_length=40,
        help_text=gettext_lazy("As it stands above, such as WG-2B3C-4D5F-6G7H. Paste nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "desk-typed"}),
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Needed for refusing, and for approving against a dissent. They stay inside."),
    )
    decision = forms.ChoiceField(
        choices=[(_REFUSE, _REFUSE), (_APPROVE, _APPROVE)], widget=forms.HiddenInput, required=False
    )
    field_order = ("typed", "reasons")


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The page of the decision."""
    view = opened(request, handle, _PAGE)
    form = DecisionForm(request.POST or None, initial=begun(view))

    more = {"ways": {act.act for act in view.acts if act.why_not is None}}

    def again(problem: str) -> HttpResponse:
        form.add_error(None, problem)
        return shown(request, _PAGE, view, form, more, WRONG)

    if not form.is_valid():
        return shown(request, _PAGE, view, form, more, WRONG if form.errors else 200)
    sent, actor = form.cleaned_data, actor_of(request)
    confirmation = Confirmation(sent["typed"], proved_at(request) or NEVER)
    if sent["decision"] == _APPROVE:
        return done(
            request,
            handle,
            lambda: approve(
                gate(), actor, handle, sent["version"], confirmation, sent["reasons"], sent["dissents"]
            ),
            _("You approved %s.") % handle,
            again,
        )
    return done(
        request,
        handle,
        lambda: refuse(gate(), actor, handle, sent["version"], confirmation, sent["reasons"]),
        _("You refused %s.") % handle,
        again,
    )
