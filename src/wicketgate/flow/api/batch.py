"""A batch over the API goes the way of every file: kept whole, read once, determined in chunks by workers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.refusals import CallRefusedError, unknown
from wicketgate.flow.api.sending import actor_of
from wicketgate.flow.bulk.look import Seen, one
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving, Taken, take_in
from wicketgate.flow.gate import Gate
from wicketgate.flow.signed import UnsignedError, signature_of
from wicketgate.stages.intake import SubmissionError

__all__ = ["Arrived", "Seen", "progress", "take"]

_SIGNATURE = {"key", "nonce", "expires", "sequence", "recipient_key", "jws"}
_LONGEST = 1024 * 1024
"""Bytes of a line; no request is as long."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A batch on the disk: its requests and their signatures, by row."""

    requests: Arriving
    signatures: Arriving

    def fill(self, pieces: Iterable[bytes]) -> None:
        """Take the lines apart. Raises `CallRefusedError` for more than is taken.

        What is no object of a request stays as it came, so that it is told as a malformed row of its number.
        """
        row = 0
        try:
            for line in _lines(pieces):
                if not line.strip():
                    continue
                row += 1
                request, signature = _taken_apart(line)
                self.requests.write(request + b"\n")
                if signature is not None:
                    made = {**signature, "row": row}
                    self.signatures.write(json.dumps(made, ensure_ascii=False).encode() + b"\n")
        except SubmissionError as problem:
            raise CallRefusedError(413, "too-large", str(problem)) from None


def take(gate: Gate, caller: Caller, uploads: Uploads, name: str, arrived: Arrived) -> Taken:
    """Keep a batch for the workers. Raises `CallRefusedError` for what is none, or is not signed at all."""
    signed = arrived.signatures if arrived.signatures.size else None
    try:
        return take_in(gate, actor_of(caller), uploads, name, arrived.requests, signed)
    except UnsignedError as problem:
        raise CallRefusedError(422, "not-signed", str(problem)) from None
    except SubmissionError as problem:
        raise CallRefusedError(422, "malformed", str(problem)) from None


def progress(gate: Gate, caller: Caller, number: int) -> Seen:
    """How far a batch is. Raises `CallRefusedError` (404) for one that is not the agency's."""
    found = one(gate, actor_of(caller), number)
    if found is None:
        raise unknown()
    return found


def _taken_apart(line: bytes) -> tuple[bytes, dict[str, object] | None]:
    """The request of a line and its signature; the line as it came where it is not exactly that."""
    try:
        found = json.loads(line, object_pairs_hook=_once_each)
        signature = found.get("signature")
        if not isinstance(found["request"], dict) or not found.keys() <= {"request", "signature"}:
            raise ValueError  # noqa: TRY301 - the same answer as for every other fault
        if signature is not None:
            if signature.keys() != _SIGNATURE:
                raise ValueError  # noqa: TRY301
            signature_of(json.dumps({**signature, "row": 1}).encode())
        return json.dumps(found["request"], ensure_ascii=False).encode(), signature
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UnsignedError):
        return line.rstrip(b"\r\n"), None


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object none of whose names stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines. Raises `CallRefusedError` for one without an end."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > _LONGEST:
            raise CallRefusedError(
                422, "malformed", "A line is longer than a mebibyte; write one request per line."
            )
    if rest:
        yield rest
