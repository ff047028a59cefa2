"""Fixtures of the agencies' side: the office of the workplace, seen from outside."""

from __future__ import annotations

from tests.workplace.conftest import fresh, office

__all__ = ["fresh", "office"]
