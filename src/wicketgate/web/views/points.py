"""Rows of a form, each about one element of the law, with the person's words about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wicketgate.flow.work.case import CaseView, Element

MOST = 12
"""Rows of one form; whoever finds more to say returns the request for these."""
_FREE = 3


class PointForm(forms.Form):
    """One element and what is said about it; an empty row says nothing."""

    code = forms.ChoiceField(label=_("Element"), required=False)
    words = forms.CharField(
        label=_("Your words about it"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, str]:
        """Both or neither."""
        found: dict[str, str] = super().clean() or {}
        if bool(found.get("code")) != bool((found.get("words") or "").strip()):
            missing = "words" if found.get("code") else "code"
            self.add_error(missing, _("An element and words about it belong together."))
        return found


def rows(request: HttpRequest, view: CaseView, asked: Iterable[str]) -> list[PointForm]:
    """The rows: those that the page's address asks for, and some free ones; bound when something was sent."""
    choices = choices_of(view.elements)
    known = {value for value, _label in choices}
    begun = [code for code in dict.fromkeys(asked) if code in known][:MOST]
    number = min(max(_FREE, len(begun) + 1), MOST)
    if request.method == "POST":
        sent = [name for name in request.POST if name.startswith("point-") and name.endswith("-code")]
        number = min(max(number, len(sent)), MOST)
    made = []
    for at in range(number):
        initial = {"code": begun[at]} if at < len(begun) else None
        form = PointForm(request.POST or None, prefix=f"point-{at}", initial=initial)
        code = form.fields["code"]
        assert isinstance(code, forms.ChoiceField)  # noqa: S101 - declared above
        code.choices = [("", _("Choose an element")), *choices]
        made.append(form)
    return made


def choices_of(elements: Iterable[Element]) -> list[tuple[str, str]]:
    """Every element of the law once, by code."""
    found: dict[str, str] = {}
    for element in elements:
        found.setdefault(element.code, f"{element.code} – {element.title}")
    return list(found.items())


def said(forms_: Sequence[PointForm]) -> list[tuple[str, str]]:
    """(code, words) of the rows that say something."""
    return [
        (form.cleaned_data["code"], form.cleaned_data["words"])
        for form in forms_
        if form.cleaned_data.get("code")
    ]
