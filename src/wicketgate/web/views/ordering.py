"""The order book: which courts' orders hold, on which documents, and how two people lift one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from wicketgate.flow import orders as book
from wicketgate.flow.orders import NewOrder, OrderRefusedError, RecordedOrder
from wicketgate.web.gates import actor_of, gate
from wicketgate.web.roles import may_open
from wicketgate.web.views.acting import WRONG
from wicketgate.web.views.agency_field import AgencyField

_READ = require_safe
_ACT = require_http_methods(["GET", "HEAD", "POST"])


class Record(forms.Form):
    """An order as the court made it."""

    court = forms.CharField(
        label=gettext_lazy("Court"),
        max_length=200,
        help_text=gettext_lazy("As it is cited, for example D.D.C."),
    )
    docket = forms.CharField(
        label=gettext_lazy("Docket number"),
        max_length=200,
        help_text=gettext_lazy("It is published in the ledger, like the court. Write no person's name."),
    )
    binds = forms.ChoiceField(
        label=gettext_lazy("Whom it binds"),
        choices=[("custodian", gettext_lazy("The custodian")), ("recipient", gettext_lazy("The recipient"))],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Disclosure stops either way: nothing is sent to whoever may not use it."),
    )
    agency = AgencyField(
        label=gettext_lazy("Agency, with its components"), required=False, empty=gettext_lazy("All agencies")
    )
    recipient = forms.CharField(
        label=gettext_lazy("Officer, if it concerns one alone"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("As requests name the officer: Name|badge|agency. Empty: every recipient."),
    )
    begins = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until it is lifted."),
    )
    document = forms.FileField(label=gettext_lazy("The order itself"), max_length=200)

    def order(self) -> NewOrder:
        """What was written, for the book."""
        sent = self.cleaned_data
        return NewOrder(
            court=sent["court"],
            docket=sent["docket"],
            binds=sent["binds"],
            begins=sent["begins"],
            ends=sent["ends"],
            agency=sent["agency"] or None,
            recipient=sent["recipient"] or None,
            document=_bytes(sent["document"]),
        )


class Lift(forms.Form):
    """The document that lifts an order."""

    document = forms.FileField(
        label=gettext_lazy("The document that lifts the order"),
        max_length=200,
        help_text=gettext_lazy("Another person must confirm it. Until then the order holds."),
    )


class Confirm(forms.Form):
    """The order's number, typed, so that nobody lifts one in passing."""

    typed = forms.IntegerField(label=gettext_lazy("Type the number of the order"))


@_READ
def orders(request: HttpRequest) -> HttpResponse:
    """The whole book, the newest first."""
    account = request.user
    shown = {
        "orders": book.orders(gate())[::-1],
        "keeps": may_open(getattr(account, "gate_role", None), "record_order"),
        "me": actor_of(request).handle,
    }
    return render(request, "orders/orders.html", shown)


@_ACT
def record(request: HttpRequest) -> HttpResponse:
    """Record an order; it holds when the page answers."""
    form = Record(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            number = book.record_order(gate(), actor_of(request), form.order())
        except OrderRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Order %d is recorded and public in the ledger.") % number)
            return redirect("orders")
    return render(request, "orders/record.html", {"form": form}, status=WRONG if form.errors else 200)


@_ACT
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """Propose to lift an order on a document, or confirm what another person proposed."""
    order = _found(number)
    proposed = order.lifting_proposed_by is not None
    form: forms.Form = (
        Confirm(request.POST or None) if proposed else Lift(request.POST or None, request.FILES or None)
    )
    if form.is_valid():
        try:
            said = _confirmed(request, order, form) if proposed else _proposed(request, order, form)
        except OrderRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("orders")
    shown = {"form": form, "order": order, "proposed": proposed}
    return render(request, "orders/lift.html", shown, status=WRONG if form.errors else 200)


def _proposed(request: HttpRequest, order: RecordedOrder, form: forms.Form) -> str:
    document = _bytes(form.cleaned_data["document"])
    book.propose_lifting(gate(), actor_of(request), order.number, document)
    return _("The lifting of order %d is proposed. It holds until another person confirms.") % order.number


def _confirmed(request: HttpRequest, order: RecordedOrder, form: forms.Form) -> str:
    if form.cleaned_data["typed"] != order.number:
        raise OrderRefusedError(_("The number that you typed is not %d; nothing was done.") % order.number)
    book.confirm_lifting(gate(), actor_of(request), order.number)
    return _("Order %d is lifted. What was held stays held until counsel resumes it.") % order.number


@_READ
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The document on which an order stands."""
    return _document(number, of_lifting=False)


@_READ
def lifting_document(request: HttpRequest, number: int) -> HttpResponse:
    """The document on which an order is lifted."""
    return _document(number, of_lifting=True)


def _document(number: int, *, of_lifting: bool) -> HttpResponse:
    found = book.document(gate(), number, of_lifting=of_lifting)
    if found is None:
        raise Http404
    name = f"order-{number}-lifting" if of_lifting else f"order-{number}"
    # Never shown by the browser itself: it came from outside.
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found, content_type="application/octet-stream", headers=headers)


def _found(number: int) -> RecordedOrder:
    for order in book.orders(gate()):
        if order.number == number:
            return order
    raise Http404


def _bytes(sent: UploadedFile[bytes]) -> bytes:
    return bytes(sent.read(book.LARGEST_DOCUMENT + 1))
