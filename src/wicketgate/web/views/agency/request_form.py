"""The form of one request: a field for each column of the interface, with a hint where one helps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.request import COLUMNS, Request
from wicketgate.web.words import FIELDS

LARGEST = 64 * 1024
"""Bytes of a prepared request."""
_DATES = frozenset(name for name in COLUMNS if name.endswith("_on")) | {"taxpayer_birth_date"}
_LONG = {"reasons": 6, "other_uses": 2, "engaged_officers": 3}
_HINTS: Mapping[str, Promise] = {
    "request_id": gettext_lazy("Your own number for this request. It comes back in every answer."),
    "authority_cited": gettext_lazy("The provision that lets the custodian disclose."),
    "signatory_name": gettext_lazy("Whoever signs for the head of the agency."),
    "delegation_reference": gettext_lazy("The instrument, where somebody signs for another."),
    "taxpayer_last_name": gettext_lazy("Two surnames stand in one field, in their order."),
    "taxpayer_tin": gettext_lazy("It never takes the place of the address."),
    "address_line1": gettext_lazy("The person's own address as you hold it: number, street, unit."),
    "address_country": gettext_lazy("Empty means the United States."),
    "taxable_periods": gettext_lazy("Years, such as 2022;2023."),
    "statute": gettext_lazy("The provision that is enforced, as precisely as it can be cited."),
    "matter_number": gettext_lazy("The number of the matter in your own books."),
    "reasons": gettext_lazy(
        "The specific reasons for this one person. The same words for many people do not do."
    ),
    "items_requested": gettext_lazy("What you need, such as last_known_address."),
    "engaged_officers": gettext_lazy(
        "One on each line: name|badge|agency. The first receives the package, and nobody else can open it."
    ),
    "other_uses": gettext_lazy("Any other use that is planned. Leave it empty when there is none."),
    "automated_analysis": gettext_lazy(
        "Planned analysis by a program needs a notice to the Office of Safeguards first."
    ),
    "entry_on": gettext_lazy("Only where the statute that you enforce asks for it."),
}


class RequestForm(forms.Form):
    """One request. Nothing is judged here but what cannot be sent at all: the review judges."""

    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, agencies: Iterable[str] = (), **words: Any) -> None:
        super().__init__(data, **words)
        for _group, columns in FIELDS:
            for name, label in columns:
                self.fields[name] = _field(name, label, agencies)

    @property
    def groups(self) -> list[tuple[Promise, list[forms.BoundField]]]:
        """The fields in the order in which a person writes a request."""
        found = [(title, [self[name] for name, _label in columns]) for title, columns in FIELDS]
        return [found[2], found[0], found[1], *found[3:]]

    def request(self) -> Request:
        """What was written; empty fields are missing."""
        values = {name: _written(name, self.cleaned_data.get(name)) for name in COLUMNS}
        return Request.from_mapping(values)


def values_of(prepared: UploadedFile[bytes]) -> dict[str, str]:
    """The fields of a prepared request. Raises `ValidationError` for a file that is none."""
    wrong = _("This is not a prepared request: one line of JSON with the columns of the interface.")
    if (prepared.size or 0) > LARGEST:
        raise forms.ValidationError(wrong)
    try:
        found = json.loads(prepared.read().decode())
        if not isinstance(found, dict) or not all(
            name in COLUMNS and isinstance(text, str) for name, text in found.items()
        ):
            raise ValueError  # noqa: TRY301  # the same answer as for every other fault
    except (ValueError, RecursionError):
        raise forms.ValidationError(wrong) from None
    if "engaged_officers" in found:
        found["engaged_officers"] = "\n".join(found["engaged_officers"].split(";"))
    return found


def field_of(needs: Iterable[str]) -> str | None:
    """The field to mend where an element that needs these facts is not shown."""
    for need in needs:
        best = max((name for name in COLUMNS if need.startswith(name)), key=len, default=None)
        if best is not None:
            return best
        for part, name in _PARTS.items():
            if part in need:
                return name
    return None


_PARTS = {
    "address": "address_line1",
    "officer": "engaged_officers",
    "recipient": "engaged_officers",
    "reason": "reasons",
    "item": "items_requested",
    "period": "taxable_periods",
    "statute": "statute",
    "name": "taxpayer_last_name",
    "tin": "taxpayer_tin",
    "birth": "taxpayer_birth_date",
    "sign": "signatory_name",
    "matter": "matter_number",
    "use": "other_uses",
    "authority": "authority_cited",
    "agency": "requesting_agency",
    "final": "removal_order_final_on",
    "automated": "automated_analysis",
}
"""Facts whose names do not begin with a column: the column that they are mostly made of."""


def _field(name: str, label: Promise, agencies: Iterable[str]) -> forms.Field:
    words: dict[str, Any] = {"label": label, "required": name == "request_id"}
    words["help_text"] = _HINTS.get(name, "")
    if name == "requesting_agency":
        return forms.ChoiceField(choices=[(each, each) for each in agencies], **words)
    if name == "sole_use_attested":
        words["label"] = gettext_lazy(
            "What is disclosed is used solely for this matter, by the officers who are named."
        )
        return forms.BooleanField(**words)
    if name in CATALOGUE and CATALOGUE[name].type == "text" and CATALOGUE[name].values:
        options = [(value, value.replace("_", " ").capitalize()) for value in CATALOGUE[name].values]
        return forms.ChoiceField(choices=[("", "—"), *options], **words)
    if name in _DATES:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **words)
    if name in _LONG:
        attributes: dict[str, Any] = {"rows": _LONG[name]}
        return forms.CharField(max_length=10_000, widget=forms.Textarea(attrs=attributes), **words)
    longest = 200 if name == "request_id" else 1_000
    attributes = {"autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(max_length=longest, widget=forms.TextInput(attrs=attributes), **words)


def _written(name: str, value: Any) -> str | None:
    if name == "sole_use_attested":
        return "true" if value else "false"
    if value is None:
        return None
    if name == "engaged_officers":
        return ";".join(line.strip() for line in str(value).splitlines() if line.strip()) or None
    return str(value)
