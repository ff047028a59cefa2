"""Counsel determines what was referred: every open element with reasons, against the request or for it."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.core.identifiers import Handle
from wicketgate.flow.work.case import CaseView, Element
from wicketgate.flow.work.determine_referral import reject_referral, resolve_referral
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG, Page, begun, done, opened, shown

_PAGE = Page(
    "desk/determine.html", gettext_lazy("Determine the referral"), ("reject referral", "resolve referral")
)
_AGAINST, _FOR = "reject", "resolve"


class Determination(forms.Form):
    """Reasons for each open element, and which way they go."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    dissents = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        choices=[(_AGAINST, _AGAINST), (_FOR, _FOR)], widget=forms.HiddenInput, required=False
    )

    def __init__(self, view: CaseView, *arguments: object, **words: object) -> None:
        super().__init__(*arguments, **words)  # type: ignore[arg-type]
        self.open = open_elements(view)
        for number, element in enumerate(self.open):
            self.fields[f"point-{number}-words"] = forms.CharField(
                label=f"{element.code} – {element.title}",
                required=False,
                max_length=10_000,
                help_text=f"{element.citation}: {element.message}",
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def said(self) -> list[tuple[str, str]]:
        """(code, reasons) of the elements about which something was said."""
        found = [
            (element.code, self.cleaned_data[f"point-{number}-words"])
            for number, element in enumerate(self.open)
        ]
        return [(code, words) for code, words in found if words]


def open_elements(view: CaseView) -> list[Element]:
    """The elements that wait for counsel, each code once."""
    return list({each.code: each for each in view.elements if each.standing == "refer"}.values())


@require_http_methods(["GET", "HEAD", "POST"])
def determine(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The page on which counsel determines a referral."""
    view = opened(request, handle, _PAGE)
    form = Determination(view, request.POST or None, initial=begun(view))

    def again(problem: str) -> HttpResponse:
        form.add_error(None, problem)
        return shown(request, _PAGE, view, form, status=WRONG)

    if not form.is_valid():
        return shown(request, _PAGE, view, form, status=WRONG if form.errors else 200)
    sent, actor = form.cleaned_data, actor_of(request)
    if sent["way"] == _FOR:
        return done(
            request,
            handle,
            lambda: resolve_referral(gate(), actor, handle, sent["version"], form.said(), sent["dissents"]),
            _("You determined the referral of %s in the request's favour.") % handle,
            again,
        )
    return done(
        request,
        handle,
        lambda: reject_referral(gate(), actor, handle, sent["version"], form.said()),
        _("You determined the referral of %s against the request.") % handle,
        again,
    )
