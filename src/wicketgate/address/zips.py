"""The ZIP table: which codes are assigned, in which state, for which cities, of which kind.

The data and where they come from: `data/README.md`. The file is read once, when
the first address is judged, and refused when it is not the file this version names.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from wicketgate.address.fold import CITY_FORMS

VERSION = "zipcodes-3.0.0"
"""Names the edition of the table that a verdict rests on."""
SHA256 = "b19a57840cf6a6567643752ffc572bf94978734644ef5941732629acedce934d"
"""Of the uncompressed file."""


class Zip(NamedTuple):
    """What is known of one five-digit code.

    `kind`: S standard, P boxes only, U one organisation alone (UNIQUE), M military.
    `cities` is ``|first|second|``, folded like `city_words`.
    """

    kind: str
    state: str
    in_use: bool
    cities: str


@cache
def table() -> dict[str, str]:
    """All assigned codes and what the file says of each. Raises `RuntimeError` for any other file."""
    packed = resources.files("wicketgate.address").joinpath("data/zips.csv.gz").read_bytes()
    data = gzip.decompress(packed)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise RuntimeError("address/data/zips.csv.gz is not the table that this version names")
    text = data.decode("ascii").lower().replace("-", " ")
    text = text.replace("&", " and ").replace("/", " or ").replace("  ", " ")
    text = re.sub(r"\b(?:" + "|".join(CITY_FORMS) + r")\b", lambda match: CITY_FORMS[match[0]], text)
    return {line[:5]: line[6:] for line in text.splitlines()[1:]}


def look_up(code: str) -> Zip | None:
    """The entry of one code; None where no post office has it."""
    entry = table().get(code)
    if entry is None:
        return None
    kind, state, in_use = entry[0], entry[2:4], entry[5]
    return Zip(kind.upper(), state.upper(), in_use == "1", f"|{entry[7:]}|")


@cache
def all_cities() -> frozenset[str]:
    """Every folded city name of the table; asked only about lines that are no address anyway."""
    return frozenset(city for entry in table().values() for city in entry[7:].split("|"))
