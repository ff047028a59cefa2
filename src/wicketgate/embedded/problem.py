"""The one error of this room."""

from __future__ import annotations


class ClusterError(RuntimeError):
    """The private PostgreSQL cannot run; the message is one sentence with the remedy."""
