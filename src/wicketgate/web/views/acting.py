"""How every page of an act works: show the request, take what was written, do it, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wicketgate.core.identifiers import Handle
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.work.case import CaseView
from wicketgate.flow.work.case import case as load
from wicketgate.flow.work.onward import onward
from wicketgate.flow.work.refusals import (
    ConfirmationError,
    IncompleteError,
    NotAllowedError,
    OvertakenError,
    RotationError,
    SuspendedError,
    WorkRefusedError,
)
from wicketgate.web.gates import actor_of, gate, kin
from wicketgate.web.views.case import about
from wicketgate.web.words import STATES

WRONG = 422
"""The status of a page that shows what is missing in what was sent."""


_HEADINGS = {
    OvertakenError.code: gettext_lazy("Somebody else was first"),
    SuspendedError.code: gettext_lazy("Disclosure is suspended"),
    RotationError.code: gettext_lazy("Another person takes this one"),
}


class Reasons(forms.Form):
    """The words that go with an act, and what the page showed when they were written."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    dissents = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("They are kept with the request and in the ledger. Write no address here."),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of act: its words and the acts of the table that it offers."""

    template: str
    title: Promise
    acts: tuple[str, ...]


def opened(request: HttpRequest, handle: Handle, page: Page) -> CaseView:
    """The request as this person sees it. Raises `NotAllowedError` when none of the acts is theirs now."""
    view = load(gate(), actor_of(request), handle, kin())
    found = [act for act in view.acts if act.act in page.acts]
    if not any(act.why_not is None for act in found):
        why_not = next((act.why_not for act in found if act.why_not), None)
        raise NotAllowedError(why_not or _("There is nothing of this kind to do on %s now.") % handle)
    return view


def begun(view: CaseView) -> dict[str, int]:
    """What the hidden fields of `Reasons` say of the page as it is shown now."""
    return {"version": view.version, "dissents": len(view.dissents)}


def shown(
    request: HttpRequest,
    page: Page,
    view: CaseView,
    form: forms.BaseForm,
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an act, with its form."""
    words = {**about(view, request), "form": form, "title": page.title, **(more or {})}
    return render(request, page.template, words, status=status)


def done(
    request: HttpRequest,
    handle: Handle,
    act: Callable[[], object],
    said: str,
    again: Callable[[str], HttpResponse],
) -> HttpResponse:
    """Do the act, let the gate do its part, and go back to the request; `again` shows the form anew.

    A slip of the pen leads back to the form with everything that was written; whoever was overtaken gets
    a page that says by what, and their own words to keep.
    """
    try:
        act()
    except (IncompleteError, ConfirmationError) as error:
        return again(str(error))
    except (OvertakenError, SuspendedError, RotationError) as error:
        return overtaken(request, handle, error)
    messages.success(request, said)
    follow(request, handle)
    return redirect("case", handle=handle)


def follow(request: HttpRequest, handle: Handle) -> None:
    """The gate's own part after a person's act; what it cannot do now stays for later."""
    try:
        state = onward(gate(), handle)
    except (*REFUSALS, WorkRefusedError) as error:
        messages.warning(request, _("Your act is on record. The gate's own part waits: %s") % error)
        return
    if state is not None:
        messages.info(request, _("The request is now: %s.") % STATES[state])


def overtaken(request: HttpRequest, handle: Handle, error: WorkRefusedError) -> HttpResponse:
    """409: somebody else was first, or an order, or it is another person's turn; no words are lost."""
    written = [
        value
        for name, values in request.POST.lists()
        for value in values
        if name == "reasons" or name.endswith("words")
        if value.strip()
    ]
    return render(
        request,
        "desk/overtaken.html",
        {
            "heading": _HEADINGS[error.code],
            "sentence": str(error),
            "handle": handle,
            "written": written,
        },
        status=409,
    )
