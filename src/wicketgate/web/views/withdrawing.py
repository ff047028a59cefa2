"""The requesting agency's clerk withdraws one request of the agency, by its number."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wicketgate.flow.work.refusals import IncompleteError, NotAllowedError, UnknownRequestError
from wicketgate.flow.work.withdraw import withdraw as withdrawing
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.handle_field import HandleField


class Withdrawal(forms.Form):
    """Which request, and why."""

    handle = HandleField(
        label=gettext_lazy("Number of the request"),
        help_text=gettext_lazy("As in the receipt of your submission, such as WG-2B3C-4D5F-6G7H."),
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw one request; what is told about one that cannot be withdrawn does not say why it cannot."""
    form = Withdrawal(request.POST or None, initial={"handle": request.GET.get("request", "")})
    if form.is_valid():
        handle = form.cleaned_data["handle"]
        try:
            withdrawing(gate(), actor_of(request), handle, form.cleaned_data["reasons"])
        except (IncompleteError, NotAllowedError, UnknownRequestError) as error:
            form.add_error("handle", str(error))
        else:
            messages.success(request, _("%s is withdrawn. It stays in the accounting.") % handle)
            return redirect("withdraw")
    return render(request, "withdraw.html", {"form": form}, status=WRONG if form.errors else 200)
