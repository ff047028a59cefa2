"""What a recipient hands in: notices, reports, plans, certificates and incidents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow.agency.door import codes_of
from wicketgate.flow.agency.duties import ABOUT_ONE, KINDS, Handed, OpenFinding, documents_of, open_findings
from wicketgate.flow.agency.duties import document as load
from wicketgate.flow.agency.duties import hand_in as keep
from wicketgate.flow.recall import Certificate
from wicketgate.flow.work.refusals import IncompleteError, UnknownRequestError
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency.document_fields import ACTIONS, FIELDS, labels
from wicketgate.web.views.agency.words import KINDS as NAMES
from wicketgate.web.views.agency.words import LEADS, OUTCOMES
from wicketgate.web.views.handle_field import HandleField


class DocumentForm(forms.Form):
    """A document of one kind."""

    def __init__(
        self,
        kind: str,
        agencies: Iterable[str],
        data: Any = None,
        *,
        findings: Iterable[OpenFinding] = (),
        **words: Any,
    ) -> None:
        super().__init__(data, **words)
        self.kind = kind
        self.fields["agency"] = forms.ChoiceField(
            label=gettext_lazy("For"), choices=[(each, each) for each in agencies]
        )
        if kind in ABOUT_ONE:
            self.fields["handle"] = HandleField(
                label=gettext_lazy("Number of the request"),
                help_text=gettext_lazy("Whose package was picked up, such as WG-2B3C-4D5F-6G7H."),
            )
        self.fields |= FIELDS[kind]()
        if kind == "corrective_plan":
            self.fields["finding"].choices = [  # type: ignore[attr-defined]
                ("", "—"),
                *((each.number, f"{each.number} · {each.agency}: {each.finding[:100]}") for each in findings),
            ]
        if kind == "destruction":
            for name in ("key", "jws"):
                self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Each action of a plan has its day, and each day its action."""
        found: dict[str, Any] = super().clean() or {}
        if self.kind == "corrective_plan":
            for number in range(1, ACTIONS + 1):
                if number > 1 and bool(found.get(f"action_{number}")) != bool(found.get(f"due_{number}")):
                    self.add_error(f"action_{number}", _("An action and its day belong together."))
        return found

    def handed(self, officer: str) -> Handed:
        """What is handed in."""
        found = dict(self.cleaned_data)
        items = []
        for number in range(1, ACTIONS + 1) if self.kind == "corrective_plan" else ():
            action, due = found.pop(f"action_{number}"), found.pop(f"due_{number}")
            if action and due:
                items.append((str(action), due))
        agency, handle = found.pop("agency"), found.pop("handle", None)
        if self.kind == "destruction":
            words = (found["copies"], found["media"], found["method"], found["destroyed_on"])
            signed = Certificate(handle, officer, *words, found["key"], found["jws"])
            return Handed(self.kind, agency, {}, handle, certificate=signed)
        body = {name: _text(value) for name, value in found.items() if value not in (None, "")}
        return Handed(self.kind, agency, body, handle, items)


def _text(value: Any) -> str:
    if hasattr(value, "tzinfo"):
        return str(value.astimezone(UTC).isoformat())
    return value.isoformat() if isinstance(value, date) else str(value)


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """What was handed in, and what can be."""
    actor = actor_of(request)
    before = request.GET.get("before")
    if before is not None and not (before.isdecimal() and len(before) < 19):
        raise IncompleteError("The address of this page is not one of ours; begin at the first page.")
    found, after = documents_of(gate(), actor.agency or "", int(before) if before else None)
    shown = {
        "documents": [(each, NAMES[each.document.kind], _outcome(each.document.outcome)) for each in found],
        "kinds": [(kind, NAMES[kind], LEADS[kind]) for kind, roles in KINDS.items() if actor.role in roles],
        "first": reverse("agency_duties") if before else "",
        "next": f"?before={after}" if after else "",
    }
    return render(request, "agency/duties.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, document: str) -> HttpResponse:
    """Write one document of a kind and hand it in."""
    kind, actor = document, actor_of(request)
    if kind not in KINDS or actor.role not in KINDS[kind]:
        raise Http404
    agencies = codes_of(gate(), actor.agency or "")
    initial = {"agency": actor.agency, "handle": request.GET.get("request", "")}
    findings = open_findings(gate(), actor.agency or "") if kind == "corrective_plan" else ()
    form = DocumentForm(kind, agencies, request.POST or None, findings=findings, initial=initial)
    if form.is_valid():
        try:
            number = keep(gate(), actor, form.handed(signed_in(request).officer))
        except UnknownRequestError as error:
            form.add_error("handle", str(error))
        except IncompleteError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Document %s is handed in.") % number)
            return redirect("agency_document", number=number)
    shown = {
        "form": form,
        "kind": kind,
        "name": NAMES[kind],
        "lead": LEADS[kind],
        "officer": signed_in(request).officer,
    }
    return render(request, "agency/hand_in.html", shown, status=WRONG if form.errors else 200)


@require_safe
def document(request: HttpRequest, number: int) -> HttpResponse:
    """One document of the agency, with the reply."""
    view = load(gate(), actor_of(request).agency or "", number)
    return render(request, "agency/document.html", about(view))


def about(view: Any) -> dict[str, Any]:
    """What every page of a document shows."""
    found = view.document
    named = labels(found.kind)
    hours, allowed = view.reported_after, view.times.incident
    return {
        "view": view,
        "document": found,
        "name": NAMES[found.kind],
        "outcome": _outcome(found.outcome),
        "lines": [
            (named.get(name, name), text) for name, text in found.body.items() if isinstance(text, str)
        ],
        "hours": None if hours is None else f"{hours.total_seconds() / 3600:.1f}",
        "allowed": None if allowed is None else f"{allowed.total_seconds() / 3600:g}",
    }


def _outcome(outcome: str | None) -> Any:
    return OUTCOMES[outcome] if outcome else _("Waits for the Office of Safeguards")
