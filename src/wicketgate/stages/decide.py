"""The decision: a second person approves or refuses, without ever seeing the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from wicketgate.core.digest import Canonical, digest
from wicketgate.core.identifiers import Handle
from wicketgate.stages.passage import Seal
from wicketgate.stages.verify import OrderOfActsError, Verified


class FourEyesError(ValueError):
    """One person tried to stand for two."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the approver decided. `approve` is False for a refusal by a person."""

    handle: Handle
    approver: str
    approve: bool
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Approved:
    """Two different people stand for this disclosure. Only `decide` makes one."""

    seal: ClassVar[Seal] = Seal("Approved")

    handle: Handle
    verified: str
    examiner: str
    approver: str
    stamp: bytes

    def __post_init__(self) -> None:
        self.seal.require(self)

    def content(self) -> Canonical:
        """What the stamp binds."""
        return [str(self.handle), self.verified, self.examiner, self.approver]

    @property
    def digest(self) -> str:
        """The name that the next stage carries."""
        return digest(self.content())

    def __repr__(self) -> str:
        return f"<Approved {self.handle}>"


@dataclass(frozen=True, slots=True)
class Refused:
    """A person refused; outwardly the same as a request that was not verified."""

    handle: Handle
    approver: str


Decided: TypeAlias = Approved | Refused


def decide(verified: Verified, decision: Decision) -> Decided:
    """Conclude from the approver's decision.

    Raises `PassageError` for a `verified` that verification did not make,
    `OrderOfActsError` for a decision about another request and `FourEyesError`
    when the approver is the examiner.
    """
    Verified.seal.require(verified)
    if decision.handle != verified.handle:
        raise OrderOfActsError(f"{verified.handle} was not decided: the decision names another request.")
    if not decision.approver.strip() or _same_person(decision.approver, verified.examiner):
        raise FourEyesError(
            f"{verified.handle} needs two people: whoever endorsed a request cannot approve or refuse it."
        )
    if not decision.approve:
        return Refused(verified.handle, decision.approver)
    content = [str(verified.handle), verified.digest, verified.examiner, decision.approver]
    return Approved(
        verified.handle,
        verified.digest,
        verified.examiner,
        decision.approver,
        Approved.seal.stamp(content),
    )


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
