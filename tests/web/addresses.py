"""Every address of the gate, made from the URL table: no page can be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

KEY = "sha256:" + "0" * 64
SAMPLES: dict[str, object] = {
    "pk": 1,
    "provider_id": "agency",
    "handle": "WG-2222-2222-2222",
    "index": 0,
    "number": 1,
    "key": KEY,
    "key_id": KEY,
    "upload": 1,
    "agency": "DHS",
    "act": "keep",
    "name": "results",
    "kind": "csv",
    "document": "incident",
    "shape": "officers",
    "report": "confidential",
    "year": 2026,
    "form": "csv",
}
"""For each parameter of a path a value that leads nowhere in particular."""


@dataclass(frozen=True, slots=True)
class Address:
    """A door and a path that leads to it."""

    name: str
    path: str


def patterns(entries: Iterable[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """All patterns, those of included tables too."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry.url_patterns)


def addresses() -> list[Address]:
    """One for each pattern; raises `KeyError` for a parameter without a sample."""
    return [
        Address(
            str(each.name),
            reverse(str(each.name), kwargs={key: SAMPLES[key] for key in each.pattern.converters}),
        )
        for each in patterns()
    ]
