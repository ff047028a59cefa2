"""The gate's verbs for a terminal: parse, call a flow, show."""

from __future__ import annotations

from wicketgate.cli.main import main

__all__ = ["main"]
