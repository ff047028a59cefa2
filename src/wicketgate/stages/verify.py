"""Verification: the register's answer to one committed question about one sufficient request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, TypeAlias

from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.stages.passage import Seal
from wicketgate.stages.review import Sufficient


class Answer(StrEnum):
    """What the register's one function answers. The requester never learns which."""

    ONE = "one"
    NOT_ONE = "not_one"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Endorsement:
    """An examiner's signed view that the request may go to verification."""

    handle: Handle
    examiner: str
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Verified:
    """Exactly one person of the register is meant. Only `verify` makes one."""

    seal: ClassVar[Seal] = Seal("Verified")

    handle: Handle
    sufficient: str
    examiner: str
    stamp: bytes

    def __post_init__(self) -> None:
        self.seal.require(self)

    def content(self) -> Canonical:
        """What the stamp binds."""
        return [str(self.handle), self.sufficient, self.examiner]

    @property
    def digest(self) -> str:
        """The name that the next stage carries."""
        return digest(self.content())

    def __repr__(self) -> str:
        return f"<Verified {self.handle}>"


@dataclass(frozen=True, slots=True)
class NotVerified:
    """Not exactly one person, or one whose record is held back; outwardly the same."""

    handle: Handle
    held: bool


Verification: TypeAlias = Verified | NotVerified


class OrderOfActsError(ValueError):
    """An act that belongs to another request or came before the one it rests on."""


def verify(sufficient: Sufficient, endorsement: Endorsement, answer: Answer) -> Verification:
    """Conclude from the register's answer.

    Raises `PassageError` for a `sufficient` that review did not make, and
    `OrderOfActsError` for an endorsement of another request.
    """
    Sufficient.seal.require(sufficient)
    if endorsement.handle != sufficient.handle:
        raise OrderOfActsError(
            f"{sufficient.handle} was not endorsed: the endorsement names another request."
        )
    if not endorsement.examiner.strip():
        raise OrderOfActsError(f"{sufficient.handle} was not endorsed: the endorsement names no examiner.")
    if answer is not Answer.ONE:
        return NotVerified(sufficient.handle, held=answer is Answer.HELD)
    content = [str(sufficient.handle), sufficient.digest, endorsement.examiner]
    return Verified(sufficient.handle, sufficient.digest, endorsement.examiner, Verified.seal.stamp(content))
