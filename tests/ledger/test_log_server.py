"""The published log over HTTP: C2SP's files with C2SP's headers, and nothing else of the machine."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.ledger.logs import KEY, entries, files, publish
from wicketgate.cli import main
from wicketgate.ledger.log_server import LogServer
from wicketgate.ledger.verifier_app import verifier_app
from wicketgate.ledger.verify import verify_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of three bundles, beside a file that is nobody's business."""
    place = tmp_path_factory.mktemp("served") / "log"
    publish(place, entries(600))
    (place.parent / "secret").write_text("a key")
    (place / "notes.txt").write_text("not of the log")
    return place


@contextmanager
def serving(folder: Path) -> Iterator[HTTPConnection]:
    with LogServer(folder, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        try:
            yield connection
        finally:
            connection.close()
            server.shutdown()
            thread.join()


def get(connection: HTTPConnection, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection.request("GET", path, headers={"Accept-Encoding": "identity"} | headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_whoever_fetches_the_files_has_the_log(folder: Path, tmp_path: Path) -> None:
    with serving(folder) as connection:
        for name, data in files(folder).items():
            answer, body = get(connection, f"/{name}")
            if name == "notes.txt":
                assert answer.status == 404
                continue
            assert (answer.status, body) == (200, data), name
            tile = name.startswith("tile/")
            assert answer.headers["Content-Type"] == (
                "application/octet-stream" if tile else "text/plain; charset=utf-8"
            )
            assert answer.headers["Cache-Control"] == (
                "public, max-age=31536000, immutable" if tile else "no-cache"
            )
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(body)
    assert verify_folder(tmp_path, vkey=KEY.vkey).ok


def test_bundles_are_compressed_for_those_who_ask(folder: Path) -> None:
    with serving(folder) as connection:
        answer, body = get(connection, "/tile/entries/000", **{"Accept-Encoding": "gzip, identity"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == (folder / "tile/entries/000").read_bytes()
        assert len(body) < (folder / "tile/entries/000").stat().st_size


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/notes.txt",
        "/../secret",
        "/tile/../../secret",
        "/tile/0/%2e%2e/checkpoint",
        "//secret",
        "/tile/0",
        "/tile/0/999",
        "/tile/8/000",
        "/tile/00/000",
        "/tile/0/000.p/0",
        "/tile/0/002.p/87",
        "/checkpoint?x",
        "/checkpoint/",
    ],
)
def test_there_is_nothing_else(folder: Path, path: str) -> None:
    with serving(folder) as connection:
        answer, body = get(connection, path)
        assert (answer.status, body) == (404, b"There is no such file in this log.\n")


def test_heads_and_other_methods(folder: Path) -> None:
    with serving(folder) as connection:
        connection.request("HEAD", "/tile/0/000", headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Length"], answer.read()) == (200, "8192", b"")
        connection.request("POST", "/checkpoint", b"x")
        assert connection.getresponse().status == 501


def test_the_verifier_and_its_page_are_served_beside_the_log(folder: Path) -> None:
    with serving(folder) as connection:
        answer, page = get(connection, "/verify.html")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.startswith(b"<!doctype html>")
        assert get(connection, "/wicketgate-verify.pyz")[1] == verifier_app()


def test_the_zipapp_verifies_alone(folder: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["ledger", "verifier", "--out", str(tmp_path / "dist")])
    assert ran.exit_code == 0, ran.output
    app = tmp_path / "dist" / "wicketgate-verify.pyz"
    assert ran.output.split() == [str(app), str(app.with_name("verify.html"))]
    assert zipfile.ZipFile(BytesIO(verifier_app())).namelist() == ["__main__.py"]
    publish(tmp_path / "log", entries(3))
    for log, said in ((tmp_path / "log", ""), (folder, "notes.txt: it does not belong to a log.")):
        command = [sys.executable, "-I", str(app), str(log), "--vkey", KEY.vkey]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert (done.returncode == 0) == (said == ""), done.stderr
        assert said in done.stderr


def test_a_folder_without_a_log_is_not_served(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["ledger", "serve", str(tmp_path)])
    assert ran.exit_code == 2
    assert "shows no checkpoint" in ran.output
    publish(tmp_path / "log", entries(3))
    ran = CliRunner().invoke(main, ["ledger", "serve", str(tmp_path / "log"), "--listen", "nowhere"])
    assert ran.exit_code == 2
