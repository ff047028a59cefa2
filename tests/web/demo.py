"""The demonstration as people start it: a process of its own, a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.seen.kept import keep_log, keep_people, keep_register
from tests.web.site import WATCHED
from wicketgate.flow.standing import Standing, open_standing

ROOT = Path(__file__).parents[2]
_ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Demo:
    """A running demonstration."""

    folder: Path
    port: int
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, folder: Path, *options: str) -> Demo:
        """Start it and wait until it says that it is open."""
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "wicketgate",
            "demo",
            "--folder",
            str(folder),
            "--port",
            str(port),
            *options,
        ]
        with (folder.parent / "demo.err").open("w") as errors:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                env=os.environ | WATCHED | _ENVIRONMENT,
            )
        started = cls(folder, port, process)
        assert process.stdout is not None
        for line in process.stdout:
            if "Ctrl-C" in line:
                visitor().get(
                    f"{started.url}/livez"
                ).raise_for_status()  # it says so a moment before it listens
                return started
        raise AssertionError((folder.parent / "demo.err").read_text())

    @property
    def password(self) -> str:
        """Everybody's password."""
        return (self.folder / "password").read_text().strip()

    @property
    def url(self) -> str:
        """Where it is open; passkeys work under a name only."""
        return f"http://localhost:{self.port}"

    def stop(self) -> int:
        """Ctrl-C; returns the exit code."""
        self._keep()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def _keep(self) -> None:
        """What is to be searched for people, and for whom."""
        keep_register(self.folder / "register")
        with open_standing(standing_of(self.folder)) as gate:
            keep_people(gate)
        for log in (self.folder.parent / "demo.err", *self.folder.rglob("*.log")):
            keep_log(log)

    @property
    def words(self) -> str:
        """What it wrote on standard error so far: its log."""
        return (self.folder.parent / "demo.err").read_text()


def standing_of(folder: Path) -> Standing:
    """The demonstration's gate, beside the server."""
    from wicketgate.web.configuration import read

    return read(folder / "gate.toml").standing


def visitor() -> requests.Session:
    """An HTTP client that waits until the server listens."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=8, connect=8, backoff_factor=0.2)))
    return session
