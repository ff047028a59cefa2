"""The real process: its socket, whom it hears, how it ends, and the unit that runs it."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from tests.keys.desk import INTENT, KEY, Desk
from wicketgate.cli.main import main
from wicketgate.flow.key_process import key_process
from wicketgate.keys import KeysError, KeysRefusedError, KeysUnreachableError, through_socket
from wicketgate.keys.client import _Line
from wicketgate.keys.server import KeyServer


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path is short enough for a socket."""
    with TemporaryDirectory(prefix="wg-") as name:
        yield Path(name)


def test_a_process_beside_the_gate_answers_and_ends_with_it(tmp_path: Path) -> None:
    with key_process(tmp_path, KEY.vkey) as keys:
        loading = keys.begin_load()
        assert keys.seen() == 0
    with pytest.raises(KeysUnreachableError, match="Nothing is revealed: the key process does not answer"):
        keys.seen()
    with key_process(tmp_path, KEY.vkey) as again:
        assert again.begin_load().load == loading.load + 1


def test_a_process_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "keys.sqlite").write_text("no database, and somebody else's")
    (tmp_path / "keys" / "keys.sqlite").chmod(0o600)
    with pytest.raises(KeysError, match="not a database"), key_process(tmp_path, KEY.vkey):
        pass


def test_only_named_accounts_are_heard(tmp_path: Path, short: Path) -> None:
    desk = Desk(tmp_path / "keys")
    for accounts, heard in (
        ({os.geteuid(): frozenset({"gate"})}, True),
        ({os.geteuid() + 1: frozenset({"gate"})}, False),
    ):
        server = KeyServer(desk.keeper, short / "socket", accounts)
        threading.Thread(target=server.serve, daemon=True).start()
        keys = through_socket(short / "socket")
        if heard:
            assert keys.seen() == 0
        else:
            with pytest.raises(KeysRefusedError, match="may not ask as the gate"):
                keys.seen()
        keys.close()
        server.close()
    desk.folder.close()


def test_a_process_started_anew_is_found_again_and_nonsense_ends_only_its_own_line(
    tmp_path: Path, short: Path
) -> None:
    desk = Desk(tmp_path / "keys")
    keys = through_socket(short / "socket")
    everybody = {os.geteuid(): frozenset({"gate", "load"})}
    index = desk.log("disclosure.intended", INTENT)
    for _ in range(2):
        server = KeyServer(desk.keeper, short / "socket", everybody)
        threading.Thread(target=server.serve, daemon=True).start()
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(str(short / "socket"))
            stranger.sendall(b"\xff\xff\xff\xff")
            assert stranger.recv(10) == b""
        assert len(keys.record_keys(desk.prove(index), [keys.begin_load().load])) == 1
        keys.close()
        server.close()
    desk.folder.close()


def test_nobody_hangs_up_while_another_asks(tmp_path: Path, short: Path) -> None:
    desk, taken = Desk(tmp_path / "keys"), list[str]()

    class Told:
        """A lock that tells that it was taken."""

        def __enter__(self) -> None:
            taken.append("taken")

        def __exit__(self, *_: object) -> None:
            taken.append("let go")

    server = KeyServer(desk.keeper, short / "socket", {os.geteuid(): frozenset({"gate"})})
    threading.Thread(target=server.serve, daemon=True).start()
    line = _Line(short / "socket")
    line._lock = Told()  # type: ignore[assignment]
    assert line({"ask": "seen"})["size"] == 0
    line.hang_up()
    assert taken == ["taken", "let go"] * 2
    server.close()
    desk.folder.close()


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path, short: Path) -> None:
    path = short / "socket"
    arguments = ["--state", str(tmp_path / "k"), "--socket", str(path), "--log", KEY.vkey, "--unwitnessed"]
    accounts = ["--gate-account", str(os.geteuid()), "--load-account", str(os.geteuid())]
    process = subprocess.Popen(
        [sys.executable, "-m", "wicketgate", "keys", "serve", *arguments, *accounts],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"Listening at {path}\n"
    keys = through_socket(path)
    assert keys.begin_load().load == 1
    keys.close()
    process.terminate()
    assert process.communicate(timeout=30)[0] == "Stopped.\n"
    assert process.returncode == 0
    assert not path.exists()


@pytest.mark.parametrize(
    ("further", "said"),
    [
        ([], "Name a --policy of witnesses, or say --unwitnessed"),
        (["--unwitnessed", "--load-account", "no-such-account-here"], "has no account no-such-account-here"),
        (["--policy", "missing"], "missing"),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path: Path, further: list[str], said: str) -> None:
    base = ["keys", "serve", "--state", str(tmp_path), "--socket", str(tmp_path / "s"), "--log", KEY.vkey]
    result = CliRunner().invoke(main, [*base, "--gate-account", str(os.geteuid()), *further])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_unit_is_one_that_systemd_accepts(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["keys", "unit"])
    assert "User=wicketgate-keys" in result.output
    assert "PrivateNetwork=yes" in result.output
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not installed")
    here = result.output.replace("/opt/wicketgate/bin/wicketgate", sys.executable)
    (tmp_path / "wicketgate-keys.service").write_text(here)
    told = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / "wicketgate-keys.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in told.stderr.splitlines() if "wicketgate-keys.service" in line] == []


def test_what_is_refused_is_logged_without_what_was_asked(
    short: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(tmp_path / "keys")
    server = KeyServer(desk.keeper, short / "socket", {os.geteuid(): frozenset({"gate"})})
    thread = threading.Thread(target=server.serve)
    thread.start()
    keys = through_socket(short / "socket")
    index = desk.log("disclosure.intended", INTENT)
    shown = desk.prove(index, change=lambda each: replace(each, fields={**INTENT, "Quillfeather": "x"}))
    with caplog.at_level(logging.WARNING, "wicketgate.keys"):
        for ask in (
            lambda: keys.begin_load(),
            lambda: keys.record_keys(shown, [1]),
            lambda: keys.expunge(desk.prove(index), ["WG-2B3C-4D5F-6G7H"]),
            lambda: keys.subject_keys(["Rosa Quillfeather"], make=True),
        ):
            with pytest.raises(KeysRefusedError):
                ask()
    keys.close()
    server.close()
    thread.join()
    desk.folder.close()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 4
    assert all(each.startswith(f"refused to account {os.geteuid()}: ") for each in told)
    assert "not proved" in told[1]
    assert not any("Quillfeather" in each or "Rosa" in each for each in told)
