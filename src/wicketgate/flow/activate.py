"""Activation: from a day on, a version of an authority applies, because everything about it is green.

All is decided on a private copy of the authority's folder, and this very copy is what is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from wicketgate.core.context import Context
from wicketgate.embedded import ClusterError
from wicketgate.flow.evidence import compared, conforming, proved
from wicketgate.flow.law_store import TEXT, LawStore, content_digest
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.spark_session import EngineError
from wicketgate.law import AuthorityError, CompiledLaw, authorities, compile_authority, load
from wicketgate.law.activation import (
    Activation,
    ActivationError,
    last_day,
    require_cases,
    require_comparison,
    require_place,
    standing,
)
from wicketgate.law.check import check
from wicketgate.law.compare import Comparison
from wicketgate.law.prove import ProofError
from wicketgate.law.source import find
from wicketgate.store.database import DatabaseError

REFUSALS = (ActivationError, AuthorityError, ProofError, ClusterError, DatabaseError, EngineError)
"""Why a version is not activated: each carries one clear sentence."""
PROOFS, CONFORMANCE, COMPARISON = "proofs.json", "conformance.json", "comparison.txt"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be activated: an authority under the context's switches, from the day `first` on.

    The context's day is the day of the act. `root` is a folder of authorities to read
    instead of the installed ones. `proofs` is a report made before; `accepted` the digest
    of a comparison that was read and accepted; `replace` allows that a version that has
    not begun never begins.
    """

    name: str
    overlays: tuple[str, ...]
    first: date
    context: Context
    root: Path | None = None
    proofs: Path | None = None
    accepted: str | None = None
    replace: bool = False


def activate(
    folder: Path,
    wish: Wish,
    engine_names: Sequence[str],
    words: Callable[[Comparison], str],
    show: Callable[[str], None],
    progress: Progress = silent,
) -> Activation:
    """Activate a version in the store `folder`.

    `words` puts a comparison into words; `show` is told them before anything is decided
    on them. Raises `ActivationError` or `AuthorityError` when the version may not be
    activated, `ProofError` when it cannot be proved, and what `engines` raises.
    """
    overlays = tuple(sorted(wish.overlays))
    store = LawStore(folder, wish.name, overlays)
    source = find(wish.name, overlays, wish.root)
    with tempfile.TemporaryDirectory(prefix="wicketgate-") as scratch, store.exclusively():
        acts = store.acts()
        require_place(acts, wish.first, wish.context.as_of, replace=wish.replace)
        root = Path(scratch)
        files = dict(_copied(source.folder, root, source.folder.name))
        authority = load(wish.name, overlays, on=wish.first, switches=wish.context.switches, root=root)
        law = compile_authority(authority)
        require_cases(check(wish.name, on=wish.first, root=root))
        since, before = _before(store, acts, wish.first)
        text, admits_more = compared(before, law, root, words)
        head = f"{store.line.name} from {wish.first} on\nbefore: {since}\nnow:    {authority.digest}\n\n"
        comparison = (head + text).encode()
        show(head + text)
        require_comparison(content_digest(comparison), wish.accepted, admits_more=admits_more)
        evidence = {
            COMPARISON: comparison,
            PROOFS: proved(authority, root, wish.proofs, progress),
            CONFORMANCE: conforming(law, root, engine_names, progress),
        }
        act = Activation(
            number=len(acts) + 1,
            authority=wish.name,
            overlays=overlays,
            switches=authority.switches,
            authority_digest=authority.digest,
            first=wish.first,
            last=last_day(authority.changes, wish.first),
            activated_on=wish.context.as_of,
            evidence={name: content_digest(content) for name, content in evidence.items()},
            files={name: content_digest(content) for name, content in files.items()},
            previous=acts[-1].digest if acts else "",
        )
        store.add(act, files, evidence)
        return act


def _before(store: LawStore, acts: Sequence[Activation], first: date) -> tuple[str, CompiledLaw | None]:
    """The version that would apply on `first` without the act, in words and compiled.

    Where nothing was activated, that is the installed authority under its default answers.
    """
    earlier = [act for act in standing(acts) if act.first < first]
    if earlier:
        act = earlier[-1]
        law = compile_authority(store.loaded(act, act.first, {}))
        return f"{act.authority_digest}, in force from {act.first} on", law
    if store.authority not in authorities():
        return "nothing", None
    there = [overlay for overlay in store.overlays if overlay in find(store.authority).overlays()]
    try:
        installed = load(store.authority, there, on=first)
    except AuthorityError:  # nothing of it is in force on that day
        return "nothing", None
    return f"{installed.digest}, as installed", compile_authority(installed)


def _copied(folder: Traversable, root: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """Copy a folder of an authority below `root`; gives each file's place in a store and its content."""
    (root / name).mkdir()
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            yield from _copied(entry, root, f"{name}/{entry.name}")
        else:
            content = entry.read_bytes()
            (root / name / entry.name).write_bytes(content)
            yield f"{TEXT}/{name}/{entry.name}", content
