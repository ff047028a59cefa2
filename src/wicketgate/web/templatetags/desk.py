"""`{% load desk %}`: the words of the officers' pages for values that the gate names in code."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.functional import Promise

from wicketgate.core.states import State
from wicketgate.flow.inspect.desk import Noted
from wicketgate.web.roles import ROLES
from wicketgate.web.words import CLOCKS, STANDINGS, STATES
from wicketgate.web.words import entry as entry_words

register = template.Library()


@register.filter
def state(value: str) -> str | Promise:
    """A state in words."""
    return STATES[State(value)]


@register.filter
def clock(value: str) -> str | Promise:
    """How a clock stands, in words."""
    return CLOCKS[value]


@register.filter
def standing(value: str) -> str | Promise:
    """How an element stands, in words."""
    return STANDINGS[value]


@register.filter
def entry(value: Noted) -> str | Promise:
    """What an entry of the ledger is called."""
    return entry_words(value.kind, value.act)


@register.filter
def role(value: str) -> str | Promise:
    """A role in words."""
    known = ROLES.get(str(value))
    return str(value) if known is None else known.name


@register.filter
def words(value: str) -> str:
    """A value of a switch as words."""
    return value.replace("_", " ")


@register.filter
def number(value: int) -> str:
    """A whole number, with thousands parted."""
    return f"{value:,}"


@register.filter
def percent(value: float) -> str:
    """A share."""
    return f"{value:.0%}"


@register.filter
def minutes(value: timedelta) -> str:
    """A time in minutes and seconds."""
    total = int(value.total_seconds())
    return f"{total // 60} min {total % 60:02} s"
