"""What makes a value of the river unforgeable inside a process.

A passage (`Sufficient`, `Verified`, `Approved`) carries a stamp: a MAC over its content
with a key that lives in the module of the one function that makes it. A value that was
built, replaced, unpickled or patched in any other way has no valid stamp, its constructor
raises, and the next stage refuses it. Nothing is carried over between processes: a later
process makes the value again from what is stored, which re-runs the decision.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import ClassVar, Protocol

from wicketgate.core.digest import Canonical, canonical


class PassageError(TypeError):
    """A value of the river that its own stage did not make."""


class Passage(Protocol):
    """A stamped value: its canonical content, its stamp, and the seal of its kind."""

    seal: ClassVar[Seal]

    @property
    def stamp(self) -> bytes:
        """MAC over the content."""
        ...

    def content(self) -> Canonical:
        """Everything the stamp binds, the predecessor's digest included."""
        ...


class Seal:
    """The stamp of one kind of passage, held by the module whose one function makes it."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._key = secrets.token_bytes(32)

    def stamp(self, content: Canonical) -> bytes:
        """The MAC that marks `content` as made here."""
        return hmac.digest(self._key, canonical(content), hashlib.sha256)

    def require(self, value: Passage) -> None:
        """Raise `PassageError` unless `value` carries this seal's stamp over its present content."""
        if not hmac.compare_digest(value.stamp, self.stamp(value.content())):
            raise PassageError(
                f"This {self._kind} was not made by its own stage, so nothing may follow from it."
            )

    def __repr__(self) -> str:
        return f"<Seal of {self._kind}>"

    def __reduce__(self) -> str:
        raise PassageError("A seal does not leave its process.")
