"""Hard requests about a synthetic population, decided at once, and held against the persons meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from math import ceil

from wicketgate.core.identity import AddressRecord, PersonRecord, Question
from wicketgate.flow.register_decisions import RegisterDecisions
from wicketgate.stages.comparison import birth_date_key, name_key, tin_key
from wicketgate.stages.place_key import place_key
from wicketgate.stages.register_row import ADDRESS_COLUMNS, PERSON_COLUMNS, address_record, person_record
from wicketgate.synthetic.identity import GENUINE, Asking, Case, Home, cases, homes
from wicketgate.synthetic.register import address_rows
from wicketgate.synthetic.requests import Asked


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
    return ((home, [c for _ in range(ceil(rounds)) for c in cases(home, asking)]) for home in homes(people, seed))


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


def persons(home: Home) -> Iterator[PersonRecord]:
    """The records of those on file."""
    for member in home.on_file:
        yield person_record(dict(zip(PERSON_COLUMNS, member.person, strict=True)))


def addresses(home: Home) -> Iterator[AddressRecord]:
    """Their addresses."""
    for member in home.on_file:
        for row in address_rows(member):
            yield address_record(dict(zip(ADDRESS_COLUMNS, row, strict=True)))


def run(found: Found, people: int, seed: int, rounds: float = 1.0, memory: str = "1GB") -> None:
    """Ask about a population and add what was found."""
    asked: list[Case] = []
    with closing(RegisterDecisions(memory)) as decisions:
        whole = population(people, seed, rounds)
        while part := list(islice(whole, _PART)):
            decisions.ask(question(case.asked) for _, about in part for case in about)
            decisions.load(
                (person for home, _ in part for person in persons(home)),
                (address for home, _ in part for address in addresses(home)),
            )
            asked += (case._replace(asked=_NOBODY) for _, about in part for case in about)
        found.on_file += decisions.persons
        for case, decision in zip(asked, decisions.decisions(), strict=True):
            found.add(case, decision.person_id)
    found.seeds += 1


_PART = 5_000
"""Homes taken in at a time."""
_NOBODY = Asked("", "", "", "", ("", "", "", "", ""), "", "", ())
"""What is remembered of a request once it has been asked."""
