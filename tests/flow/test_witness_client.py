"""A witness is a stranger's machine: its answer is short, comes soon and from itself, or there is none."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from wicketgate.flow.witness_client import MOST_ANSWERED, Reply, UnreachableError, send


@contextmanager
def answering(*parts: bytes) -> Iterator[str]:
    """A machine that sends these bytes to whoever connects, and then waits."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)
                for part in parts:
                    try:
                        connection.sendall(part)
                    except OSError:
                        return
                done.wait(20)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            done.set()
            thread.join()


def http(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_an_answer_is_read_whatever_its_status() -> None:
    for status in (200, 409, 422, 500):
        with answering(http(f"{status} X", b"7\n")) as url:
            assert send(url, b"old 0") == Reply(status, "7\n")


def test_it_does_not_go_elsewhere() -> None:
    with answering(http("302 Found", b"", "Location: http://127.0.0.1:1/")) as url:
        assert send(url, b"old 0").status == 302


@pytest.mark.parametrize(
    "parts",
    [
        (b"",),
        (b"SSH-2.0-OpenSSH\r\n",),
        (http("200 OK", b"\xff\xfe"),),
        (http("200 OK", b"x" * (MOST_ANSWERED + 1)),),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nslow",),
    ],
)
def test_silence_noise_and_floods_are_no_answer(parts: tuple[bytes, ...]) -> None:
    with answering(*parts) as url, pytest.raises(UnreachableError):
        send(url, b"old 0", timeout=0.2)


def test_nobody_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError, match="no answer"):
        send(f"http://127.0.0.1:{port}", b"old 0")
