"""How a witness is reached (C2SP tlog-witness): one POST of bounded time and size, no redirect, no proxy."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import NamedTuple

MOST_ANSWERED = 64 * 1024
TIMEOUT = 10.0
"""Seconds for a whole exchange with one witness."""


class Reply(NamedTuple):
    """An HTTP status and a text."""

    status: int
    text: str


class UnreachableError(RuntimeError):
    """A witness gave no answer that could be read."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def send(prefix: str, body: bytes, timeout: float = TIMEOUT) -> Reply:
    """Post an add-checkpoint request to a witness's submission prefix; raises `UnreachableError`."""
    ends = time.monotonic() + timeout
    request = urllib.request.Request(  # noqa: S310  # a policy admits http and https only
        f"{prefix}/add-checkpoint", body, {"Content-Type": "text/plain; charset=utf-8"}, method="POST"
    )
    try:
        try:
            answer = _OPENER.open(request, timeout=timeout)
        except urllib.error.HTTPError as refused:
            with refused:
                return Reply(refused.code, _text(refused, ends))  # type: ignore[arg-type]  # reads alike
        with answer:
            return Reply(answer.status, _text(answer, ends))
    except (OSError, HTTPException, UnicodeDecodeError) as problem:
        raise UnreachableError(f"no answer ({type(problem).__name__})") from None


def _text(answer: HTTPResponse, ends: float) -> str:
    data = b""
    while part := answer.read1(MOST_ANSWERED):
        data += part
        if len(data) > MOST_ANSWERED or time.monotonic() > ends:
            raise UnreachableError("an answer that is too long or too slow")
    return data.decode()
