"""How often one agency may ask for people of one class, so that nobody is found by trying addresses.

The class is the first initial with the surnames: neither another address nor another spelling of
the first name makes another class. Whoever exceeds the budget, or asks again while an answer is due,
is not refused: a person looks at the requests together.

For how many people an agency has given one address is counted beside it, over all its submissions: the
same element reads it as within a file.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from wicketgate.address import Address, delivery_point_key
from wicketgate.core.facts import Facts
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.stages.comparison import name_key
from wicketgate.store import attempts
from wicketgate.store.attempts import Attempt
from wicketgate.store.database import Connection
from wicketgate.store.requests import NewRequest

MOST = 2
"""Requests of one agency for one class within `WINDOW` that go on as they are."""
WINDOW = timedelta(days=180)

COUNTED = "person_address_count"
"""The fact that an element over repeated requests for one person reads."""
SHARED = "address_person_count"
"""The fact that an element over many people at one address reads."""


@dataclass(frozen=True, slots=True, repr=False)
class TryBudget:
    """The budget, and the custodian's key without which the digests on record mean nothing."""

    key: bytes
    most: int = MOST
    window: timedelta = WINDOW

    @classmethod
    def kept_in(cls, folder: Path, most: int = MOST) -> TryBudget:
        """The budget of a kept gate; its key is made once, readable by its owner only."""
        path = folder / "person.key"
        if not path.is_file():
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        return cls(path.read_bytes(), most)

    @classmethod
    def beside(cls, key: bytes) -> TryBudget:
        """The budget of a standing gate, under a key made of the one by which its requests are found."""
        return cls(hmac.digest(key, b"try budget", "sha256"))

    def attempts(self, new: Sequence[NewRequest]) -> dict[Handle, Attempt]:
        """What is counted of each; nothing of an unknown agency's, and of whoever asks for nobody."""
        return {each.handle: attempt for each in new if (attempt := self._attempt(each)) is not None}

    def counted(
        self,
        connection: Connection,
        new: Sequence[NewRequest],
        tried: Mapping[Handle, Attempt],
        submission: int,
        at: datetime,
    ) -> list[Facts]:
        """The facts of requests on their way in, with the number of tries where there are too many.

        Until the transaction ends nobody else counts for these agencies, so `tried`, their `attempts`, are
        made before.
        """
        made = [tried.get(each.handle) for each in new]
        known = [attempt for attempt in made if attempt is not None]
        found = iter(attempts.before(connection, known, submission, at - self.window))
        people = iter(attempts.people_at(connection, known))
        here: Counter[str] = Counter()
        counted = []
        for each, attempt in zip(new, made, strict=True):
            facts = each.reviewed.facts
            if attempt is not None:
                before = next(found)
                here[attempt.agency + attempt.person_class] += 1
                tries = before.attempts + here[attempt.agency + attempt.person_class]
                if tries > self.most or before.waiting:
                    facts = {**facts, COUNTED: max(tries, 2, _count(facts, COUNTED))}
                if (together := next(people)) > _count(facts, SHARED):
                    facts = {**facts, SHARED: together}
            counted.append(facts)
        return counted

    def _attempt(self, new: NewRequest) -> Attempt | None:
        asked = new.request
        name = name_key(
            asked.taxpayer_first_name,
            asked.taxpayer_middle_name,
            asked.taxpayer_last_name,
            asked.taxpayer_suffix,
        )
        if not new.agency_line or not name.surnames:
            return None
        return Attempt(
            new.agency_line[-1],
            self._digest("class", name.first[:1], *name.surnames),
            self._digest("person", name.first, *name.surnames),
            self._address(asked),
        )

    def _address(self, asked: Request) -> str:
        if asked.address_line1 is None and asked.address_line2 is None:
            return ""
        place = delivery_point_key(
            Address(
                asked.address_line1,
                asked.address_line2,
                asked.address_city,
                asked.address_state,
                asked.address_postal_code,
                asked.address_country,
            )
        )
        return self._digest("address", place) if place else ""

    def _digest(self, *texts: str) -> str:
        return hmac.digest(self.key, "\x1f".join(texts).encode(), "sha256").hex()


def _count(facts: Facts, name: str) -> int:
    stated = facts.get(name)
    return stated if isinstance(stated, int) else 0
