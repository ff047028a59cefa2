"""A published log on HTTP (C2SP tlog-tiles): a folder's files, with the verifier and its page beside them.

Any web server can serve the folder; this one knows which files never change. Behind a
reverse proxy it may be reached from elsewhere; by itself it speaks no TLS.
"""

from __future__ import annotations

import gzip
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

from wicketgate.ledger.bounded_server import IDLE_SECONDS, BoundedServer
from wicketgate.ledger.export import CHECKPOINT, VKEY
from wicketgate.ledger.verifier_app import APP, PAGE, page, verifier_app

TEXT = "text/plain; charset=utf-8"
BINARY = "application/octet-stream"
NOT_KEPT, FOR_EVER = "no-cache", "public, max-age=31536000, immutable"
_TILE = re.compile(r"tile/(entries|[0-7])/(x[0-9]{3}/)*[0-9]{3}(\.p/[1-9][0-9]{0,2})?")


class _File(NamedTuple):
    data: bytes
    type: str
    caching: str


class LogServer(BoundedServer):
    """Serves the folder of one log, as it is at each request, until `shutdown`; `url` is the log's prefix."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        super().__init__(_Handler, host, port)

    def file(self, name: str) -> _File | None:
        """What lies at a name below the prefix; None for everything that is no file of a log."""
        if name == PAGE:
            return _File(page(), "text/html; charset=utf-8", NOT_KEPT)
        if name == APP:
            return _File(verifier_app(), BINARY, NOT_KEPT)
        tile = _TILE.fullmatch(name)
        if tile is None and name not in (CHECKPOINT, VKEY):
            return None
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            return None
        return _File(data, BINARY, FOR_EVER) if tile else _File(data, TEXT, NOT_KEPT)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: LogServer

    def do_GET(self) -> None:
        found = self.server.file(self.path.removeprefix("/"))
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, _File(b"There is no such file in this log.\n", TEXT, NOT_KEPT))
        else:
            self._send(HTTPStatus.OK, found)

    do_HEAD = do_GET  # noqa: N815  # the base class's names

    def _send(self, status: HTTPStatus, file: _File) -> None:
        data = file.data
        self.send_response(status)
        if file.type == BINARY and "gzip" in self.headers.get("Accept-Encoding", ""):
            data = gzip.compress(data, 1, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", file.type)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", file.caching)
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Access-Control-Allow-Origin", "*")  # public files, for readers in browsers, too
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def version_string(self) -> str:
        return "wicketgate-ledger"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Who reads the log is nobody's business."""
