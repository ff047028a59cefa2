"""A real witness: its own process on 127.0.0.1, as an inspector would run it."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from wicketgate.ledger import VerifierKey

NAME = "inspector.example.gov/witness"


class WitnessProcess:
    """`wicketgate witness serve`, started, killed and started again on one state."""

    def __init__(self, folder: Path, log: str, kind: str = "ed25519", port: int = 0) -> None:
        self.folder, self._log, self._kind, self._port = folder, log, kind, port
        self.start()

    def start(self) -> None:
        """Start it and wait until it says that it listens; it keeps its port."""
        command = ["witness", "serve", "--state", str(self.folder), "--log", self._log]
        command += ["--listen", f"127.0.0.1:{self._port}", "--keygen", NAME, "--kind", self._kind]
        program = "import sys; from wicketgate.cli import main; main(sys.argv[1:])"
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *command], stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self.process.stdout is not None
        self.vkey = VerifierKey.parse(self.process.stdout.readline().strip())
        self.url = self.process.stdout.readline().split()[-1]
        self._port = int(urlsplit(self.url).port or 0)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> int:
        """End it and return its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def restart(self) -> None:
        """Kill it and start it again."""
        self.stop()
        self.start()

    def post(self, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str, str]:
        """Status, type and text of an answer."""
        return self.ask("POST", path, body)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """One request of any kind."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
        finally:
            connection.close()

    def __enter__(self) -> WitnessProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()
