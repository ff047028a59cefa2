"""A witness process: exact statuses on HTTP, nothing else to be had, nothing lost when it is killed."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from tests.ledger.test_witness import FALSE, LOG, Room, note_of, request
from tests.ledger.witness_process import NAME, WitnessProcess
from wicketgate.cli import main
from wicketgate.ledger import AddCheckpoint, Note, bounded_server, witness_server
from wicketgate.ledger.witness import SIZE, TEXT


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    with WitnessProcess(tmp_path / "witness", LOG.vkey) as process:
        yield process


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WitnessProcess]:
    """A witness for requests that it refuses."""
    with WitnessProcess(tmp_path_factory.mktemp("w") / "witness", LOG.vkey) as process:
        yield process


def test_a_whole_conversation(witness: WitnessProcess) -> None:
    status, kind, line = witness.post(request(0, 9))
    assert (status, kind) == (200, TEXT)
    assert line.startswith(f"— {NAME} ")
    body = request(0, 9).decode().partition("\n\n")[2].partition("\n\n")[0]
    assert witness.vkey in Note.parse(f"{body}\n\n{line}").verify([witness.vkey])
    assert witness.post(request(3, 12)) == (409, SIZE, "9\n")
    assert witness.post(request(9, 12, FALSE))[0] == 422
    assert witness.post(bytes(AddCheckpoint(9, (), note_of(FALSE, 9))))[0] == 422
    assert witness.post(request(9, 12))[0] == 200
    assert witness.post(b"old 1")[0] == 400


def test_killed_at_any_time_it_remembers_all_that_it_cosigned(witness: WitnessProcess) -> None:
    reached = 0
    for patience in (1, 4, 9):
        acknowledged = [reached]
        enough = threading.Event()

        def grow(sizes: list[int], enough: threading.Event, patience: int) -> None:
            try:
                while sizes[-1] < 39 and witness.post(request(sizes[-1], sizes[-1] + 1))[0] == 200:
                    sizes.append(sizes[-1] + 1)
                    if len(sizes) > patience:
                        enough.set()
            except (OSError, HTTPException):
                return  # killed

        with ThreadPoolExecutor(1) as pool:
            growing = pool.submit(grow, acknowledged, enough, patience)
            assert enough.wait(30)
            witness.stop(signal.SIGKILL)
            growing.result()
        witness.start()
        status, _, told = witness.post(request(0, 40))
        assert status == 409
        assert int(told) in (acknowledged[-1], acknowledged[-1] + 1), "at most one that was not answered"
        reached = int(told)


def test_a_restart_keeps_the_fork_out(witness: WitnessProcess) -> None:
    assert witness.post(request(0, 9))[0] == 200
    witness.restart()
    assert witness.post(request(0, 20)) == (409, SIZE, "9\n")
    assert witness.post(request(9, 20, FALSE))[0] == 422
    assert witness.post(request(9, 20))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/key", 404),
        ("GET", "/../key", 404),
        ("GET", "/add-checkpoint", 405),
        ("POST", "/", 404),
        ("POST", "/add-checkpoint/", 404),
        ("PUT", "/add-checkpoint", 501),
        ("DELETE", "/", 501),
    ],
)
def test_there_is_nothing_else_to_be_had(quiet: WitnessProcess, method: str, path: str, status: int) -> None:
    answered, kind, text = quiet.ask(method, path)
    assert (answered, kind) == (status, TEXT)
    assert "<" not in text
    assert "state.json" not in text


def test_requests_are_bounded(quiet: WitnessProcess) -> None:
    assert quiet.ask("POST", "/add-checkpoint", headers={"Content-Length": "99999999999999"})[0] == 413
    assert quiet.ask("POST", "/add-checkpoint", headers={"Content-Length": "600000"})[0] == 413
    assert quiet.ask("POST", "/add-checkpoint", headers={"Content-Length": "-1"})[0] == 411
    assert quiet.ask("POST", "/add-checkpoint", headers={"Transfer-Encoding": "chunked"})[0] == 411


def test_a_body_that_ends_early_gets_no_answer(quiet: WitnessProcess) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(quiet.url).port or 0), timeout=10) as line:
        line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 100\r\n\r\nold 0\n")
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """A witness in this process, whose bounds a test has changed."""
    room = Room(folder)
    with witness_server.WitnessServer(room.witness, "127.0.0.1", 0) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield "127.0.0.1", server.server_address[1]
        finally:
            server.shutdown()
            serving.join()
            room.state.close()


def test_a_connection_lives_a_bounded_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bounded_server, "CONNECTION_SECONDS", 0.05)
    monkeypatch.setattr(witness_server._Handler, "timeout", 60.0)
    with served(tmp_path / "w") as address, socket.create_connection(address, timeout=10) as line:
        assert line.recv(10) == b"", "cut although it might still send something"


def test_a_silent_connection_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(witness_server._Handler, "timeout", 0.05)
    with served(tmp_path / "w") as address, socket.create_connection(address, timeout=10) as line:
        assert line.recv(10) == b""


def test_only_so_many_are_heard_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bounded_server, "CONNECTIONS", 1)
    with (
        served(tmp_path / "w") as address,
        socket.create_connection(address, timeout=10),
        socket.create_connection(address, timeout=4) as second,
    ):
        assert second.recv(10) == b""


def test_one_connection_carries_several_requests(quiet: WitnessProcess) -> None:
    connection = HTTPConnection("127.0.0.1", urlsplit(quiet.url).port, timeout=10)
    for _ in range(3):
        connection.request("POST", "/add-checkpoint", b"old 1")
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (400, True)
        assert not answer.will_close
    connection.close()


def test_it_stops_when_asked(witness: WitnessProcess) -> None:
    assert witness.stop(signal.SIGTERM) == 0


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["witness", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_key_is_made_once_and_what_cannot_be_served_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    code, vkey = run("keygen", "--state", folder, "--name", NAME)
    assert code == 0
    assert vkey == (folder / "vkey").read_text()
    log = ("--log", LOG.vkey)
    for arguments in (
        ("keygen", "--state", folder, "--name", NAME),
        ("keygen", "--state", tmp_path / "x", "--name", "two words"),
        ("serve", "--state", tmp_path / "none", *log),
        ("serve", "--state", folder, "--log", "no key"),
        ("serve", "--state", folder, "--log", vkey.strip()),
        ("serve", "--state", folder, *log, "--listen", "8765"),
        ("serve", "--state", folder, *log, "--listen", "127.0.0.1:99999"),
    ):
        code, said = run(*arguments)
        assert code == 2, arguments
        assert said.startswith("wicketgate: ")
        assert said.count("\n") == 1
