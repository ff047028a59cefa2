"""Which version of an authority applies on which day, and what it takes to activate one.

An act of activation is for ever. A later act takes over from its own first day on, so the
versions that stand follow each other without gap or overlap, and no day that has been
decided under one version is ever given to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from wicketgate.core.context import SwitchValue
from wicketgate.core.digest import Canonical, digest

FORMAT = "wicketgate-activation/1"
_DAY = timedelta(days=1)
T = TypeVar("T")


class ActivationError(ValueError):
    """A version that is not activated, or a day for which none is; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Activation:
    """One act: from `first` on, this version of the authority applies.

    `authority_digest` names the version: files, parameters, switches and overlays. `last`
    is the last day on which its text stands unchanged (None: no end is known). `evidence`
    are digests of what was looked at, by name; `files` those of every file of the
    authority. `previous` is the digest of the act before, empty for the first.
    """

    number: int
    authority: str
    overlays: tuple[str, ...]
    switches: Mapping[str, SwitchValue]
    authority_digest: str
    first: date
    last: date | None
    activated_on: date
    evidence: Mapping[str, str]
    files: Mapping[str, str]
    previous: str

    def content(self) -> Mapping[str, Canonical]:
        """The record as it is written."""
        return {
            "format": FORMAT,
            "number": self.number,
            "authority": self.authority,
            "overlays": list(self.overlays),
            "switches": dict(self.switches),
            "authority_digest": self.authority_digest,
            "first": self.first.isoformat(),
            "last": self.last.isoformat() if self.last else None,
            "activated_on": self.activated_on.isoformat(),
            "evidence": dict(self.evidence),
            "files": dict(self.files),
            "previous": self.previous,
        }

    @property
    def digest(self) -> str:
        """The name that the next act carries."""
        return digest(self.content())


def read_activation(content: object) -> Activation:
    """The act that was written; raises `ActivationError` for anything else."""
    try:
        if not isinstance(content, dict) or content["format"] != FORMAT:
            raise ActivationError("is not an activation record")
        act = Activation(
            number=_of(int, content["number"]),
            authority=_of(str, content["authority"]),
            overlays=tuple(_of(str, overlay) for overlay in _of(list, content["overlays"])),
            switches={
                _of(str, name): value if type(value) is int else _of(str, value)
                for name, value in _of(dict, content["switches"]).items()
            },
            authority_digest=_of(str, content["authority_digest"]),
            first=date.fromisoformat(content["first"]),
            last=date.fromisoformat(content["last"]) if content["last"] is not None else None,
            activated_on=date.fromisoformat(content["activated_on"]),
            evidence=_texts(content["evidence"]),
            files=_texts(content["files"]),
            previous=_of(str, content["previous"]),
        )
    except (KeyError, TypeError, ValueError):
        raise ActivationError("is not an activation record") from None
    if act.content() != content:
        raise ActivationError("is not an activation record")
    return act


def chained(acts: Sequence[Activation]) -> None:
    """Raise `ActivationError` unless the acts are numbered from 1 and each names the one before."""
    before = ""
    for number, act in enumerate(acts, start=1):
        if act.number != number or act.previous != before:
            raise ActivationError(
                f"activation {number} does not follow the one before it; "
                "restore the store of activations from a copy, for nothing in it is ever changed"
            )
        before = act.digest


def standing(acts: Sequence[Activation]) -> tuple[Activation, ...]:
    """The acts that apply on some day, oldest first: a later act takes over from its first day on."""
    versions: list[Activation] = []
    for act in acts:
        versions = [*(version for version in versions if version.first < act.first), act]
    return tuple(versions)


def choose(acts: Sequence[Activation], on: date) -> Activation:
    """The version that applies on the day `on`; raises `ActivationError` when none does."""
    if not acts:
        raise ActivationError(
            "No version has been activated; activate one with `wicketgate authority activate`."
        )
    versions = standing(acts)
    begun = [version for version in versions if version.first <= on]
    if not begun:
        raise ActivationError(
            f"No version of {acts[0].authority} is in force on {on}: the first begins on {versions[0].first}."
        )
    version = begun[-1]
    if version.last is not None and version.last < on:
        raise ActivationError(
            f"No version of {version.authority} is in force on {on}: its text changes after {version.last}, "
            f"and the changed text has not been activated; activate it from {version.last + _DAY}."
        )
    return version


def last_day(changes: Sequence[date], first: date) -> date | None:
    """The last day on which a text stands as it does on `first`, given all days on which it changes."""
    later = min((change for change in changes if change > first), default=None)
    return later - _DAY if later else None


def require_place(acts: Sequence[Activation], first: date, today: date, *, replace: bool = False) -> None:
    """Raise `ActivationError` unless a version that begins on `first` leaves no gap and no overlap.

    A version that has not begun yet may be replaced, when that is asked for; one that has
    begun is followed from `today` on at the earliest.
    """
    if acts and today < acts[-1].activated_on:
        raise ActivationError(
            f"the act before was made on {acts[-1].activated_on}, and this one is dated {today}; "
            "name a context of a later day."
        )
    before = [version for version in standing(acts) if version.first < first]
    for taken in standing(acts)[len(before) :]:
        if taken.first <= today:
            raise ActivationError(
                f"it would overlap with the version that is in force from {taken.first}; "
                f"begin after {max(taken.first, today - _DAY)}."
            )
        if not replace:
            raise ActivationError(
                f"it would overlap with the version that is to begin on {taken.first}; "
                "begin after that day, or say with --replace that it is not to begin."
            )
    if not before:
        return
    last = before[-1].last
    if last is not None and first > last + _DAY:
        raise ActivationError(
            f"there would be a gap: no version would be in force from {last + _DAY} through {first - _DAY}; "
            f"begin on {last + _DAY}."
        )
    if first < today and (last is None or first <= last):
        raise ActivationError(
            f"the days from {first} through {today - _DAY} have been decided under the version in force "
            f"from {before[-1].first}; begin on {min(today, last + _DAY) if last else today}."
        )


def require_cases(problems: Sequence[str]) -> None:
    """Raise `ActivationError` unless the authority's own cases and checks are without problem."""
    if problems:
        raise ActivationError(f"`authority check` finds {_first_of(problems)}")


def require_proofs(authority_digest: str, proved: str, failures: Sequence[str]) -> None:
    """Raise `ActivationError` unless the proofs are of this very version and every one holds."""
    if proved != authority_digest:
        raise ActivationError(
            f"the proofs are of {proved}, and the version to be activated is {authority_digest}; "
            "prove it on its first day with the same overlays and switches."
        )
    if failures:
        raise ActivationError(f"`authority prove` finds {_first_of(failures)}")


def require_conformance(rows: int, found: Mapping[str, Sequence[str]]) -> None:
    """Raise `ActivationError` unless there are rows, and every engine replays them as they must come out."""
    if not rows:
        raise ActivationError("the conformance suite has no rows; write one before you activate.")
    for engine, problems in found.items():
        if problems:
            raise ActivationError(
                f"the replay of the conformance suite on {engine} finds {_first_of(problems)}"
            )


def require_comparison(text_digest: str, accepted: str | None, *, admits_more: bool) -> None:
    """Raise `ActivationError` unless whoever lets more requests through names the comparison that says so."""
    if accepted is not None and accepted != text_digest:
        raise ActivationError(
            f"the comparison that was accepted is not this one, which is {text_digest}; read it and name it."
        )
    if admits_more and accepted is None:
        raise ActivationError(
            "more requests may pass under this version than under the one before; read the comparison, "
            f"and when that is meant, say so with --accept-comparison {text_digest}"
        )


def _first_of(problems: Sequence[str]) -> str:
    more = f"{len(problems)} problems, the first" if len(problems) > 1 else "one problem"
    return f"{more}: {problems[0].rstrip('.')}."


def _texts(value: object) -> dict[str, str]:
    return {_of(str, name): _of(str, text) for name, text in _of(dict, value).items()}


def _of(kind: type[T], value: object) -> T:
    if type(value) is not kind:
        raise TypeError
    return value
