"""What the first page says to each role: what waits for it, what is late, and what stands still."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wicketgate.core.roles import Role
from wicketgate.flow.pending import Desk, desk, pending
from wicketgate.flow.work.queue import Home, Number
from wicketgate.flow.work.queue import home as queued
from wicketgate.web.gates import actor_of, gate, signed_in
from wicketgate.web.roles import may_open

WAITS, LATE, STILL = _("Waits for you"), _("Late, or late soon"), _("Suspended")


@dataclass(frozen=True, slots=True)
class Card:
    """A number that leads to what it counts."""

    label: str | Promise
    number: Number
    address: str
    pressing: bool = False

    @property
    def nothing(self) -> bool:
        """True when there is nothing of it."""
        return self.number == Number(0)


@dataclass(frozen=True, slots=True)
class Cards:
    """Some cards under a heading."""

    heading: str | Promise
    cards: tuple[Card, ...]


def office_cards(request: HttpRequest) -> tuple[Cards, ...]:
    """For people of the custodian: whose queue it is sees the queue, and the others what they watch over."""
    role = signed_in(request).gate_role
    if not may_open(role, "queue"):
        return _keeper(request)
    actor = actor_of(request)
    found = queued(gate(), actor)
    if actor.role in _WAITING:
        lies = desk(gate(), actor)
        own = _taken(found) if may_open(role, "take") else ()
        return (
            Cards(WAITS, (*own, *_WAITING[actor.role](lies))),
            Cards(LATE, _late(found, lies, actor.role)),
            Cards(STILL, _still(found, lies)),
        )
    return (Cards(WAITS, _taken(found)), Cards(LATE, _clocks(found)), Cards(STILL, _stopped(found)))


def _card(label: str | Promise, number: int, door: str, query: str = "", *, pressing: bool = False) -> Card:
    return Card(label, Number(number), reverse(door) + query, pressing and number > 0)


def _taken(found: Home) -> tuple[Card, ...]:
    queue = reverse("queue")
    return (
        Card(_("Requests for your role"), Number(found.waiting), queue),
        Card(_("Taken by you"), found.mine, f"{queue}?claimed=me"),
    )


def _clocks(found: Home) -> tuple[Card, ...]:
    queue = reverse("queue")
    return (
        Card(_("Late requests"), found.late, f"{queue}?clock=late", pressing=found.late.n > 0),
        Card(_("Requests due soon"), found.soon, f"{queue}?clock=soon"),
    )


def _stopped(found: Home) -> tuple[Card, ...]:
    return (Card(_("Requests whose clock stands still"), found.stopped, f"{reverse('queue')}?clock=stopped"),)


def _late(found: Home, lies: Desk, role: Role) -> tuple[Card, ...]:
    counted = lies.counted
    watched = (
        _card(_("Overdue certificates of destruction"), counted.certificates_late, "recalls", pressing=True),
        _card(_("Agencies with papers overdue"), counted.agencies_closed, "safeguards", pressing=True),
        _card(_("Papers that run out within 30 days"), counted.duties_soon, "safeguards"),
    )
    steps = _card(_("Overdue steps of incidents"), lies.steps_late, "safeguards", "#incidents", pressing=True)
    return (*_clocks(found), *(() if role is Role.INSPECTOR else (steps,)), *watched)


def _still(found: Home, lies: Desk) -> tuple[Card, ...]:
    return (_card(_("Orders in force"), lies.counted.orders, "orders", pressing=True), *_stopped(found))


def _second(lies: Desk) -> tuple[Card, ...]:
    """What counsel and the safeguards officer are the second person of."""
    return (
        _card(_("Keys to look at or confirm"), lies.counted.keys, "keys"),
        _card(_("Dispositions to confirm"), lies.counted.dispositions, "retention", "#dispositions"),
        _card(_("Steps of incidents for you"), lies.steps, "safeguards", "#incidents"),
    )


def _counsel(lies: Desk) -> tuple[Card, ...]:
    counted = lies.counted
    return (
        _card(_("Recalls to start"), counted.recalls_to_start, "recalls"),
        _card(_("Accounts to decide"), counted.accounts, "accounts"),
        _card(_("Liftings of orders to confirm"), counted.liftings, "orders"),
        *_second(lies),
    )


def _safeguards(lies: Desk) -> tuple[Card, ...]:
    counted = lies.counted
    return (
        _card(_("Documents to answer"), counted.documents, "handed_in", "?reply=none"),
        _card(_("Open findings"), counted.findings, "safeguards"),
        _card(_("Notices of recalls to serve"), counted.notices_to_serve, "recalls"),
        _card(_("Certificates of destruction to come"), counted.certificates, "recalls"),
        *_second(lies),
    )


def _inspector(lies: Desk) -> tuple[Card, ...]:
    counted = lies.counted
    return (
        _card(_("Requests with an unanswered dissent"), counted.dissents, "queue", "?dissent=yes"),
        _card(_("Alarms about judgement"), lies.alarms, "judgement", pressing=True),
        _card(_("Shapes that warrant a look"), lies.groups, "inspect", "#shapes-heading"),
        _card(_("Liftings of orders to confirm"), counted.liftings, "orders"),
    )


_WAITING = {
    Role.COUNSEL: _counsel,
    Role.SAFEGUARDS_OFFICER: _safeguards,
    Role.INSPECTOR: _inspector,
}
"""Roles that have more than a queue."""


def _keeper(request: HttpRequest) -> tuple[Cards, ...]:
    """For whoever keeps the gate running, and sees no request."""
    counted = pending(gate(), signed_in(request).handle)
    return (
        Cards(
            WAITS,
            (_card(_("Entries that no witness has cosigned"), counted.uncosigned, "public", "#witnesses"),),
        ),
        Cards(STILL, (_card(_("Orders in force"), counted.orders, "public", pressing=True),)),
    )
