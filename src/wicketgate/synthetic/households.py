"""Families as registers hold them: couples, children, namesakes, twins, three generations, housemates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from wicketgate.synthetic.dice import Dice, Weighted
from wicketgate.synthetic.names import (
    CUSTOMS,
    SPELLINGS,
    Sex,
    first_surname,
    given_name,
    middle_name,
    surname,
    two_surnames,
)

_KINDS = Weighted(
    [("alone", 27.0), ("couple", 24.0), ("family", 33.0), ("generations", 9.0), ("housemates", 7.0)]
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person before numbers and addresses are given out."""

    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date
    sex: Sex


def household(dice: Dice, this_year: int) -> list[Member]:
    """The people of one home."""
    kind = dice.weigh(_KINDS)
    custom = dice.weigh(CUSTOMS)
    if kind == "housemates":
        return [_founder(dice, dice.weigh(CUSTOMS), _sex(dice), this_year) for _ in range(dice.between(2, 5))]
    head = _founder(dice, custom, _sex(dice), this_year)
    if kind == "alone":
        return [head]
    partner = _partner(dice, custom, head)
    if kind == "couple":
        return [head, partner]
    children = _children(dice, custom, head, partner, this_year)
    children = [child for child in children if not _has_left(dice, this_year - child.birth_date.year)]
    if kind == "family":
        return [head, partner, *children]
    return _with_grandparent(dice, custom, [head, partner, *children])


_AT_HOME = ((17, 1.0), (24, 0.55), (34, 0.16))
"""Children up to this age, and the share who live with their parents (about the Census Bureau's CPS table
AD-1 of 2022); of the older ones 7 in 100 do. A home then has two adults on average, as in the census."""


def _has_left(dice: Dice, age: int) -> bool:
    return not dice.chance(next((share for oldest, share in _AT_HOME if age <= oldest), 0.07))


def _sex(dice: Dice) -> Sex:
    return "male" if dice.chance(0.5) else "female"


def _day(dice: Dice, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=dice.between(0, 364))


def _founder(dice: Dice, custom: str, sex: Sex, this_year: int) -> Member:
    born = _day(dice, this_year - dice.between(22, 80))
    last = two_surnames(dice, custom)
    return Member(given_name(dice, custom, sex), middle_name(dice, custom, sex), last, "", born, sex)


def _partner(dice: Dice, custom: str, head: Member) -> Member:
    sex: Sex = "male" if head.sex == "female" else "female"
    own = two_surnames(dice, custom)
    last = own
    if custom != "hispanic":  # the Spanish custom keeps one's own surnames
        share = dice.between(1, 100)
        last = own if share <= 18 else f"{head.last_name}-{own}" if share <= 24 else head.last_name
    born = head.birth_date + timedelta(days=dice.between(-2500, 2500))
    return Member(given_name(dice, custom, sex), middle_name(dice, custom, sex), last, "", born, sex)


def _children(dice: Dice, custom: str, head: Member, partner: Member, this_year: int) -> list[Member]:
    last = head.last_name
    if custom == "hispanic":
        father, mother = (head, partner) if head.sex == "male" else (partner, head)
        last = f"{first_surname(father.last_name)} {first_surname(mother.last_name)}"
    children: list[Member] = []
    oldest = min(head.birth_date.year + dice.between(20, 34), this_year - 1)
    for number in range(dice.weigh(_CHILDREN)):
        sex = _sex(dice)
        born = _day(dice, min(oldest + 2 * number, this_year - 1))
        child = Member(given_name(dice, custom, sex), middle_name(dice, custom, sex), last, "", born, sex)
        children.append(child)
        if dice.chance(0.015):
            children.append(_twin(dice, custom, child))
    if head.sex == "male" and children and last == head.last_name and dice.chance(0.055):
        children[0] = _namesake(children[0], head, "Jr")
    elif head.first_name in SPELLINGS and dice.chance(0.10):  # the parent's name, spelt in another way
        spelt = replace(children[0], first_name=dice.pick(SPELLINGS[head.first_name]), sex=head.sex)
        children[0] = spelt
    return children


_CHILDREN = Weighted([(1, 40.0), (2, 38.0), (3, 16.0), (4, 6.0)])


def _twin(dice: Dice, custom: str, child: Member) -> Member:
    """A twin has the day and the surname, often the same initial, and never the same name."""
    first, tries = child.first_name, 0
    while first == child.first_name or (
        tries < 40 and first[0] != child.first_name[0] and not dice.chance(0.05)
    ):
        first, tries = given_name(dice, custom, child.sex), tries + 1
    return replace(child, first_name=first, middle_name=middle_name(dice, custom, child.sex))


def _namesake(child: Member, elder: Member, suffix: str) -> Member:
    return replace(
        child, first_name=elder.first_name, middle_name=elder.middle_name, suffix=suffix, sex=elder.sex
    )


def _with_grandparent(dice: Dice, custom: str, family: list[Member]) -> list[Member]:
    """Three generations at one address; sometimes all three men have one name: Sr, Jr and III."""
    head = family[0]
    sex = _sex(dice)
    born = head.birth_date - timedelta(days=dice.between(19, 32) * 365)
    elder = Member(
        given_name(dice, custom, sex), middle_name(dice, custom, sex), head.last_name, "", born, sex
    )
    if head.sex == "male" and dice.chance(0.10):
        elder = replace(_namesake(elder, head, "Sr" if dice.chance(0.7) else ""), last_name=head.last_name)
        family[0] = replace(head, suffix="Jr")
        third = next((n for n, m in enumerate(family) if n > 1 and m.sex == "male"), None)
        if third is not None and dice.chance(0.4) and family[third].last_name == head.last_name:
            family[third] = _namesake(family[third], head, "III")
    elif custom != "hispanic" and dice.chance(0.3):  # an aunt or cousin of another surname
        family.append(_relative(dice, custom, head))
    return [*family, elder]


def _relative(dice: Dice, custom: str, head: Member) -> Member:
    sex = _sex(dice)
    return Member(
        given_name(dice, custom, sex),
        middle_name(dice, custom, sex),
        surname(dice, custom),
        "",
        head.birth_date + timedelta(days=dice.between(-2500, 2500)),
        sex,
    )
