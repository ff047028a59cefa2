"""`{% load web %}`: breadcrumbs, and people by name."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.urls import reverse

from wicketgate.web.accounts.models import Account

register = template.Library()


@register.inclusion_tag("parts/breadcrumbs.html")
def crumbs(*parts: object) -> dict[str, object]:
    """`{% crumbs "home" _("Home") "queue" _("Queue") handle %}`: addresses with labels, then this page."""
    *links, here = parts
    pairs = [(reverse(str(name)), label) for name, label in zip(links[::2], links[1::2], strict=True)]
    return {"crumbs": [*pairs, ("", here)]}


@register.simple_tag(takes_context=True)
def person(context: Context, handle: str) -> str:
    """The name that goes with an actor's handle; the handle itself where no account has it."""
    request = context["request"]
    if not hasattr(request, "people"):
        request.people = dict(Account.objects.values_list("handle", "display_name"))
    return str(request.people.get(handle, handle))
