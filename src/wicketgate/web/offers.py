"""What a page offers to do with a request: the acts that came with it, each with its door and its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wicketgate.core.actor import Actor
from wicketgate.flow.work.case import CaseView
from wicketgate.flow.work.possible import Possible

DOORS: dict[str, tuple[str, Promise]] = {
    "claim": ("take", _("Take it")),
    "return": ("return", _("Return with findings")),
    "refer": ("refer", _("Refer to counsel")),
    "endorse": ("endorse", _("Endorse")),
    "reject referral": ("determine", _("Determine the referral")),
    "resolve referral": ("determine", _("Determine the referral")),
    "resume": ("resume", _("Resume it")),
    "refuse": ("decide", _("Refuse or approve")),
    "approve": ("decide", _("Refuse or approve")),
    "answer dissent": ("answer_dissent", _("Answer a dissent")),
    "dissent": ("dissent", _("Attach a dissent")),
    "release claim": ("give_back", _("Give it back")),
    "declare": ("recuse", _("Declare a conflict of interest")),
}
"""By act: the name of its page, and what leads there. In this order; the safe ones come first."""
_BESIDE = frozenset({"dissent", "give_back", "recuse"})
"""Doors that are always quiet links: nobody's day is made of them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to the page of an act."""

    door: str
    label: Promise
    address: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What a person may do now, what they may do beside it, and what stands in the way of the rest."""

    acts: tuple[Offer, ...]
    beside: tuple[Offer, ...]
    hindrances: tuple[str, ...]
    take: bool
    """True when the request is there to be taken."""
    doors: frozenset[str]


def offers(view: CaseView, actor: Actor) -> Offers:
    """The offers of a case page; which acts there are, and what stands in their way, came with the case."""
    order = {act: number for number, act in enumerate(DOORS)}
    known = sorted((act for act in view.acts if act.act in DOORS), key=lambda act: order[act.act])
    mine = view.claimed_by == actor.handle
    free = [act for act in known if act.why_not is None]
    found: dict[str, Offer] = {}
    for act in free:
        door, label = DOORS[act.act]
        found.setdefault(door, Offer(door, label, reverse(door, kwargs={"handle": view.handle})))
    take = found.pop("take", None) is not None and not (mine and view.declared)
    return Offers(
        acts=tuple(offer for offer in found.values() if offer.door not in _BESIDE),
        beside=tuple(offer for offer in found.values() if offer.door in _BESIDE),
        hindrances=() if take else tuple(dict.fromkeys(_hindrances(known))),
        take=take,
        doors=frozenset(found),
    )


def _hindrances(known: Iterable[Possible]) -> Iterable[str]:
    return (act.why_not for act in known if act.why_not is not None and act.act != "release claim")
