"""How word tables are written down in this room: plain words in a text, split at spaces."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def in_order(text: str) -> list[str]:
    """The words of a text, in order."""
    return text.split()


def variants(text: str) -> dict[str, str]:
    """``short: other other; …`` as a map from every spelling to the short one, itself included."""
    table: dict[str, str] = {}
    for entry in text.split(";"):
        short, _, others = entry.partition(":")
        table.update(dict.fromkeys((short.strip(), *others.split()), short.strip()))
    return table
