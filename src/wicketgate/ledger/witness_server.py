"""A witness on HTTP: one address, short requests, plain answers.

There is nothing to authenticate: a request counts by the log's signature in it.
Behind a reverse proxy it may be reached from elsewhere; by itself it speaks no TLS.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from wicketgate.ledger.add_checkpoint import MAX_BODY
from wicketgate.ledger.bounded_server import IDLE_SECONDS, BoundedServer
from wicketgate.ledger.witness import TEXT, Answer, Witness
from wicketgate.ledger.witness_state import StateUnusableError

PATH = "/add-checkpoint"


class WitnessServer(BoundedServer):
    """Serves one witness until `shutdown`; `url` is its submission prefix."""

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        self.witness = witness
        super().__init__(_Handler, host, port)


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
