"""A witness's memory and key in one folder, safe against crashes, second processes and disks that fail.

A witness that forgot what it cosigned would cosign a second history. So nothing here
is ever taken to be new: a key without its state is refused, and a state that could
not be written stops the witness for good.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wicketgate.ledger.add_checkpoint import AddCheckpoint
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import Kind, SigningKey, VerifierKey
from wicketgate.ledger.witness import Fault, Seen

KEY, VKEY, STATE, EVIDENCE = "key", "vkey", "state.json", "evidence"
MOST_UNPROVED = 1_000
"""Files kept of checkpoints without a proof, which anybody can send; proven forks are always kept."""


class StateUnusableError(RuntimeError):
    """The state could not be written, so what the disk holds is not known; start again and look."""


def make_witness(folder: Path, name: str, kind: Kind) -> VerifierKey:
    """Make a witness's key and its empty state; raises `LedgerError` when the folder has a key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / KEY).exists():
        raise LedgerError(f"{folder} has a key already; it is never replaced while its state is kept.")
    if not kind.timed:
        raise LedgerError("A witness's key is of a kind made for cosignatures.")
    key = SigningKey.generate(name, kind)
    if (folder / STATE).exists() and _read(folder / STATE):
        raise LedgerError(f"{folder} has the state of a witness without its key; choose an empty folder.")
    _write(folder / STATE, _text({}), 0o600)
    _write(folder / VKEY, f"{key.verifier}\n", 0o644)
    _write(folder / KEY, key.dump() + "\n", 0o600)
    return key.verifier


class FileState:
    """The memory of one witness; one process at a time holds it, until `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = threading.Lock()
        self._usable = True
        if not (folder / KEY).is_file():
            raise LedgerError(f"{folder} has no key; make one with `wicketgate witness keygen`.")
        self._lock = os.open(folder / KEY, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._logs = _read(folder / STATE)
        except BlockingIOError:
            self.close()
            raise LedgerError(f"Another witness is at work on {folder}.") from None
        except BaseException:
            self.close()
            raise

    def key(self) -> SigningKey:
        """The witness's key."""
        return SigningKey.load((self._folder / KEY).read_text(encoding="utf-8").removesuffix("\n"))

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._lock)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One thread at a time; raises `StateUnusableError` after a write that failed."""
        with self._threads:
            if not self._usable:
                raise StateUnusableError("The witness's state could not be written; it cosigns nothing more.")
            yield

    def seen(self, origin: str) -> Seen | None:
        """The last checkpoint cosigned for this log."""
        return self._logs.get(origin)

    def remember(self, origin: str, seen: Seen) -> None:
        """Replace what was seen; durable on return."""
        logs = {**self._logs, origin: seen}
        with self._stopping_on_failure():
            _write(self._folder / STATE, _text(logs), 0o600)
        self._logs = logs

    def keep_evidence(self, fault: Fault, seen: Seen | None, request: AddCheckpoint) -> None:
        """Keep what was refused beside what had been seen, each signed text once."""
        folder = self._folder / EVIDENCE
        text = request.note.partition("\n\n")[0]
        path = folder / f"{fault}-{hashlib.sha256(text.encode()).hexdigest()}.json"
        with self._stopping_on_failure():
            folder.mkdir(mode=0o700, exist_ok=True)
            if path.exists() or (fault == "unproved" and len(list(folder.iterdir())) >= MOST_UNPROVED):
                return
            kept = {"seen": seen.note if seen else None, "sent": bytes(request).decode()}
            _write(path, json.dumps(kept, ensure_ascii=False, indent=1) + "\n", 0o600)

    @contextmanager
    def _stopping_on_failure(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._usable = False
            raise StateUnusableError(f"The witness's state cannot be written: {error.strerror}.") from error


def _text(logs: dict[str, Seen]) -> str:
    return json.dumps({"witness-state": 1, "logs": logs}, ensure_ascii=False, indent=1) + "\n"


def _read(path: Path) -> dict[str, Seen]:
    logs: dict[str, Seen] = {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        for origin, (note, at) in document["logs"].items():
            logs[origin] = Seen(str(note), int(at))
        whole = document["witness-state"] == 1 and all(
            seen.head.origin == origin and seen.at >= 0 for origin, seen in logs.items()
        )
    except (OSError, KeyError, TypeError, AttributeError, ValueError):
        whole = False
    if not whole:
        raise LedgerError(
            f"{path} is missing or damaged: what this witness cosigned is not known any more."
            " Retire its key and make a new witness in an empty folder."
        )
    return logs


def _write(path: Path, text: str, mode: int) -> None:
    """Put a whole file in its place, durable on return."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
