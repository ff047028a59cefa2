"""Text to comparable words: case, marks, look-alike forms and punctuation folded away.

Folding is for reading and comparing only; what was received is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPELLED = {
    **dict.fromkeys("’‘ʻʼ´`′＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    "½": " 1/2 ",
    "⅓": " 1/3 ",
    "⅔": " 2/3 ",
    "¼": " 1/4 ",
    "¾": " 3/4 ",
    "⅛": " 1/8 ",
    "⁄": "/",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
    "№": " # ",
    "°": " ",
    "º": "",
    "ª": "",
}


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """One character's folded form: none, one or several ASCII characters where there is one."""
    if character in _SPELLED:
        return _SPELLED[character]
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me", "Cs"):
        return ""
    if category[0] == "Z" or category == "Cc":
        return " "
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(_SPELLED.get(part, part) for part in lowered if not unicodedata.combining(part))


def fold(text: str) -> str:
    """Lower case, no marks, compatibility forms resolved, invisible characters gone."""
    if text.isascii():
        return text.lower()
    plain = _NOT_PLAIN.sub(_fold_run, text)
    return plain.lower() if plain.isascii() else _fold_characters(text)


_NOT_PLAIN = re.compile(r"[^ -_a-~]+")
"""All but the printable ASCII characters that fold to their lower case."""


def _fold_run(match: re.Match[str]) -> str:
    return _fold_characters(match[0])


def _fold_characters(text: str) -> str:
    return "".join(map(fold_character, text))


_GLUED = re.compile(
    r"(?<![a-z0-9])(?:apt|ste|unit|bldg|lot|rr|hc|rt|rte|fm|cr|sr|us|hwy|psc|cmr|km|pobox|box|po)(?=\d)"
)
_WORDS_ONLY = re.compile(r"[a-z0-9 ]*\Z")
_INITIAL_DOT = re.compile(r"(?<![a-z0-9])([a-z])\.(?=[a-z](?:[.\s,;]|$))")
_DOT = re.compile(r"\.(?!(?<=\d\.)\d)")
_UNIT_SLASH = re.compile(r"(?<=\d)/(?=[a-z]\b)")
_SINGLES_SLASH = re.compile(r"\b([a-z])\s?[/\\]\s?([a-z])\b")
_SLASH = re.compile(r"/(?!(?<=\d/)\d)")
_LETTER_HYPHEN_DIGITS = re.compile(r"\b([a-hj-z])-(?=\d)")
_DIGIT_HYPHEN_LETTER = re.compile(r"(?<=\d)-(?=[a-z]{1,2}\b)")
_HYPHEN = re.compile(r"-(?!(?<=\d-)\d)|-(?=\d/\d)")
_CUT = re.compile(r"[,;()\n\r|]+")
_OTHER = re.compile(r"[^\w./# \-]|_")
_ONE_PIECE = re.compile(r"[a-z0-9./# \-]*\Z")
"""A text in which nothing is left to cut or to take out."""
_CARE_OF = "CAREOF"  # upper case, so no folded text can contain it
_JOINS = {"n/a": "na", "c/o": _CARE_OF, "s/n": "sn"}


def segments(text: str) -> list[list[str]]:
    """The words of a line, cut at commas, semicolons and brackets.

    Initials close up (``P.O.`` is ``po``), ``1201-A`` is ``1201a``, ``120-55``,
    ``39.2`` and ``1/2`` stay whole, ``#`` and ``c/o`` are words of their own, and
    a slash between words is the word ``or``.
    """
    text = _GLUED.sub(_part, fold(text))
    if _WORDS_ONLY.match(text):
        words = text.split()
        return [words] if words else []
    if "'" in text:
        text = text.replace("'", "")
    if "." in text:
        text = text.rstrip(".")
        if "." in text:
            text = _DOT.sub(" ", _INITIAL_DOT.sub(r"\1", text))
    if "/" in text or "\\" in text:
        text = _UNIT_SLASH.sub("", text)
        text = _SINGLES_SLASH.sub(_join_singles, text)
        text = _SLASH.sub(" or ", text)
    if "-" in text:
        text = _DIGIT_HYPHEN_LETTER.sub("", _LETTER_HYPHEN_DIGITS.sub(r"\1", text))
        text = _HYPHEN.sub(" ", text)
    if "#" in text:
        text = text.replace("#", " # ")
    if "&" in text:
        text = text.replace("&", " and ")
    if "%" in text:
        text = text.replace("%", f" {_CARE_OF} ")
    if _ONE_PIECE.match(text):
        words = text.split()
        return [words] if words else []
    pieces = []
    for piece in _CUT.split(text):
        words = _OTHER.sub(" ", piece.replace(_CARE_OF, "c/o")).split()
        if words:
            pieces.append(words)
    return pieces


def _part(match: re.Match[str]) -> str:
    return match[0] + " "


def _join_singles(match: re.Match[str]) -> str:
    pair = f"{match[1]}/{match[2]}"
    return _JOINS.get(pair, f"{match[1]}{match[2]}")


def words(text: str) -> list[str]:
    """All words of a text, cuts ignored."""
    return [word for segment in segments(text) for word in segment]


CITY_FORMS = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "heights": "hts"}


@lru_cache(maxsize=8192)
def city_words(text: str) -> str:
    """A city's name for comparison: ``Fort Worth`` and ``FT. WORTH`` agree."""
    return " ".join(CITY_FORMS.get(word, word) for word in words(text))
