"""How forms look: USWDS's markup from Django's own form classes. A page writes `{{ form }}`, nothing else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

_INPUTS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.FileInput, "usa-file-input"),
    (forms.Select, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (Input, "usa-input"),
)


class Field(forms.BoundField):
    """A field with USWDS's classes, told to assistive technology as wrong when it is."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The widget's attributes."""
        found: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        name = next((name for kind, name in _INPUTS if isinstance(shown, kind)), "")
        wrong = (
            f"{name}--error" if name in {"usa-input", "usa-textarea", "usa-select"} and self.errors else ""
        )
        found["class"] = " ".join(filter(None, [name, wrong, shown.attrs.get("class", "")]))
        return found

    @property
    def is_checkbox(self) -> bool:
        """True for a single box, whose label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class Renderer(TemplatesSetting):
    """`FORM_RENDERER`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field
