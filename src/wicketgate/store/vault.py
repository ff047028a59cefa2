"""What is about a person lies sealed in the database, with one key for each request.

The keys are elsewhere. Whoever writes or reads a request, the words of officers about it or its entries
in the log comes through here, so nothing about a person is written in clear, and when a request's key is
destroyed nothing about it can be read any more, in this database or in any copy of it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

from wicketgate.core.identifiers import Handle

Piece: TypeAlias = tuple[Handle, str, bytes]
"""The request that it is about, what it is of that request, and the plain or the sealed bytes."""

Seal: TypeAlias = Callable[[Sequence[Piece]], list[bytes]]
"""Seals with keys that are at hand: it asks nobody and waits for nobody."""

EXPUNGED = "(expunged)"
"""What stands where words were whose key was destroyed."""


class SealedError(RuntimeError):
    """What is sealed cannot be written or read; one sentence."""


class Vault(Protocol):
    """Seals and opens with the key of each request."""

    def seal(self, pieces: Sequence[Piece]) -> list[bytes]:
        """Sealed bytes that open only as what they are of that request; its key is made at first."""
        ...

    def sealing(self, handles: Sequence[Handle]) -> Seal:
        """The keys of these requests now, and what seals about them afterwards, for instance under a lock."""
        ...

    def open(self, pieces: Sequence[Piece]) -> list[bytes | None]:
        """What was sealed; None where the request's key was destroyed."""
        ...

    def ready(self, handles: Sequence[Handle]) -> None:
        """Begin to fetch the keys of these requests, made where there never was one: sealing follows."""
        ...

    def forget(self) -> None:
        """Remember no key: what was expunged a moment ago is not opened any more."""
        ...


class NoVault:
    """A gate without keys: what is about a person is neither written nor read."""

    def seal(self, pieces: Sequence[Piece]) -> list[bytes]:
        """Nothing, or a refusal."""
        return list(_nothing(pieces))

    def sealing(self, handles: Sequence[Handle]) -> Seal:
        """Nothing, or a refusal."""
        _nothing(handles)
        return self.seal

    def open(self, pieces: Sequence[Piece]) -> list[bytes | None]:
        """Nothing, or a refusal."""
        return list(_nothing(pieces))

    def ready(self, handles: Sequence[Handle]) -> None:
        """There is no key to have."""

    def forget(self) -> None:
        """Nothing is remembered."""


def _nothing(pieces: Sequence[object]) -> Iterable[bytes]:
    if pieces:
        raise SealedError(
            "What a request says is sealed, and this gate has no key process; start one and name its socket."
        )
    return ()


def seal_words(vault: Vault, what: str, words: Sequence[tuple[Handle, str | None]]) -> list[str | None]:
    """Officers' words about requests, sealed as text; what is blank stays so, for the guards."""
    written = [(handle, what, text.encode()) for handle, text in words if text and text.strip()]
    sealed = iter(vault.seal(written))
    return [b64encode(next(sealed)).decode() if text and text.strip() else text for _, text in words]


def open_words(vault: Vault, what: str, words: Sequence[tuple[Handle, str | None]]) -> list[str | None]:
    """The words again; `EXPUNGED` in place of those whose key was destroyed."""
    sealed = [(handle, what, b64decode(text)) for handle, text in words if text and text.strip()]
    opened = iter(vault.open(sealed))
    return [_told(next(opened)) if text and text.strip() else text for _, text in words]


def _told(opened: bytes | None) -> str:
    return EXPUNGED if opened is None else opened.decode()
