"""A person keeps a narrowed queue under a name, and removes it again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wicketgate.flow.work.queue import Filters
from wicketgate.web.accounts.models import SavedView
from wicketgate.web.gates import signed_in
from wicketgate.web.views.queue import filters_of

MOST = 20
"""Views that one person keeps."""


class Named(forms.Form):
    """The name, and the query of the queue's address."""

    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=500)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a queue under a name; the same name takes the place of the former one."""
    form, person = Named(request.POST), signed_in(request)
    query = request.POST.get("query", "")
    back = f"{reverse('queue')}?{query}"
    if not form.is_valid() or not form.cleaned_data["name"].isprintable():
        messages.error(request, _("Write a name of at most 40 letters for this view; nothing was kept."))
        return redirect(back if _offered(query) else "queue")
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    if not _offered(query):
        messages.error(request, _("These are no filters of the queue; nothing was kept."))
        return redirect("queue")
    if person.views.exclude(name=name).count() >= MOST:
        messages.error(request, _("You keep %d views; remove one first. Nothing was kept.") % MOST)
        return redirect(back)
    SavedView.objects.update_or_create(account=person, name=name, defaults={"query": query})
    messages.success(request, _("The view is among your saved views."))
    return redirect(back)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's own views."""
    signed_in(request).views.filter(pk=pk).delete()
    messages.success(request, _("The view is removed."))
    return redirect("queue")


def _offered(query: str) -> bool:
    """True for the query of a narrowed queue, and for nothing else that an address could hold."""
    found = QueryDict(query)
    form, filters, _sort = filters_of(found)
    return filters not in (None, Filters()) and set(found) <= set(form.fields)
