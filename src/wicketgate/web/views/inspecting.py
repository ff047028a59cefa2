"""The inspector's desk: requests by handle, opened for a purpose, shapes, evidence and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.flow.inspect import desk
from wicketgate.flow.inspect.bundle import bundle as bundled
from wicketgate.flow.inspect.desk import MOST_MEMBERS, Asked, Group
from wicketgate.flow.inspect.opening import LONGEST, SHORTEST, disclosed_address, open_request
from wicketgate.flow.work.refusals import IncompleteError
from wicketgate.web.csv_answer import csv_answer
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.plots import Bar, bars
from wicketgate.web.views.acting import WRONG

SHAPES: Mapping[str, tuple[Promise, Promise, Promise]] = {
    "officers": (
        gettext_lazy("Officers engaged in very many matters"),
        gettext_lazy("The law allows officers who are personally and directly engaged. Matters per officer."),
        gettext_lazy("Matters"),
    ),
    "reasons": (
        gettext_lazy("The same reasons again and again"),
        gettext_lazy("Reasons that are the same once the person's name, numbers and signs are left out."),
        gettext_lazy("Requests"),
    ),
    "addresses": (
        gettext_lazy("One address for several people"),
        gettext_lazy("Different people who were asked for at the same address."),
        gettext_lazy("People"),
    ),
    "speed": (
        gettext_lazy("Judged in less than two minutes"),
        gettext_lazy("From the claim, or from the officer's judgement before it where that came later."),
        gettext_lazy("Judgements"),
    ),
    "overridden": (
        gettext_lazy("Referrals that counsel set aside"),
        gettext_lazy("The rules or an examiner would not let these pass, and a person did."),
        gettext_lazy("Requests"),
    ),
    "dissents": (
        gettext_lazy("Dissents"),
        gettext_lazy("Officers' objections, and whether the request went on against them."),
        gettext_lazy("Dissents"),
    ),
    "denied": (
        gettext_lazy("Acts that were refused"),
        gettext_lazy("Somebody tried what their role, the table of steps or a guard does not allow."),
        gettext_lazy("Attempts"),
    ),
    "opened": (
        gettext_lazy("Requests opened for oversight"),
        gettext_lazy("Who opened what a request says, and for what."),
        gettext_lazy("Openings"),
    ),
    "unclaimed": (
        gettext_lazy("Acts without a case"),
        gettext_lazy("Officers who acted on a request that they had never taken."),
        gettext_lazy("Acts"),
    ),
}
"""Of each shape its name, what it is, and what is counted."""
DAYS = (30, 90, 365, 3650)
_SHOWN = 100
_ANONYMOUS = frozenset({"reasons", "addresses"})
"""Shapes whose groups have no name that could be shown without opening a request."""


class Opening(forms.Form):
    """For what a request is opened."""

    purpose = forms.CharField(
        label=gettext_lazy("For what do you open it?"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "It is an entry of the ledger before you see anything. Write no name and no address here."
        ),
    )
    disclosed = forms.BooleanField(
        label=gettext_lazy("Also what was disclosed about the person"),
        required=False,
    )


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The desk: one request by its handle, and shapes that warrant a look."""
    actor, problem, status = actor_of(request), "", 200
    written = request.GET.get("handle", "").strip().upper()
    if written:
        try:
            return redirect("inspect_case", Handle(written))
        except ValueError:
            problem, status = _("%s is not the number of a request.") % written[:40], WRONG
    found = desk.counts(gate(), actor)
    shown = {
        "problem": problem,
        "written": written[:40],
        "shapes": [(name, *SHAPES[name][:2], number) for name, number in found.items()],
        "plot": bars(
            "shapes",
            _("What warrants a look, by shape"),
            [Bar(str(SHAPES[name][0]), number, str(number)) for name, number in found.items()],
        ),
        "days": desk.DAYS,
    }
    return render(request, "inspect/home.html", shown, status=status)


@require_safe
def one_shape(request: HttpRequest, shape: str) -> HttpResponse:
    """One shape: a plot, its groups, and the requests behind them."""
    name, asked = shape, _asked(request, shape)
    found = desk.shape(gate(), actor_of(request), asked, most=_SHOWN)
    title, told, unit = SHAPES[name]
    rows = [(_named(name, each, number), each) for number, each in enumerate(found.groups, 1)]
    shown = {
        "name": name,
        "title": title,
        "told": told,
        "unit": unit,
        "asked": asked,
        "least": asked.at_least(),
        "agencies": desk.agencies(gate()),
        "days": DAYS,
        "groups": [
            (label, each, _query(replace(asked, sign=each.sign)), each.sign == asked.sign)
            for label, each in rows
        ],
        "members": found.members,
        "words": any(each.told for each in found.members),
        "full": len(found.members) == _SHOWN,
        "query": _query(asked),
        "all": _query(replace(asked, sign="")),
        "plot": bars(
            "groups", str(title), [Bar(label, each.number, f"{each.number:,}") for label, each in rows]
        ),
    }
    return render(request, "inspect/shape.html", shown)


@require_safe
def export(request: HttpRequest, shape: str) -> HttpResponseBase:
    """The requests of a shape as CSV: handles, and nothing that a request says of a person."""
    found = desk.shape(gate(), actor_of(request), _asked(request, shape), most=MOST_MEMBERS)
    rows = ((each.handle, each.agency, each.state, each.at.isoformat()) for each in found.members)
    return csv_answer(f"{shape}.csv", ("handle", "agency", "state", "at"), rows)


@require_safe
def case(request: HttpRequest, handle: Handle) -> HttpResponse:
    """One request as the inspector sees it before it is opened."""
    view = desk.overview(gate(), actor_of(request), handle)
    return render(request, "inspect/case.html", {"view": view})


@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: HttpRequest, handle: Handle) -> HttpResponse:
    """State a purpose; then the request is open for an hour, on record."""
    actor, form = actor_of(request), Opening(request.POST or None)
    view = desk.overview(gate(), actor, handle)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            open_request(gate(), actor, handle, sent["purpose"], disclosed=sent["disclosed"])
        except IncompleteError as error:
            form.add_error(None, str(error))
        else:
            return redirect("inspect_disclosed" if sent["disclosed"] else "case", handle)
    shown = {"view": view, "form": form}
    return render(request, "inspect/open.html", shown, status=WRONG if form.errors else 200)


@require_safe
def disclosed(request: HttpRequest, handle: Handle) -> HttpResponse:
    """What was disclosed, for an inspector whose purpose covers it; else the way to say one."""
    found = disclosed_address(gate(), actor_of(request), handle)
    if found is None:
        return redirect("inspect_open", handle)
    lines = [text for text in found.values() if text]
    return render(request, "inspect/disclosed.html", {"handle": handle, "lines": lines})


@require_safe
def bundle(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The evidence about an opened request, to be checked offline."""
    headers = {"Content-Disposition": f'attachment; filename="{handle}-evidence.zip"'}
    made = bundled(gate(), actor_of(request), [handle])
    return HttpResponse(made, content_type="application/zip", headers=headers)


def _asked(request: HttpRequest, name: str) -> Asked:
    """The filters; what is no filter is left out. Raises `Http404` for a shape that is none."""
    if name not in SHAPES:
        raise Http404
    sent = request.GET
    if not (sent.get("agency", "") + sent.get("group", "")).isprintable():
        raise IncompleteError("The address of this page is not one of ours; begin at the first page.")
    least = sent.get("least", "")
    days = sent.get("days", "")
    return Asked(
        name,
        int(days) if days in map(str, DAYS) else desk.DAYS,
        sent.get("agency", "")[:20],
        sent.get("group", "")[:16],
        min(int(least), 10_000) if least.isdecimal() and len(least) < 6 else None,
    )


def _query(asked: Asked) -> str:
    found: dict[str, Any] = {"days": asked.days, "agency": asked.agency, "group": asked.sign}
    if asked.least is not None:
        found["least"] = asked.least
    return urlencode({name: value for name, value in found.items() if value != ""})


def _named(shape: str, group: Group, number: int) -> str:
    """What a group is called: an officer, or a number where only a request itself says more."""
    if shape not in _ANONYMOUS:
        return str(group.name)
    agencies = ", ".join(group.agencies)
    return _("Group %(n)d, %(agencies)s") % {"n": number, "agencies": agencies}
