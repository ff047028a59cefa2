"""Digests by which requests that share a person, an officer, a place, a matter or a text find each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from wicketgate.stages.facts.names import NameText


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


def keyed(kind: str) -> Callable[[str], str]:
    """A function that gives 16 hexadecimal digits for a text, or for texts joined by `BETWEEN`."""
    begun = blake2b(f"{kind}{BETWEEN}".encode(), digest_size=8)

    def key(text: str) -> str:
        hashed = begun.copy()  # half the time of beginning anew
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.hexdigest()

    return key


BETWEEN = "\x1f"
address_key = keyed("address")
_tin, _born, _name, _matter = map(keyed, ("tin", "born", "name", "matter"))
_reasons = blake2b(b"reasons", digest_size=8)


def name_text(first: NameText, last: NameText) -> str:
    """First and last name, folded; empty when there is neither."""
    return f"{first.folded}|{last.folded}" if first.folded or last.folded else ""


def name_key(name: str, suffix: NameText) -> str | None:
    """The key of a `name_text` with its suffix."""
    return _name(f"{name}{BETWEEN}{suffix.folded}") if name else None


def person_keys(name: str, digits: str | None, born: date | None) -> tuple[()] | tuple[str] | tuple[str, str]:
    """The keys under which the person may be asked for again; whoever counts looks at two of them.

    `name` is a `name_text`; `digits` are the taxpayer number's (`tin_digits`).
    """
    if name and born:
        told = _born(f"{name}{BETWEEN}{born.isoformat()}")
        return (_tin(digits), told) if digits else (told,)
    if digits:
        return (_tin(digits),)
    return (_name(name),) if name else ()


def matter_key(words: list[str], identified: bool) -> str | None:
    """The key of a matter number's words, whoever asks: two agencies that share one are counted together."""
    return _matter(BETWEEN.join(words)) if identified else None


_PLAIN = b"abcdefghijklmnopqrstuvwxyz "
"""Of which `spaced_words` without digits are made, unless a script has other letters."""
_FEW = 40
"""Digits up to which it is quicker to take out their words one by one than to look at every word."""


def reasons_key(text: str, names: Collection[str]) -> str:
    """The key of the reasons' `spaced_words`; `names` and whatever holds a digit are left out.

    An initial is no name here (`names` holds none): whoever adds one must not make a repeated text look new.
    """
    data = text.encode("utf-8", "surrogatepass")
    others = data.translate(None, _PLAIN)
    if len(others) > _FEW or not others.isascii() or stand_in(text, names):
        words = [word for word in text.split() if word.isalpha() and word not in names]
        data = f" {' '.join(words)} ".encode("utf-8", "surrogatepass")
    else:
        data = _without_words_of(others, data)
    hashed = _reasons.copy()
    hashed.update(data)
    return hashed.hexdigest()


def _without_words_of(digits: bytes, data: bytes) -> bytes:
    """The words that hold none of these digits, which are all that there are, in order."""
    while digits:
        at = data.index(digits[:1])
        start, end = data.rindex(b" ", 0, at), data.index(b" ", at)
        digits = digits[len(data[start:end].translate(None, _PLAIN)) :]
        data = data[:start] + data[end:]
    return data if len(data) > 1 else b"  "


def stand_in(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words is among the text's `spaced_words`."""
    for word in words:  # noqa: SIM110  # called for every request, where a generator costs more than the search
        if f" {word} " in text:
            return True
    return False
