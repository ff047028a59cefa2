"""A request's body, received whole before anybody works on it: within a limit, and in time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

USUAL = 1024 * 1024
"""Bytes of a body: what forms and single requests need."""
UPLOADS: Mapping[str, int] = {
    "/agency/submissions/upload/": 12 * 2**30 + USUAL,
    "/api/v1/submissions": 256 * 2**20,
}
"""Paths that take files, and how many bytes whoever may send there may send; the rest have `USUAL`."""
IN_MEMORY = 64 * 1024
"""Bytes of a body that are kept in memory; a larger one is a file without a name."""
PATIENCE, SLOWEST = 15.0, 16 * 1024
"""A body may take so many seconds, and one more for each so many bytes that have come."""


class BodyError(Exception):
    """The body is refused; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class GoneError(Exception):
    """Whoever sent it has hung up: there is nobody to answer."""


def limit_of(path: str) -> int:
    """How many bytes a body for this path may have."""
    return UPLOADS.get(path, USUAL)


async def received(
    receive: Receive, declared: int | None, limit: int, folder: Path | None = None
) -> tuple[IO[bytes], int]:
    """The body as a file at its beginning, and its length; a large one lies in `folder`, without a name.

    Raises `BodyError` (408 too slow, 413 too large, 400 another length than declared) and `GoneError`.
    """
    if declared is not None and declared > limit:
        raise BodyError(413)
    file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=None if folder is None else str(folder))  # noqa: SIM115  # handed to the caller, who closes it
    try:
        size = await _filled(file, receive, limit)
        if size != (size if declared is None else declared):
            raise BodyError(400)  # noqa: TRY301  # like every other fault, it closes the file
    except TimeoutError:
        file.close()
        raise BodyError(408) from None
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, size


async def _filled(file: IO[bytes], receive: Receive, limit: int) -> int:
    """Write what comes; returns how much it was. Raises like `received`, and `TimeoutError`."""
    clock = asyncio.get_running_loop().time
    began, size, more = clock(), 0, True
    while more:
        left = PATIENCE + size / SLOWEST - (clock() - began)
        message = await asyncio.wait_for(receive(), max(left, 0.001))
        if message["type"] == "http.disconnect":
            raise GoneError
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            raise BodyError(413)
        file.write(piece)
        more = bool(message.get("more_body"))
    return size
