"""The audit counts what the rule of verification would do, and refuses what it cannot show to be safe."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import closing
from html.parser import HTMLParser
from itertools import combinations
from math import exp, factorial
from pathlib import Path
from random import Random

import pytest

from tests.stories.people import ROSA, ROSA_HOME, write_register
from wicketgate.core.identity import Question
from wicketgate.flow import register_files
from wicketgate.flow.audit_report import COUNT_TITLES, as_html, as_json, write_report
from wicketgate.flow.register_audit import Audit, Profile, ProfileRefusedError, audit
from wicketgate.stages.comparison import confusable, spelled_out
from wicketgate.stages.twins import FIELD_SETS, TwinRate, upper_limit
from wicketgate.stages.verify_rule import Record, decide, same_point

FIRST = ("Ana", "Anna", "José", "Pepe", "Bo", "B")
MIDDLE = ("", "A", "Luz", "María Luz")
LAST = ("Ng", "García López", "Garcia", "Smith")
TOWNS = (("Salem", "OR", "97301"), ("Salem", "OR", "97302"), ("Salem", "OR", ""), ("Bend", "OR", "97301"))


def town(folder: Path, seed: int) -> Path:
    """A small crowded register: few names, few houses, shared numbers, homes without a delivery point."""
    pick = Random(seed).choice
    persons, addresses = [], []
    for n in range(pick((3, 30, 60))):
        tin = pick(("", *(f"9007000{i:02d}" for i in range(40)))) if pick((True, True, False)) else ""
        born = pick(("", "1980-01-01", "1990-02-02"))
        persons.append(
            (f"p{n}", tin, pick(FIRST), pick(MIDDLE), pick(LAST), pick(("", "Jr", "Jr")), born, "")
        )
        for known in range(pick((0, 1, 1, 2))):
            line1 = pick(("1 Elm St", "2 Elm St", "3 Elm St", "4 Elm St", "5 Oak Ave", "Elm Street"))
            where = (*pick(TOWNS), pick(("US", "US", "Canada")))
            unit = pick(("", "", "Apt 1", "Apt 2"))
            addresses.append((f"p{n}", line1, unit, *where, "", "", "false" if known else "true"))
        if pick((True, False, False, False)):  # the same person on file twice
            again = f"p{n} again"
            persons.append((again, *persons[-1][1:]))
            addresses += [(again, *home[1:]) for home in addresses if home[0] == f"p{n}"]
    return write_register(folder, persons, addresses)


def records(folder: Path) -> list[Record]:
    with closing(register_files.read(folder)) as files:
        homes = list(files.addresses())
        return [Record(p, tuple(a for a in homes if a.person_id == p.person_id)) for p in files.persons()]


def could_be_answered(person: Record, register: list[Record]) -> bool:
    p = person.person
    return any(
        decide(Question(p.name, home.place, p.tin, p.birth_date, (), False), register).outcome == "one"
        for home in person.addresses
    )


def are_confusable(one: Record, other: Record) -> bool:
    return confusable(one.person.name, other.person.name) and any(
        same_point(a.place, b.place) for a in one.addresses for b in other.addresses
    )


def are_twins(one: Record, other: Record, fields: str, register: list[Record]) -> bool:
    """Written from the rule: every compared field equal, at an address where the rule would answer."""
    p, q = one.person, other.person
    full = spelled_out(p.name.middle) and p.name.suffix
    equal = {
        "name_address": True,
        "tin": p.tin == q.tin != "",
        "birth_date": p.birth_date == q.birth_date != "",
        "full_name": bool(full) and (p.name.middle, p.name.suffix) == (q.name.middle, q.name.suffix),
    }
    units = [a.place for r in register for a in r.addresses if a.place.unit]
    return (
        equal[fields]
        and spelled_out(p.name.first)
        and (p.name.first, p.name.surnames) == (q.name.first, q.name.surnames)
        and any(
            same_point(a.place, b.place)
            and (a.place.state, a.place.unit) == (b.place.state, b.place.unit)
            and (a.place.unit or not any(same_point(a.place, u) or same_point(b.place, u) for u in units))
            for a in one.addresses
            for b in other.addresses
        )
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_counts_are_those_of_the_rule(tmp_path: Path, seed: int) -> None:
    folder = town(tmp_path, seed)
    found, register = audit(folder), records(folder)
    pairs = list(combinations(register, 2))
    for rate in found.rates:
        twins = {
            r.person.person_id
            for pair in pairs
            if are_twins(*pair, rate.fields.name, register)
            or are_twins(*pair[::-1], rate.fields.name, register)
            for r in pair
        }
        assert rate.twins == len(twins), rate.fields.name
    near = {r.person.person_id for pair in pairs if are_confusable(*pair) for r in pair}
    numbers = [r.person.tin for r in register if r.person.tin]
    sharing = {r.person.person_id for r in register if numbers.count(r.person.tin) > 1}
    assert found.counts["persons"] == len(register)
    assert found.counts["persons_confusable"] == len(near)
    assert found.counts["persons_sharing_a_tin"] == len(sharing)
    assert found.counts["persons_ambiguous"] == len(near | sharing)
    assert found.counts["persons_answerable"] == sum(could_be_answered(r, register) for r in register)
    homes = [a.place for r in register for a in r.addresses]
    assert found.counts["addresses_without_delivery_point"] == sum(not place.point for place in homes)
    assert found.counts["addresses_with_unit"] == sum(bool(place.unit) for place in homes)


def test_the_towns_are_crowded_enough_to_test_something(tmp_path: Path) -> None:
    found = [audit(town(tmp_path / str(seed), seed)) for seed in range(8)]
    for rates in zip(*(each.rates for each in found), strict=True):
        assert any(rate.twins for rate in rates), rates[0].fields.name
    for name in COUNT_TITLES:
        assert any(each.counts[name] for each in found), name


def test_the_upper_limit_is_that_of_the_poisson_distribution() -> None:
    for events in (0, 1, 2, 5, 12):
        mean = upper_limit(events)
        seen_at_most = sum(exp(-mean) * mean**n / factorial(n) for n in range(events + 1))
        assert seen_at_most == pytest.approx(0.05, rel=0.05)


def test_the_bound_is_the_rate_times_the_missing_over_those_on_file() -> None:
    rate = TwinRate(FIELD_SETS[0], 1_000_000, 1_200, 1_000_000)
    assert rate.rate == 0.0012
    assert rate.expected(0.85) == pytest.approx(2.1e-4, rel=0.01)
    assert rate.expected(0.85) < rate.bound(0.85) < 1.1 * rate.expected(0.85)
    assert TwinRate(FIELD_SETS[1], 300_000, 0, 300_000).bound(0.5) == pytest.approx(1e-5, rel=0.01)
    few = TwinRate(FIELD_SETS[3], 1_000, 0, 300_000)
    assert few.bound(0.5) == pytest.approx(1e-5, rel=0.01), "a record without the fields has no twin in them"
    assert TwinRate(FIELD_SETS[3], 1_000, 10, 300_000).bound(0.5) == 0.01, "but holders count for themselves"
    for share in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            rate.bound(share)


def of(**rates: tuple[int, int]) -> Audit:
    """An audit that found (holders, twins) for some field sets and nobody for the others."""
    persons = max(holders for holders, _ in rates.values())
    found = tuple(TwinRate(fields, *rates.get(fields.name, (0, 0)), persons) for fields in FIELD_SETS)
    return Audit(found, dict.fromkeys(COUNT_TITLES, 0), (("1", 1),), 0.85, 1e-4)


def test_the_weakest_accepted_field_set_decides() -> None:
    good = of(name_address=(10**6, 50_000), tin=(10**6, 3), full_name=(10**6, 10))
    assert good.refusal is None
    assert good.weakest is not None
    assert good.weakest.fields.name == "full_name"
    twins = of(tin=(10**6, 0), birth_date=(10**6, 2_000))
    assert twins.refusal is not None
    assert "birth date" in twins.refusal
    assert "2,000 of 1,000,000 people have a twin" in twins.refusal
    few = of(tin=(1_000, 0))
    assert few.refusal is not None
    assert "too few people" in few.refusal
    assert "nobody" in (of(name_address=(10**6, 0)).refusal or "")


class _Page(HTMLParser):
    """Every tag with its attributes, and the texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "line", "rect", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("line", "rect", "circle"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_needs_nothing_else_and_everybody_can_read_it(tmp_path: Path) -> None:
    found = audit(town(tmp_path / "register", 3))
    write_report(found, tmp_path / "out")
    text = (tmp_path / "out" / "audit.html").read_text()
    page = _Page(text)
    assert page.open == []
    assert "http" not in re.sub(r"http-equiv", "", text)
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "img", "iframe", "object")
        assert not any(
            name == "style" or name.startswith("on") or name in ("src", "href") for name in attributes
        )
        if tag == "svg":
            named = str(attributes["aria-labelledby"]).split()
            assert attributes["role"] == "img"
            assert {"title", "desc"} <= {t for t, a in page.tags if a.get("id") in named}
    (policy,) = (a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    style = text.partition("<style>")[2].partition("</style>")[0].encode()
    assert base64.b64encode(hashlib.sha256(style).digest()).decode() in str(policy)
    assert "default-src 'none'" in str(policy)
    for rate in found.rates:  # what the plot shows stands in a table too
        assert f"{rate.holders:,}" in page.text
        assert not rate.holders or f"{rate.bound(0.85):.2e}" in page.text
    for count in found.counts.values():
        assert f"{count:,}" in page.text
    kept = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert kept == json.loads(json.dumps(as_json(found)))
    assert kept["accepted"] is False
    assert "refused" in page.text


def test_a_register_of_nobody_is_refused_and_has_a_report(tmp_path: Path) -> None:
    found = audit(write_register(tmp_path, (), ()))
    assert found.refusal is not None
    assert found.weakest is None
    assert "refused" in as_html(found)


def test_an_unsound_register_is_not_audited(tmp_path: Path) -> None:
    with pytest.raises(register_files.UnsoundRegisterError):
        audit(write_register(tmp_path, (ROSA, ROSA), (ROSA_HOME,)))


def test_a_profile_is_required_before_a_register_is_used(tmp_path: Path) -> None:
    folder = write_register(tmp_path, (ROSA,), (ROSA_HOME,))
    with closing(register_files.read(folder)) as files:
        with pytest.raises(ProfileRefusedError, match="too few people"):
            Profile().require(files)
        assert Profile(limit=1.0).require(files).counts["persons"] == 1
        assert [person.person_id for person in files.persons()] == [ROSA[0]]
