"""The book of safeguards: how each agency stands, findings and visits, and incidents with their clocks."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import incidents as incident_flow
from wicketgate.flow import safeguards as book
from wicketgate.flow.incidents import CHOICES, DECIDED, IncidentRefusedError, IncidentView
from wicketgate.flow.safeguards import SafeguardsRefusedError
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.roles import may_open
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency_field import AgencyField
from wicketgate.web.words import CONTEXT, DUTIES, STEPS

_ACT = require_http_methods(["GET", "HEAD", "POST"])
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_PROSE = forms.Textarea(attrs={"rows": 4})


class Keep(forms.Form):
    """From which day an agency is kept in the book."""

    since = forms.DateField(
        label=gettext_lazy("From this day on"),
        widget=_DAY,
        help_text=gettext_lazy("From then on, what is missing or overdue closes the agency's door."),
    )


class Find(forms.Form):
    """What a review found."""

    finding = forms.CharField(
        label=gettext_lazy("What was found"),
        widget=_PROSE,
        max_length=book.LONGEST,
        help_text=gettext_lazy("The agency reads it. Name no taxpayer."),
    )
    plan_due_on = forms.DateField(
        label=gettext_lazy("A corrective plan is accepted by"),
        widget=_DAY,
        help_text=gettext_lazy("After this day the door is closed until one is."),
    )


class Visit(forms.Form):
    """A review on the spot."""

    done_on = forms.DateField(label=gettext_lazy("Day of the visit"), widget=_DAY)
    report = forms.CharField(label=gettext_lazy("What was reviewed"), widget=_PROSE, max_length=book.LONGEST)


class Close(forms.Form):
    """Why a finding is closed."""

    words = forms.CharField(
        label=gettext_lazy("How you know that it is mended"), widget=_PROSE, max_length=book.LONGEST
    )


class Begin(forms.Form):
    """An incident as soon as it is suspected."""

    agency = AgencyField(label=gettext_lazy("Agency"))
    discovered_at = forms.DateTimeField(
        label=gettext_lazy("Discovered at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("The clocks of its steps begin here."),
    )
    what = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=_PROSE,
        max_length=incident_flow.LONGEST,
        help_text=gettext_lazy("Name no taxpayer. The numbers of requests are enough."),
    )
    document = forms.IntegerField(
        label=gettext_lazy("Number of the agency's own report"), required=False, min_value=1
    )


class Take(forms.Form):
    """What was done in a step."""

    words = forms.CharField(
        label=gettext_lazy("What was done, when and by whom"), widget=_PROSE, max_length=incident_flow.LONGEST
    )


class Decide(Take):
    """Whether affected people are told: nothing is chosen beforehand."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Are the affected people told?"),
        choices=[
            ("notify", gettext_lazy("Yes, they are told")),
            ("do not notify", gettext_lazy("No, they are not told")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("choice", "words")


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """How every agency stands, and the incidents."""
    standings = book.standings(gate())
    shown = {
        "agencies": [
            (each, each.next_due, DUTIES[each.next_due[1]] if each.next_due else "", CONTEXT[each.context])
            for each in standings
            if each.watched
        ],
        "others": [(each, CONTEXT[each.context]) for each in standings if not each.watched],
        "today": gate().clock.now().date(),
        "incidents": incident_flow.all_of(gate()),
        "begins": _may(request, "begin_incident"),
    }
    return render(request, "safeguards/agencies.html", shown)


@require_safe
def agency(request: HttpRequest, agency: str) -> HttpResponse:
    """One agency: what it owes, findings, visits."""
    found = _file(agency)
    today = gate().clock.now().date()
    duties = [
        (DUTIES[each.kind], each.met_until, each.met_until is not None and each.met_until >= today)
        for each in found.standing.duties
    ]
    shown = {
        "file": found,
        "standing": found.standing,
        "duties": duties,
        "keeps": _may(request, "keep_safeguards"),
        "me": actor_of(request).handle,
    }
    return render(request, "safeguards/agency.html", shown)


@_ACT
def keep(request: HttpRequest, agency: str, act: str) -> HttpResponse:
    """Keep an agency in the book, record a finding, or record a visit."""
    code = _file(agency).standing.code
    acts: dict[str, tuple[type[forms.Form], str, Callable[[dict[str, object]], object]]] = {
        "keep": (
            Keep,
            _("Keep %s in the book") % code,
            lambda sent: book.keep(gate(), actor_of(request), code, **sent),  # type: ignore[arg-type]
        ),
        "find": (
            Find,
            _("Record a finding about %s") % code,
            lambda sent: book.find(gate(), actor_of(request), code, **sent),  # type: ignore[arg-type]
        ),
        "visit": (
            Visit,
            _("Record a visit to %s") % code,
            lambda sent: book.visited(gate(), actor_of(request), code, sent["done_on"], sent["report"]),  # type: ignore[arg-type]
        ),
    }
    if act not in acts:
        raise Http404
    made, title, do = acts[act]
    return _done(request, made(request.POST or None), title, do, reverse("safeguards_agency", args=[code]))


@_ACT
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a finding that somebody else recorded."""
    about, title = "", _("Close finding %d") % number
    try:
        about = book.open_finding(gate(), number).finding
    except SafeguardsRefusedError:
        if request.method != "POST":  # whoever answers too late is told so on the form
            raise Http404 from None

    def do(sent: dict[str, object]) -> None:
        book.close_finding(gate(), actor_of(request), number, str(sent["words"]))

    return _done(request, Close(request.POST or None), title, do, reverse("safeguards"), about)


@_ACT
def begin(request: HttpRequest) -> HttpResponse:
    """Record an incident."""

    def do(sent: dict[str, object]) -> None:
        incident_flow.begin(gate(), actor_of(request), **sent)  # type: ignore[arg-type]

    form = Begin(request.POST or None)
    return _done(request, form, _("Record an incident"), do, reverse("safeguards"))


@require_safe
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """An incident with its clocks and the words to begin with."""
    view = _incident(number)
    words, role = incident_flow.texts(gate(), view), actor_of(request).role
    lines = [
        (each, STEPS[each.step], words.get(each.step), each.taken is None and each.role is role)
        for each in view.clocks
    ]
    shown = {"view": view, "incident": view.incident, "lines": lines, "names": list(incident_flow.STEPS)}
    return render(request, "safeguards/incident.html", shown)


@_ACT
def step(request: HttpRequest, number: int, index: int) -> HttpResponse:
    """Take one step of an incident, by its place among the steps."""
    _incident(number)
    names = list(incident_flow.STEPS)
    if index >= len(names):
        raise Http404
    name = names[index]
    form = (Decide if name == DECIDED else Take)(request.POST or None)

    def do(sent: dict[str, object]) -> None:
        choice = str(sent["choice"]) if sent.get("choice") in CHOICES else None
        incident_flow.take(gate(), actor_of(request), number, name, str(sent["words"]), choice)

    return _done(request, form, STEPS[name], do, reverse("incident", args=[number]))


def _done(
    request: HttpRequest,
    form: forms.Form,
    title: object,
    do: Callable[[dict[str, object]], object],
    back: str,
    about: str = "",
) -> HttpResponse:
    """A form, its act, and back; what is refused stands in the form."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except (SafeguardsRefusedError, IncidentRefusedError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is on record."))
            return redirect(back)
    shown = {"form": form, "title": title, "back": back, "about": about}
    return render(request, "safeguards/act.html", shown, status=WRONG if form.errors else 200)


def _file(code: str) -> book.AgencyFile:
    try:
        return book.agency_file(gate(), code)
    except SafeguardsRefusedError:
        raise Http404 from None


def _incident(number: int) -> IncidentView:
    try:
        return incident_flow.one(gate(), number)
    except IncidentRefusedError:
        raise Http404 from None


def _may(request: HttpRequest, door: str) -> bool:
    return may_open(getattr(request.user, "gate_role", None), door)
