"""An HTTP server with bounds: how many connections, how long each, and no word in a log about any."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any

IDLE_SECONDS = 5.0
"""How long one read or write may take."""
CONNECTION_SECONDS = 30.0
"""How long a connection may live, whatever it sends."""
CONNECTIONS = 64
"""Connections at one time; more are closed unheard."""


class BoundedServer(ThreadingHTTPServer):
    """Serves until `shutdown`; `url` is where."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler], host: str, port: int) -> None:
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        super().__init__((host, port), handler)

    @property
    def url(self) -> str:
        """Where clients send their requests."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hear a connection if there is room."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Hear one connection for a bounded time."""
        limit = threading.Timer(CONNECTION_SECONDS, _cut, [request])
        limit.daemon = True
        limit.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            limit.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nobody's problem."""


def _cut(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # closed already
