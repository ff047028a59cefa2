"""Dissents: an officer objects for ever and signs it, and whoever proceeds answers."""

from __future__ import annotations

import json
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work import dissent as dissenting
from wicketgate.flow.work.case import CaseView
from wicketgate.flow.work.case import case as load
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.flow.work.signature import Assertion, Terms
from wicketgate.web.accounts.models import Account
from wicketgate.web.doors import NEVER, is_fresh, prove, proved_at
from wicketgate.web.gates import actor_of, gate, kin, signed_in
from wicketgate.web.notices import Notice, tell
from wicketgate.web.signing import NotSignedError, asked_for, assertion, has_passkeys
from wicketgate.web.views.acting import WRONG, Page, begun, done, opened, shown

_DISSENT = Page("desk/act.html", gettext_lazy("Attach a dissent"), ("dissent",))
_SIGN = Page("desk/sign.html", gettext_lazy("Sign your dissent"), ("dissent",))
_ANSWER = Page("desk/act.html", gettext_lazy("Answer a dissent"), ("answer dissent",))


_BY_GATE = "gate"


class Statement(forms.Form):
    """The objection, and its signature once it was asked for."""

    reasons = forms.CharField(
        label=gettext_lazy("Your objection"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Say what is wrong and why. Write no address here."),
    )
    credential = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    way = forms.ChoiceField(required=False, choices=[(_BY_GATE, _BY_GATE)], widget=forms.HiddenInput)


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
def dissent(request: HttpRequest, handle: Handle) -> HttpResponseBase:
    """Write a dissent, read it once more, and sign it: with a passkey, or on a fresh proof of identity."""
    view, account, actor = opened(request, handle, _DISSENT), signed_in(request), actor_of(request)
    form = Statement(request.POST or None)

    def again(problem: str) -> HttpResponse:
        form.add_error("reasons", problem)
        return _written(request, view, form)

    if not form.is_valid():
        return _written(request, view, form)
    sent = form.cleaned_data
    try:
        terms = dissenting.terms(gate(), actor, handle, sent["reasons"])
    except IncompleteError as error:
        return again(str(error))
    signed: Assertion | datetime
    if sent["credential"]:
        try:
            signed = assertion(account, terms.challenge, sent["credential"])
        except NotSignedError:
            form.add_error(None, _("Your passkey did not sign this text. Nothing was done; try again."))
            return _to_sign(request, view, form, account, terms)
    elif sent["way"] != _BY_GATE:
        return _to_sign(request, view, form, account, terms)
    elif not is_fresh(request):
        return prove(request, account)
    else:
        signed = proved_at(request) or NEVER
    answer = done(
        request,
        handle,
        lambda: dissenting.dissent(gate(), actor, handle, sent["reasons"], signed),
        _("Your dissent is attached to %s.") % handle,
        again,
    )
    if answer.status_code == 302:
        acted = {step.who for step in view.timeline}
        tell(Notice.DISSENT, handle, people=acted, but=actor.handle)
    return answer


def _written(request: HttpRequest, view: CaseView, form: Statement) -> HttpResponse:
    more = {
        "button": _("Go on to sign it"),
        "lead": _(
            "Nobody can remove or change a dissent, you included. The inspector sees it, its digest is in the"
            " ledger, and whoever proceeds against it must record why."
        ),
    }
    return shown(request, _DISSENT, view, form, more, WRONG if form.errors else 200)


def _to_sign(
    request: HttpRequest, view: CaseView, form: Statement, account: Account, terms: Terms
) -> HttpResponse:
    """The statement as it will stand, and the ways to sign it."""
    passkeys = has_passkeys(account)
    more = {
        "statement": form.cleaned_data["reasons"],
        "digest": terms.statement,
        "passkeys": passkeys,
        "asked": asked_for(account, terms.challenge) if passkeys else None,
    }
    return shown(request, _SIGN, view, form, more, WRONG if form.errors else 200)


@require_safe
def signature(request: HttpRequest, handle: Handle, number: int) -> HttpResponse:
    """A dissent with its signature as a file, to be checked without this gate."""
    dissents = load(gate(), actor_of(request), handle, kin()).dissents
    found = next((each for each in dissents if each.number == number), None)
    if found is None or found.signature is None:
        raise Http404
    file = {
        "statement": found.statement,
        "terms": found.terms,
        "signature": json.loads(found.signature),
    }
    return HttpResponse(
        json.dumps(file, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{handle}-dissent-{number}.json"'},
    )


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
