"""Digests by which requests that share a person, an officer, a place, a matter or a text find each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple


class SetKeys(NamedTuple):
    """One request's keys, 16 hexadecimal digits each; None (or no entry) where nothing is stated.

    For counting only. They are short digests of guessable texts, so they are no more public
    than the request itself.
    """

    reasons_key: str | None
    """The reasons without the person's own names, digits and punctuation."""
    officer_keys: tuple[str, ...]
    person_keys: tuple[str, ...]
    """By taxpayer number and by name and birth date, where given; by name alone when neither is."""
    address_key: str | None
    """The delivery point, unit and five-digit ZIP."""
    matter_key: str | None
    name_key: str | None


def digest(*parts: str) -> str:
    """16 hexadecimal digits for the parts, in order."""
    return blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def person_keys(name: str, digits: str | None, born: date | None) -> tuple[str, ...]:
    """The keys under which the person may be asked for again.

    `name` is folded and may be empty; `digits` are the taxpayer number's (`tin_digits`).
    """
    keys = []
    if digits:
        keys.append(digest("tin", digits))
    if name and born:
        keys.append(digest("born", name, born.isoformat()))
    if name and not keys:
        keys.append(digest("name", name))
    return tuple(keys)


def matter_key(words: Iterable[str]) -> str:
    """The key of a matter number's words, whoever asks: two agencies that share one are counted together."""
    return digest("matter", *words)


def reasons_key(words: Sequence[str], names: frozenset[str]) -> str:
    """The key of the reasons' folded words; `names` and whatever holds a digit are left out.

    An initial is no name here (`names` holds none): whoever adds one must not make a repeated text look new.
    """
    left = words if not names else [word for word in words if word not in names]
    return digest("reasons", *filter(str.isalpha, left))
