"""A field for an agency of the directory, chosen by code and name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise

from wicketgate.web.gates import gate


class AgencyField(forms.ChoiceField):
    """One agency of today's directory, or what `empty` says; nothing is chosen for anybody."""

    def __init__(self, *, empty: str | Promise = "—", **words: Any) -> None:
        super().__init__(choices=lambda: [("", empty), *_agencies()], **words)


def _agencies() -> list[tuple[str, str]]:
    known = sorted(gate().context.agencies.values(), key=lambda each: each.code)
    return [(each.code, f"{each.code}: {each.name}") for each in known]
