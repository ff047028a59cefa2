"""A field for the number of a request, in whatever case it was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from wicketgate.core.identifiers import Handle


class HandleField(forms.CharField):
    """The number as a `Handle`; None where nothing had to be written and nothing was."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **words: Any) -> None:
        super().__init__(max_length=40, **words)

    def clean(self, value: Any) -> Handle | None:
        """The number; raises `ValidationError`."""
        text = super().clean(value)
        try:
            return Handle(text.upper()) if text else None
        except ValueError:
            raise forms.ValidationError(
                _("This is not the number of a request; one looks like WG-2B3C-4D5F-6G7H.")
            ) from None
