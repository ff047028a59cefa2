"""The pages (WSGI) behind a server that waits for slow bodies itself (ASGI).

A thread is taken for a request when its whole body is here, so nobody can hold one by sending
slowly. Whoever comes while too many wait for a thread is told so at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from wicketgate.web.server.bodies import USUAL, BodyError, GoneError, Receive, limit_of, received

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

PATIENCE = 30.0
"""Seconds that a piece of an answer may take to be taken."""


class Adapter:
    """An ASGI application that answers with a WSGI one, in some threads; more than `waiting` do not wait."""

    def __init__(
        self,
        application: Application,
        threads: int,
        waiting: int,
        may_send: Callable[[Environ], bool],
        folder: Path | None = None,
    ) -> None:
        """`may_send` says who may send more than `USUAL`; large bodies lie in `folder` meanwhile."""
        self._application, self._most = application, threads + waiting
        self._may_send, self._folder = may_send, folder
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._inside = 0

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            body, size = await self._received(scope, receive)
        except GoneError:
            return
        except BodyError as refused:
            await _refuse(send, scope, refused.status)
            return
        with body:
            if self._inside >= self._most:
                await _refuse(send, scope, 503)
                return
            self._inside += 1
            try:
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._pool, self._answer, _environ(scope, body, size), send, loop)
            finally:
                self._inside -= 1

    async def _received(self, scope: Mapping[str, Any], receive: Receive) -> tuple[IO[bytes], int]:
        """The body; nothing of it for whoever may not send so much: they are answered as who they are."""
        declared, limit = _declared(scope), limit_of(scope["path"])
        if limit > USUAL and (declared is None or USUAL < declared <= limit):
            asked = _environ(scope, BytesIO(), 0)
            loop = asyncio.get_running_loop()
            if self._inside >= self._most:
                raise BodyError(503)
            if not await loop.run_in_executor(self._pool, self._may_send, asked):
                return BytesIO(), 0
        return await received(receive, declared, limit, self._folder)

    def _answer(self, environ: Environ, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: ask the pages, and hand on each piece of their answer when the last one was taken."""
        head: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            head["type"], head["status"] = "http.response.start", int(status[:3])
            head["headers"] = [
                (name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in headers
            ]

        def tell(message: Mapping[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result(PATIENCE)

        pieces = self._application(environ, start_response)
        begun = False
        try:
            for piece in pieces:
                if not begun:
                    tell(head)
                    begun = True
                if piece:
                    tell({"type": "http.response.body", "body": piece, "more_body": True})
            if not begun:
                tell(head)
            tell({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError, RuntimeError):
            return  # whoever asked does not listen any more
        finally:
            if hasattr(pieces, "close"):
                pieces.close()


async def _sent(send: Send, message: Mapping[str, Any]) -> None:
    await send(message)


def _declared(scope: Mapping[str, Any]) -> int | None:
    """The length that the request declares; raises `BodyError` for one that is no length."""
    found = {text for name, text in scope["headers"] if name == b"content-length"}
    if not found:
        return None
    if len(found) > 1 or not (text := found.pop()).isdigit() or len(text) > 18:
        raise BodyError(400)
    return int(text)


def _environ(scope: Mapping[str, Any], body: IO[bytes], size: int) -> Environ:
    """The request in WSGI's words.

    A header with an underscore is dropped: it would stand for the one with a hyphen.
    """
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, text in scope["headers"]:
        name, value = raw.decode("latin-1").upper(), text.decode("latin-1")
        if name == "CONTENT-TYPE":
            environ["CONTENT_TYPE"] = value
        elif name not in ("CONTENT-LENGTH", "TRANSFER-ENCODING") and "_" not in name:
            key = "HTTP_" + name.replace("-", "_")
            joint = "; " if name == "COOKIE" else ","
            environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(size)
    return environ


_WORDS = {
    400: "The request's body has another length than the request says; send it again.",
    408: "The request's body came too slowly; send it again over a better line.",
    413: "The request's body is larger than this address takes; send less at a time.",
    503: "Too many requests wait at this moment; try again in some seconds.",
}


async def _refuse(send: Send, scope: Mapping[str, Any], status: int) -> None:
    """One sentence, and the connection ends: what is still coming is nothing that anybody reads."""
    json = scope["path"].startswith("/api/")
    words = _WORDS[status]
    if json:
        title = HTTPStatus(status).phrase
        words = f'{{"type":"about:blank","title":"{title}","status":{status},"detail":"{words}"}}'
    headers: Headers = [
        (b"content-type", b"application/problem+json" if json else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(words)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    headers.append((b"retry-after", b"5") if status == 503 else (b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode(), "more_body": False})
