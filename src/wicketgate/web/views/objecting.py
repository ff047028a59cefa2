"""Dissents: an officer objects for ever, and whoever proceeds answers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work import dissent as dissenting
from wicketgate.flow.work.case import CaseView
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.notices import Notice, tell
from wicketgate.web.views.acting import WRONG, Page, begun, done, opened, shown

_DISSENT = Page("desk/act.html", gettext_lazy("Attach a dissent"), ("dissent",))
_ANSWER = Page("desk/act.html", gettext_lazy("Answer a dissent"), ("answer dissent",))


class Statement(forms.Form):
    """The objection."""

    reasons = forms.CharField(
        label=gettext_lazy("Your objection"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Say what is wrong and why. Write no address here."),
    )


class AnswerForm(forms.Form):
    """Which dissent, and why the disclosure proceeds against it."""

    number = forms.TypedChoiceField(label=gettext_lazy("Dissent"), coerce=int, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=gettext_lazy("Why the disclosure proceeds against it"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, view: CaseView, *arguments: object, **words: object) -> None:
        super().__init__(*arguments, **words)  # type: ignore[arg-type]
        number = self.fields["number"]
        assert isinstance(number, forms.ChoiceField)  # noqa: S101 - declared above
        number.choices = [
            (each.number, f"{each.officer}: {each.statement[:120]}")
            for each in view.dissents
            if each.answer is None
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def dissent(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Attach a dissent."""
    view = opened(request, handle, _DISSENT)
    form = Statement(request.POST or None)
    more = {
        "button": _("Attach it for good"),
        "lead": _(
            "Nobody can remove or change a dissent, you included. The inspector sees it, its digest is in the"
            " ledger, and whoever proceeds against it must record why."
        ),
    }

    def again(problem: str) -> HttpResponse:
        form.add_error("reasons", problem)
        return shown(request, _DISSENT, view, form, more, WRONG)

    if not form.is_valid():
        return shown(request, _DISSENT, view, form, more, WRONG if form.errors else 200)
    actor = actor_of(request)
    answer = done(
        request,
        handle,
        lambda: dissenting.dissent(gate(), actor, handle, form.cleaned_data["reasons"]),
        _("Your dissent is attached to %s.") % handle,
        again,
    )
    if answer.status_code == 302:
        acted = {step.who for step in view.timeline}
        tell(Notice.DISSENT, handle, people=acted, but=actor.handle)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def answer_dissent(request: HttpRequest, handle: Handle) -> HttpResponse:
    """Say why the disclosure proceeds against a dissent that came after the approval."""
    view = opened(request, handle, _ANSWER)
    form = AnswerForm(view, request.POST or None, initial=begun(view))
    more = {
        "button": _("Record the answer"),
        "lead": _("Until it is answered nothing is released. Nobody answers their own dissent."),
    }

    def again(problem: str) -> HttpResponse:
        form.add_error("reasons", problem)
        return shown(request, _ANSWER, view, form, more, WRONG)

    if not form.fields["number"].choices:  # type: ignore[attr-defined]
        messages.info(request, _("Every dissent on %s is answered.") % handle)
        return redirect("case", handle=handle)
    if not form.is_valid():
        return shown(request, _ANSWER, view, form, more, WRONG if form.errors else 200)
    sent = form.cleaned_data
    return done(
        request,
        handle,
        lambda: dissenting.answer_dissent(gate(), actor_of(request), handle, sent["number"], sent["reasons"]),
        _("The dissent on %s is answered.") % handle,
        again,
    )
