"""Statutory review: does the request show every element? The register plays no part here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias

from wicketgate.core.digest import Canonical, digest
from wicketgate.core.facts import Facts
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.core.identifiers import Handle
from wicketgate.core.request import Request
from wicketgate.law import CompiledLaw
from wicketgate.stages.passage import Seal


@dataclass(frozen=True, slots=True)
class Basis:
    """What a determination rests on, stored with it so that it can be replayed.

    `authority` is the digest over the authority's files, parameters and switches.
    """

    authority: str
    on: date
    request: str
    facts: str

    def content(self) -> Canonical:
        """The canonical form."""
        return {
            "authority": self.authority,
            "on": self.on.isoformat(),
            "request": self.request,
            "facts": self.facts,
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """Counsel's recorded determination that one referral is resolved in the request's favour."""

    code: str
    counsel: str
    reasons: str


@dataclass(frozen=True, slots=True, repr=False)
class Sufficient:
    """Every element is shown, or referred and resolved by counsel. Only `review` makes one."""

    seal: ClassVar[Seal] = Seal("Sufficient")

    handle: Handle
    basis: Basis
    resolutions: tuple[Resolution, ...]
    stamp: bytes

    def __post_init__(self) -> None:
        self.seal.require(self)

    def content(self) -> Canonical:
        """What the stamp binds."""
        return _content(self.handle, self.basis, self.resolutions)

    @property
    def digest(self) -> str:
        """The name that the next stage carries."""
        return digest(self.content())

    def __repr__(self) -> str:
        return f"<Sufficient {self.handle}>"


@dataclass(frozen=True, slots=True)
class Deficient:
    """At least one element is not shown; nobody can waive it."""

    handle: Handle
    basis: Basis
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Referred:
    """At least one element needs a person's determination, and none is a defect."""

    handle: Handle
    basis: Basis
    findings: tuple[Finding, ...]


Reviewed: TypeAlias = Sufficient | Deficient | Referred


def review(
    handle: Handle,
    request: Request,
    facts: Facts,
    law: CompiledLaw,
    on: date,
    resolutions: Sequence[Resolution] = (),
) -> Reviewed:
    """Review one request against one authority on one day.

    `resolutions` are counsel's: they can settle a referral and never a defect.
    """
    basis = Basis(law.authority.digest, on, request_digest(request), digest(dict(facts)))
    findings = law.findings(law.evaluate(facts))
    settled = {resolution.code for resolution in resolutions}
    open_findings = tuple(
        finding
        for finding in findings
        if finding.severity is not Severity.REFER or finding.code not in settled
    )
    determination = Determination.of(open_findings)
    if determination is Determination.DEFICIENT:
        return Deficient(handle, basis, open_findings)
    if determination is Determination.REFERRED:
        return Referred(handle, basis, open_findings)
    resolved = tuple(resolutions)
    return Sufficient(handle, basis, resolved, Sufficient.seal.stamp(_content(handle, basis, resolved)))


def request_digest(request: Request) -> str:
    """The digest of the request as it was written."""
    return digest(request.as_mapping())


def _content(handle: Handle, basis: Basis, resolutions: tuple[Resolution, ...]) -> Canonical:
    return {
        "handle": str(handle),
        "basis": basis.content(),
        "resolutions": [[r.code, r.counsel, r.reasons] for r in resolutions],
    }
