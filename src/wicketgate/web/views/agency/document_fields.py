"""The fields of each kind of document that an agency hands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

ACTIONS = 5
"""Rows for actions on the page of a plan."""
Fields = dict[str, forms.Field]


def _line(label: Any, hint: Any = "", *, required: bool = True) -> forms.Field:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=300)


def _prose(label: Any, hint: Any = "", *, required: bool = True) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=10_000, widget=widget)


def _day(label: Any, hint: Any = "", *, required: bool = True) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


def _choice(label: Any, options: Mapping[str, Any]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=[("", "—"), *options.items()])


PRACTICES = {
    "cloud": _("Cloud computing"),
    "contractor": _("Access by contractors"),
    "virtualisation": _("Virtual machines or data warehouse"),
    "live_data_testing": _("Testing with live data"),
    "modelling": _("Modelling"),
    "other": _("Something else"),
}
ENDED = {
    "returned": _("Returned to the custodian with all copies"),
    "made_undisclosable": _("Made undisclosable"),
    "kept_under_safeguards": _("Kept under the same safeguards"),
}
MEDIA = {
    "electronic": _("Electronic"),
    "removable": _("On removable media"),
    "backup": _("In backups"),
    "paper": _("On paper"),
}
METHODS = {"clear": _("Cleared"), "purge": _("Purged"), "destroy": _("Destroyed")}


def _notice() -> Fields:
    return {
        "system": _line(_("Name of the system")),
        "purpose": _prose(_("What is to be analysed, and for what")),
        "begins_on": _day(_("Begins on")),
        "safeguards": _prose(_("How it is kept apart and who sees the results")),
    }


def _practice() -> Fields:
    return {
        "practice": _choice(_("Practice"), PRACTICES),
        "description": _prose(_("What is planned")),
        "begins_on": _day(_("Begins on"), _("Weeks ahead; the document's page says whether in time.")),
    }


def _report() -> Fields:
    return {
        "from": _day(_("From")),
        "to": _day(_("To")),
        "statement": _prose(_("How what was received was recorded, kept, seen and disposed of")),
        "changes": _prose(_("What has changed since the last report"), required=False),
    }


def _plan() -> Fields:
    fields: Fields = {"finding": _choice(_("The finding that is answered"), {})}
    for number in range(1, ACTIONS + 1):
        fields[f"action_{number}"] = _line(format_lazy(_("Action {}"), number), required=number == 1)
        fields[f"due_{number}"] = _day(format_lazy(_("Action {} done by"), number), required=number == 1)
    return fields


def _training() -> Fields:
    return {
        "from": _day(_("From")),
        "to": _day(_("To")),
        "people": forms.IntegerField(label=_("People with access"), min_value=0, max_value=10_000_000),
        "trained": forms.IntegerField(label=_("People who were trained"), min_value=0, max_value=10_000_000),
    }


def _retention() -> Fields:
    return {"on": _day(_("As of")), "statement": _prose(_("What is still kept, where, why, and until when"))}


def _use_ended() -> Fields:
    return {
        "ended_on": _day(_("Use ended on")),
        "what": _choice(_("What was done"), ENDED),
        "words": _prose(_("Remarks"), required=False),
    }


def _destruction() -> Fields:
    return {
        "copies": forms.IntegerField(label=_("Copies that were destroyed"), min_value=1, max_value=1_000_000),
        "media": _choice(_("On what"), MEDIA),
        "method": _choice(_("How"), METHODS),
        "destroyed_on": _day(_("Destroyed on")),
    }


def _incident() -> Fields:
    return {
        "discovered_at": forms.DateTimeField(
            label=_("Discovered at (UTC)"),
            help_text=_("The clock for reporting it begins here."),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        ),
        "what": _prose(_("What happened"), _("Name no taxpayer here. The numbers of requests are enough.")),
        "contained": _prose(_("What was done about it"), required=False),
        "reported_to": _line(_("Reported to others too"), required=False),
    }


FIELDS: Mapping[str, Callable[[], Fields]] = {
    "automated_analysis_notice": _notice,
    "practice_notice": _practice,
    "safeguards_report": _report,
    "corrective_plan": _plan,
    "training": _training,
    "retention": _retention,
    "use_ended": _use_ended,
    "destruction": _destruction,
    "incident": _incident,
}


def labels(kind: str) -> dict[str, Any]:
    """What the fields of a kind are called."""
    named = {name: field.label for name, field in FIELDS[kind]().items()}
    return {**named, "handle": _("Number of the request"), "officer": _("Officer")}
