"""Why a call was not done: a status, a stable code, one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping


class CallRefusedError(Exception):
    """A call that was refused; nothing was done. `further` are members of the problem (RFC 9457)."""

    def __init__(
        self, status: int, code: str, sentence: str, further: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence
        self.further = further or {}


def unknown() -> CallRefusedError:
    """The same for what is not there, belongs to somebody else, or is not to be told."""
    return CallRefusedError(404, "unknown", "Your agency has nothing under this name.")


def wrong_cursor() -> CallRefusedError:
    """For a cursor that no page ended with."""
    return CallRefusedError(422, "cursor", "The cursor is not one of ours; begin at the first page.")
