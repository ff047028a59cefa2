"""A file arrives: streamed to disk, its digest made on the way, put on record with its folder."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from wicketgate.core.actor import Actor
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.gate import Gate
from wicketgate.flow.signed import UnsignedError
from wicketgate.stages.intake import SubmissionError, read_batches
from wicketgate.stages.intake.kind import SNIFFED, kind_of
from wicketgate.store import uploads as store
from wicketgate.store.services import Service
from wicketgate.store.uploads import KnownUploadError

LARGEST = 8 * 2**30
"""Bytes of one file: some eleven million requests as CSV."""
LARGEST_SIGNATURES = 4 * 2**30
RESERVE = 2 * 2**30
"""Bytes that stay free on the disk, whatever is sent."""


class TooLargeError(SubmissionError):
    """More bytes than are taken; what came is thrown away."""


class Arriving:
    """Bytes on their way to the disk; gone when it is left before it was kept."""

    def __init__(self, uploads: Uploads, largest: int = LARGEST, field: str = "file") -> None:
        self.field = field
        uploads.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        uploads.arriving.mkdir(mode=0o700, exist_ok=True)
        self.path = uploads.arriving / secrets.token_hex(16)
        self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hash, self._largest = hashlib.sha256(), largest
        self._room = _free(self.path) - RESERVE
        self.size = 0

    def write(self, data: bytes) -> None:
        """More bytes. Raises `TooLargeError`."""
        self.size += len(data)
        if self.size > self._largest:
            raise TooLargeError(
                f"The file is larger than {self._largest // 2**20:,} MiB, which is the most that is taken at"
                " once; send it in parts."
            )
        if self.size > self._room:
            raise TooLargeError("The gate has no room for a file of this size just now; try again later.")
        self._file.write(data)
        self._hash.update(data)

    @property
    def digest(self) -> str:
        """Of all bytes so far."""
        return f"sha256:{self._hash.hexdigest()}"

    def finish(self) -> None:
        """Everything is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Nothing stays."""
        self._file.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

    def __enter__(self) -> Arriving:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


@dataclass(frozen=True, slots=True)
class Taken:
    """Under which number a file is kept, and whether the agency had sent it before."""

    upload: int
    again: bool


def take_in(
    gate: Gate, actor: Actor, uploads: Uploads, name: str, arrived: Arriving, signed: Arriving | None = None
) -> Taken:
    """Keep a whole file for the workers, with the officials' signatures where there are any.

    Its content says what it is; its name says nothing. Raises `SubmissionError` for what is no file of
    requests, and `UnsignedError` where this gate takes signed requests only.
    """
    agency = actor.agency
    if agency is None:
        raise SubmissionError("Your account belongs to no agency, so you can send nothing.")
    if gate.signed_only and signed is None:
        raise UnsignedError(
            "This gate takes signed requests only: choose the file of signatures that"
            " `wicketgate agency sign` has made beside your file."
        )
    if not arrived.size:
        raise SubmissionError("The file is empty; choose the file that holds your requests.")
    arrived.finish()
    _look_at(arrived.path)
    with gate.acting(Service.INTAKE) as connection:
        known = store.known(connection, agency, arrived.digest)
        if known is not None:
            return Taken(known.upload, again=True)
        try:
            number = store.take(
                connection,
                name=shown_name(name),
                digest=arrived.digest,
                size=arrived.size,
                agency=agency,
                sent_by=actor.handle,
                at=gate.clock.now(),
            )
        except KnownUploadError:
            known = store.known(connection, agency, arrived.digest)
            if known is None:
                raise SubmissionError("The same file is just being sent; look again in a moment.") from None
            return Taken(known.upload, again=True)
        place = uploads.of(number)
        place.folder.mkdir(mode=0o700)
        arrived.path.rename(place.file)
        if signed is not None:
            signed.finish()
            signed.path.rename(place.signatures)
    return Taken(number, again=False)


def _look_at(path: Path) -> None:
    """Whoever sent a file that is none hears it at once, where the beginning shows it."""
    with path.open("rb") as file:
        kind = kind_of(file.read(SNIFFED), "")
    if kind in ("csv", "json_lines", "xml"):
        next(iter(read_batches(path, rows=1)), None)


def shown_name(name: str) -> str:
    """A file's name for a page: its last part, visible characters, not too many of them."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable()).strip()[:200] or "file"


def _free(path: Path) -> int:
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize
