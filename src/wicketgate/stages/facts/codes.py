"""Cells whose only meaningful values are the interface's own codes."""

from __future__ import annotations

from wicketgate.core.catalogue import CATALOGUE


def code(fact: str, text: str | None) -> str | None:
    """The text when it is exactly one of the fact's codes, blanks around it apart; else None."""
    if text is None:
        return None
    text = text.strip()
    return text if text in _CODES[fact] else None


_CODES = {name: frozenset(spec.values) for name, spec in CATALOGUE.items() if spec.values}


def attested(text: str | None) -> bool | None:
    """Only ``true`` attests and only ``false`` denies; anything else says nothing."""
    return {"true": True, "false": False}.get(text.strip()) if text is not None else None
