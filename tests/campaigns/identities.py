"""Hard requests about a synthetic population, decided at once, and held against the persons meant."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, islice
from math import ceil
from pathlib import Path

import duckdb

from wicketgate.core.identity import AddressRecord, PersonRecord, PlaceKey, Question
from wicketgate.flow.register_decisions import RegisterDecisions
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.place_key import place_key
from wicketgate.stages.register_row import ADDRESS_COLUMNS, PERSON_COLUMNS, address_record, person_record
from wicketgate.synthetic.identity import GENUINE, Asking, Case, Home, cases, homes
from wicketgate.synthetic.register import Record as Person
from wicketgate.synthetic.register import address_rows
from wicketgate.synthetic.requests import Asked

ADULTS = 0.857
"""The share of a population that is asked about in one round."""


@dataclass
class Found:
    """What became of the requests; kinds are those of `synthetic.identity`."""

    seeds: int = 0
    on_file: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    eligible: Counter[str] = field(default_factory=Counter)
    """Exactly one person: a disclosure, unless that record is held back."""
    wrong: Counter[str] = field(default_factory=Counter)
    """Eligible about somebody else than the person meant."""
    genuine: int = 0
    """Right in every word, about somebody on file, with a true number or birth date."""
    answered: int = 0
    """Those of them that are eligible."""
    deciding: dict[str, float] = field(default_factory=lambda: {"seconds": 0.0, "cpu_seconds": 0.0})
    """`seconds` and `cpu_seconds` from the keys to the last decision."""

    def add(self, case: Case, answer: str | None) -> None:
        """Count one request; `answer` is the person found, None for nobody."""
        self.requests[case.kind] += 1
        self.eligible[case.kind] += answer is not None
        self.wrong[case.kind] += answer is not None and answer != case.person_id
        if is_genuine(case):
            self.genuine += 1
            self.answered += answer is not None

    def told(self) -> dict[str, object]:
        """The figures of a report."""
        eligible, wrong = self.eligible.total(), self.wrong.total()
        return {
            "seeds": self.seeds,
            "on_file": self.on_file,
            "requests": self.requests.total(),
            "eligible": eligible,
            "wrong_person": wrong,
            "wrong_per_eligible_at_most": (3 / eligible if eligible and not wrong else None),
            "genuine_with_second_discriminator": self.genuine,
            "yield": round(self.answered / self.genuine, 4) if self.genuine else None,
            "by_kind": {
                kind: {"requests": n, "eligible": self.eligible[kind], "wrong": self.wrong[kind]}
                for kind, n in self.requests.most_common()
            },
        }


def is_genuine(case: Case) -> bool:
    """Whether the request should be answered if nobody near stands in the way."""
    return case.kind in GENUINE and bool(case.person_id and case.told)


def population(people: int, seed: int, rounds: float) -> Iterator[tuple[Home, list[Case]]]:
    """The homes of a population, each with the requests about it: so many about each adult, on average."""
    asking = Asking(seed, rounds / ceil(rounds))
    return (
        (home, [c for _ in range(ceil(rounds)) for c in cases(home, asking)]) for home in homes(people, seed)
    )


def question(asked: Asked) -> Question:
    """The question about somebody as the requester describes them."""
    return Question(
        name_key(asked.first_name, asked.middle_name, asked.last_name, asked.suffix),
        place_key(*asked.address, "US"),
        tin_key(asked.tin),
        birth_date_key(asked.birth_date),
        asked.periods,
        period_bound=True,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Some homes: those on file, and the requests about the people."""

    cases: list[Case]
    questions: list[Question]
    persons: list[PersonRecord]
    addresses: list[AddressRecord]

    @classmethod
    def of(cls, homes_with_cases: Iterable[tuple[Home, list[Case]]]) -> Part:
        """The records and the questions as the gate would make them."""
        members: list[Person] = []
        cases: list[Case] = []
        for home, about in homes_with_cases:
            members += home.on_file
            cases += about
        return cls(
            cases,
            [question(case.asked) for case in cases],
            [person_record(dict(zip(PERSON_COLUMNS, member.person, strict=True))) for member in members],
            [
                address_record(dict(zip(ADDRESS_COLUMNS, row, strict=True)))
                for member in members
                for row in address_rows(member)
            ],
        )


def run(found: Found, people: int, seed: int, rounds: float = 1.0, peer: Peer | None = None) -> None:
    """Ask about a population and add what was found; `peer` is given the same people and requests."""
    with closing(RegisterDecisions()) as decisions:
        decide(found, decisions, taken_in(decisions, people, seed, rounds, peer))
    if peer is not None:
        peer.close()


def taken_in(
    decisions: RegisterDecisions, people: int, seed: int, rounds: float, peer: Peer | None = None
) -> list[Case]:
    """Put the questions and load the register; the cases that come back have lost their people."""
    asked: list[Case] = []
    whole = population(people, seed, rounds)
    while homes_with_cases := list(islice(whole, _HOMES)):
        part = Part.of(homes_with_cases)
        decisions.ask(part.questions)
        decisions.load(part.persons, part.addresses)
        if peer is not None:
            peer.add(part)
        asked += (case._replace(asked=_NOBODY) for case in part.cases)
    return asked


def decide(found: Found, decisions: RegisterDecisions, asked: list[Case]) -> None:
    """Decide everything that was asked and add what was found."""
    found.on_file += decisions.persons
    decisions.prepare()
    started, used = time.perf_counter(), time.process_time()
    for case, decision in zip(asked, decisions.decisions(), strict=True):
        found.add(case, decision.person_id)
    found.deciding["seconds"] += time.perf_counter() - started
    found.deciding["cpu_seconds"] += time.process_time() - used
    found.seeds += 1


_HOMES = 5_000
"""Homes taken in at a time."""

_KEYS = (
    *("first_name", "surnames", "middle", "suffix", "tin", "birth_date"),
    *("point", "unit", "city", "state", "zip5"),
)


class Peer:
    """The same people and the first requests as two tables of comparison keys, for another program."""

    def __init__(self, folder: Path, requests: int = 0) -> None:
        """Tables in the folder, with at most so many requests."""
        self.register, self.requests = folder / "register.parquet", folder / "requests.parquet"
        self._left = requests
        self._number = count()
        self._texts = {path: path.with_suffix(".csv") for path in (self.register, self.requests)}

    def add(self, part: Part) -> None:
        """Take in these homes and the requests about them."""
        by_id = {person.person_id: person for person in part.persons}
        held = ((by_id[address.person_id], address) for address in part.addresses)
        _append(self._texts[self.register], (self._row(p, a.place, p.person_id, "") for p, a in held))
        asked = list(zip(part.questions, part.cases, strict=True))[: self._left]
        self._left -= len(asked)
        rows = (self._row(q, q.place, case.person_id, str(is_genuine(case))) for q, case in asked)
        _append(self._texts[self.requests], rows)

    def close(self) -> None:
        """Write the tables; the texts go."""
        names = ["unique_id", *_KEYS, "truth", "genuine"]
        with closing(duckdb.connect()) as database:
            for table, text in self._texts.items():
                source = f"read_csv('{text}', header = false, all_varchar = true, names = {names})"
                truth = "genuine = 'True' AS genuine, coalesce(truth, '') AS truth"
                database.execute(f"COPY (SELECT * REPLACE ({truth}) FROM {source}) TO '{table}'")
                text.unlink()

    def _row(self, of: PersonRecord | Question, place: PlaceKey, truth: str, genuine: str) -> tuple[str, ...]:
        name = of.name
        texts = (name.first, " ".join(name.surnames), name.middle, name.suffix, of.tin, of.birth_date)
        where = (place.point, place.unit, place.city, place.state, place.zip5)
        return (str(next(self._number)), *texts, *where, truth, genuine)


def _append(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("a", newline="") as file:
        csv.writer(file).writerows(rows)


_NOBODY = Asked("", "", "", "", ("", "", "", "", ""), "", "", ())
"""What is remembered of a request once it has been asked."""
