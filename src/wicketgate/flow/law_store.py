"""The folder of activated versions: written once, read with every digest checked.

One folder for each authority with a set of overlays, and in it one for each act of
activation: ``0001-<digest>/`` with the record (`activation.json`), a copy of the whole
authority (`authority/`) and the evidence (`proofs.json`, `conformance.json`,
`comparison.txt`).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wicketgate.core.context import SwitchValue
from wicketgate.core.digest import canonical
from wicketgate.core.identifiers import AuthorityName
from wicketgate.flow.file_digest import file_digest
from wicketgate.law import Authority, load
from wicketgate.law.activation import Activation, ActivationError, chained, choose, read_activation

RECORD = "activation.json"
TEXT = "authority"
_DRAFT = ".new-"


@dataclass(frozen=True, slots=True)
class LawStore:
    """The versions of one authority with a set of overlays, in a folder that may hold several."""

    folder: Path
    authority: str
    overlays: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in (self.authority, *self.overlays):
            try:
                AuthorityName(name)
            except ValueError as problem:
                raise ActivationError(
                    f"{name[:80]!a} names nothing that can be activated: {problem}."
                ) from None

    @property
    def line(self) -> Path:
        """The folder of this authority with these overlays."""
        return self.folder / "+".join((self.authority, *sorted(self.overlays)))

    def acts(self) -> tuple[Activation, ...]:
        """Every act, oldest first; raises `ActivationError` when one is missing or was changed."""
        there = sorted(self.line.iterdir()) if self.line.is_dir() else []
        folders = [folder for folder in there if not folder.name.startswith(".")]
        acts = tuple(map(_read, folders))
        chained(acts)
        for act, folder in zip(acts, folders, strict=True):
            if LawStore(self.folder, act.authority, act.overlays).place(act) != folder:
                raise ActivationError(f"{folder.name} holds another activation than it says; move it back.")
        return acts

    def version(self, on: date, switches: Mapping[str, SwitchValue]) -> Authority:
        """The version that applies on the day `on`.

        Raises `ActivationError` when none does, when its files were changed, and when the
        custodian's `switches` differ from those under which it was activated.
        """
        return self.loaded(choose(self.acts(), on), on, switches)

    def loaded(self, act: Activation, on: date, switches: Mapping[str, SwitchValue]) -> Authority:
        """The authority of one act as it stands on the day `on`, checked as in `version`."""
        for name, value in switches.items():
            if act.switches.get(name) != value:
                stood = act.switches.get(name, "no such switch")
                raise ActivationError(
                    f"{act.authority} was activated with {name} = {stood}, and the context says {value}; "
                    "activate it with that value, or take the switch out of the context."
                )
        folder = self.place(act)
        _check_files(folder, act)
        authority = load(act.authority, act.overlays, on=on, switches=act.switches, root=folder / TEXT)
        if authority.digest != act.authority_digest:
            raise ActivationError(
                f"{folder.name}: the text is not the version that was activated on {act.activated_on}; "
                "restore it from a copy, or activate it again."
            )
        return authority

    def place(self, act: Activation) -> Path:
        """The folder of one act."""
        return self.line / f"{act.number:04d}-{act.authority_digest.removeprefix('sha256:')}"

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Nobody else activates a version of this authority meanwhile."""
        self.line.mkdir(parents=True, exist_ok=True)
        with (self.line / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ActivationError(
                    "somebody else is activating a version of it now; try again later."
                ) from None
            for draft in self.line.glob(_DRAFT + "*"):  # left behind by somebody who was interrupted
                shutil.rmtree(draft, ignore_errors=True)
            yield

    def add(self, act: Activation, text: Mapping[str, bytes], evidence: Mapping[str, bytes]) -> Path:
        """Write one act with the authority's files and its evidence: durable and whole, or not at all."""
        draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.line))
        try:
            for name, content in (*text.items(), *evidence.items(), (RECORD, _json(act))):
                path = draft / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                path.chmod(0o444)
            for folder in (*(path for path in draft.rglob("*") if path.is_dir()), draft):
                _sync(folder)
            draft.chmod(0o755)
            final = draft.rename(self.place(act))
            for folder in (self.line, self.folder, self.folder.absolute().parent):
                _sync(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return final


def _read(folder: Path) -> Activation:
    try:
        act = read_activation(json.loads((folder / RECORD).read_bytes()))
    except (OSError, ValueError, RecursionError) as problem:
        if isinstance(problem, ActivationError):
            raise ActivationError(f"{folder.name}/{RECORD} {problem}.") from None
        raise ActivationError(f"{folder.name}/{RECORD} is missing or cannot be read.") from None
    for name, expected in act.evidence.items():
        _check(folder / name, expected, folder)
    return act


def _check_files(folder: Path, act: Activation) -> None:
    for name, expected in act.files.items():
        _check(folder / name, expected, folder)
    there = {str(path.relative_to(folder)) for path in (folder / TEXT).rglob("*") if path.is_file()}
    if more := sorted(there - set(act.files)):
        raise ActivationError(
            f"{folder.name}/{more[0]} was not there when the version was activated; remove it."
        )


def _check(path: Path, expected: str, folder: Path) -> None:
    try:
        found = file_digest(path)
    except OSError:
        found = ""
    if found != expected:
        raise ActivationError(
            f"{folder.name}/{path.relative_to(folder)} has been changed or is missing since the version was "
            "activated; restore it from a copy."
        )


def content_digest(content: bytes) -> str:
    """The digest by which an act names a file, as ``sha256sum`` prints it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _json(act: Activation) -> bytes:
    return json.dumps(json.loads(canonical(act.content())), indent=1, ensure_ascii=False).encode() + b"\n"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
