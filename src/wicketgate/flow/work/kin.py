"""By which keys a request is found again beside another: the person, the officers, stretches of the reasons.

All are made of the request itself, under the custodian's key; the register plays no part.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import lru_cache

from wicketgate.core.request import Request
from wicketgate.stages.comparison import name_key, tin_key
from wicketgate.stages.facts.lists import entries
from wicketgate.stages.facts.officers import officer_key
from wicketgate.stages.likeness import sketch
from wicketgate.store.work_kin import Mark

_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_SIGN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Kin:
    """The custodian's key, without which what is kept means nothing."""

    key: bytes = field(repr=False)

    def persons(self, request: Request) -> list[int]:
        """By name, and by taxpayer number where one is given."""
        name = name_key(
            request.taxpayer_first_name,
            request.taxpayer_middle_name,
            request.taxpayer_last_name,
            request.taxpayer_suffix,
        )
        keys = [self._key("person", name.first, *name.surnames)] if name.surnames else []
        number = tin_key(request.taxpayer_tin)
        if number.isdigit():
            keys.append(self._key("number", number))
        return keys

    def officers(self, request: Request) -> list[int]:
        """By each engaged officer."""
        return [self._key("officer", officer_key(each)) for each in entries(request.engaged_officers)]

    def texts(self, request: Request) -> list[int]:
        """By what nearly equal reasons have in common."""
        return [self._key("text", str(band)) for band in sketch(request.reasons or "", names_of(request))]

    def of(self, request: Request) -> list[int]:
        """All keys, each once."""
        found = (*self.persons(request), *self.officers(request)[:20], *self.texts(request))
        return list(dict.fromkeys(found))

    def mark(self, request: Request) -> Mark:
        """By what an overseer counts requests without reading them."""
        text = request.reasons or ""
        for name in filter(None, (request.taxpayer_first_name, request.taxpayer_last_name)):
            text = text.replace(name, "")
        address = (
            *(request.address_line1, request.address_line2, request.address_city, request.address_state),
            (request.address_postal_code or "")[:5],
        )
        persons = self.persons(request)
        return Mark(
            self._worded("reasons", text, _NO_LETTER),
            self._worded("address", " ".join(filter(None, address)), _NO_SIGN),
            persons[0] if persons else None,
            self._worded("matter", request.matter_number or "", _NO_SIGN),
        )

    def _worded(self, what: str, text: str, signs: re.Pattern[str]) -> int | None:
        folded = signs.sub(" ", text.casefold()).strip()
        return self._key(what, folded) if folded else None

    def _key(self, *parts: str) -> int:
        return _keyed(self.key, "\x1f".join(parts))


@lru_cache(maxsize=16_384)
def _keyed(key: bytes, text: str) -> int:
    made = hmac.digest(key, text.encode(errors="surrogatepass"), "sha256")
    return int.from_bytes(made[:8], "big", signed=True)


def names_of(request: Request) -> str:
    """The person's own names, which tell nothing when two texts are compared."""
    return " ".join(
        filter(
            None,
            (request.taxpayer_first_name, request.taxpayer_middle_name, request.taxpayer_last_name),
        )
    )
