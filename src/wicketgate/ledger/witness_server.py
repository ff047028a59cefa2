"""A witness on HTTP: one address, short requests, plain answers.

There is nothing to authenticate: a request counts by the log's signature in it.
Behind a reverse proxy it may be reached from elsewhere; by itself it speaks no TLS.
"""

from __future__ import annotations

import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any

from wicketgate.ledger.add_checkpoint import MAX_BODY
from wicketgate.ledger.witness import TEXT, Answer, Witness
from wicketgate.ledger.witness_state import StateUnusableError

PATH = "/add-checkpoint"
IDLE_SECONDS = 5.0
"""How long one read or write may take."""
CONNECTION_SECONDS = 30.0
"""How long a connection may live, whatever it sends."""
CONNECTIONS = 64
"""Connections at one time; more are closed unheard."""


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness until `shutdown`; `url` is its submission prefix."""

    daemon_threads = True

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        self.witness = witness
        self._places = threading.BoundedSemaphore(CONNECTIONS)
        super().__init__((host, port), _Handler)

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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: WitnessServer

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            self._refuse(HTTPStatus.NOT_FOUND, f"This is a witness; it answers POST {PATH} only.")
        elif "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "The request must state its Content-Length.")
        elif len(length) > 9 or int(length) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request has at most {MAX_BODY} bytes.")
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                self._answer(self._heard(body))

    def do_GET(self) -> None:
        status = HTTPStatus.METHOD_NOT_ALLOWED if self.path == PATH else HTTPStatus.NOT_FOUND
        self._refuse(status, f"This is a witness; it answers POST {PATH} only.")

    def _heard(self, body: bytes) -> Answer:
        try:
            return self.server.witness.add_checkpoint(body, int(time.time()))
        except StateUnusableError as problem:
            self.close_connection = True
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, f"{problem}\n")

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        self.close_connection = True
        self._answer(Answer(status, text + "\n"))

    def _answer(self, answer: Answer) -> None:
        data = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Errors of the protocol in plain text too."""
        self.close_connection = True
        self._answer(Answer(code, f"{message or HTTPStatus(code).phrase}\n", TEXT))

    def version_string(self) -> str:
        return "wicketgate-witness"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Requests are not logged; the state and the evidence are the record."""


def _cut(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # closed already
