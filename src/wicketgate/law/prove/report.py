"""What was proved of an authority, for people and for whoever activates it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from wicketgate.core.context import SwitchValue
from wicketgate.law.prove.obligations import Kind
from wicketgate.law.prove.solvers import Answer

FORMAT = "wicketgate-proof/1"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One obligation, what each solver answered, and, when it does not hold, why in words."""

    kind: Kind
    subject: str
    holds: bool
    z3: Answer
    cvc5: Answer
    seconds: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """All obligations of one kind."""

    kind: Kind
    count: int
    failed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ProofReport:
    """The proofs of one authority under one day, overlays and switches: exactly those of `digest`."""

    authority: str
    digest: str
    on: date
    overlays: tuple[str, ...]
    switches: Mapping[str, SwitchValue]
    obligations: tuple[Outcome, ...]
    solvers: Mapping[str, str]
    """Versions by name."""
    seconds: Mapping[str, float]
    """Time that each solver took."""

    @property
    def all_hold(self) -> bool:
        """True when there are obligations and both solvers proved every one."""
        return bool(self.obligations) and all(outcome.holds for outcome in self.obligations)

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The obligations that do not hold or are not decided."""
        return tuple(outcome for outcome in self.obligations if not outcome.holds)

    def lines(self) -> Iterator[Line]:
        """The obligations by kind, in their order."""
        for kind, group in groupby(self.obligations, key=lambda outcome: outcome.kind):
            outcomes = list(group)
            failed = sum(not outcome.holds for outcome in outcomes)
            yield Line(kind, len(outcomes), failed, sum(outcome.seconds for outcome in outcomes))

    def to_json(self) -> str:
        """The whole report as JSON text, whose `authority_digest` and `all_hold` activation asks for."""
        return json.dumps(
            {
                "format": FORMAT,
                "authority": self.authority,
                "authority_digest": self.digest,
                "on": self.on.isoformat(),
                "overlays": self.overlays,
                "switches": dict(self.switches),
                "all_hold": self.all_hold,
                "solvers": dict(self.solvers),
                "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
                "obligations": [
                    asdict(outcome) | {"seconds": round(outcome.seconds, 4)} for outcome in self.obligations
                ],
            },
            indent=1,
            ensure_ascii=False,
        )
