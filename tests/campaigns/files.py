"""A file through the running demonstration while all its processes are killed again and again.

Then every row must have exactly one determination and one entry of each kind. The same file is reviewed on
the same machine for comparison, and an officer's queue is opened all the while.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Event, Thread

import requests

from tests.web.demo import Demo, visitor
from wicketgate.cli.demo_people import CLEO, ERIN
from wicketgate.embedded import start
from wicketgate.store.database import open_database

SEND = "/agency/submissions/upload/"
BOUNDARY = "wicketgate-campaign"
PATIENCE = 4 * 3600.0


@dataclass(slots=True)
class Found:
    """What a run through the server came to."""

    rows: int
    kills: int
    review_seconds: float
    seconds: float
    """From the first byte sent to the last determination, all restarts included."""
    upload_seconds: float
    queue_idle_ms: float
    queue_busy_ms: float
    peak_mib: int
    """Resident memory of all processes, what they share counted once."""
    told: dict[str, int] = field(default_factory=dict)

    @property
    def times_review(self) -> float:
        """The wall time as a multiple of `review`'s."""
        return round(self.seconds / self.review_seconds, 2)


class Server:
    """The demonstration, which is killed as a whole and started again in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.demo = Demo.start(folder)
        self.kills = 0
        self.peak = 0
        self._sessions: dict[str, requests.Session] = {}

    def kill(self) -> None:
        """Kill -9 every process, the database's too, and start again."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.demo.process.wait()
        if self.demo.process.stdout is not None:
            self.demo.process.stdout.close()
        self.kills += 1
        self._sessions.clear()
        self.demo = Demo.start(self.folder)

    def processes(self) -> list[int]:
        """The demonstration, its children, and its database."""
        found = [self.demo.process.pid]
        with suppress(OSError, ValueError, IndexError):
            home = self.folder / "database"
            pointer = home / "home"
            home = Path(pointer.read_text().strip()) if pointer.is_file() else home
            found.append(int((home / "data" / "postmaster.pid").read_text().split()[0]))
        for parent in found:
            with suppress(OSError):
                for task in Path(f"/proc/{parent}/task").iterdir():
                    found += [int(pid) for pid in (task / "children").read_text().split()]
        return list(dict.fromkeys(found))

    def look_at_memory(self) -> None:
        """Take note of the proportional share of memory of all processes together."""
        total = 0
        for pid in self.processes():
            with suppress(OSError, ValueError):
                shares = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
                total += int(shares[1]) if shares else 0
        self.peak = max(self.peak, total // 1024)

    def session(self, name: str) -> requests.Session:
        """Somebody who is signed in."""
        if name not in self._sessions:
            browser = visitor()
            page = browser.get(f"{self.demo.url}/sign-in/").text
            form = {"login": name, "password": self.demo.password, "csrfmiddlewaretoken": token_in(page)}
            browser.post(f"{self.demo.url}/sign-in/", form, allow_redirects=False)
            self._sessions[name] = browser
        return self._sessions[name]

    def send(self, file: Path) -> str:
        """Send a file as a browser does; returns its page."""
        clerk = self.session(CLEO.name)
        token = token_in(clerk.get(self.demo.url + SEND).text)
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
        ).encode()
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        connection = http.client.HTTPConnection("localhost", self.demo.port, timeout=600)
        connection.putrequest("POST", SEND)
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(len(head) + file.stat().st_size + len(tail)))
        connection.putheader("Cookie", "; ".join(f"{each.name}={each.value}" for each in clerk.cookies))
        connection.putheader("Referer", self.demo.url + SEND)
        connection.endheaders(head)
        with file.open("rb") as data:
            while some := data.read(2**18):
                connection.send(some)
        connection.send(tail)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 302, (answer.status, text)
        return str(answer.headers["Location"])


def token_in(page: str) -> str:
    """The token of a form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def through_the_server(
    folder: Path, file: Path, rows: int, kills: int, say: Callable[[str], None] = lambda _: None
) -> Found:
    """Review the file, then send it through a demonstration that is killed `kills` times.

    Raises `AssertionError` when a row has not exactly one determination and one entry of each kind.
    """
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "wicketgate", "review", str(file), "--out", str(folder / "out")],
        check=True,
        capture_output=True,
    )
    review_seconds = time.monotonic() - began
    say(f"  reviewed in {review_seconds:.0f} s")
    server = Server(folder / "demo")
    with watched(server) as times:
        times.wait_for(60)
        idle = times.p95()
        began = time.monotonic()
        page = server.send(file)
        upload_seconds = time.monotonic() - began
        say(f"  sent in {upload_seconds:.0f} s; the queue takes {idle:.0f} ms")
        wanted = _moments(rows, kills)
        progress = (0, 0)
        while True:
            server.look_at_memory()
            state, read, done = _progress(server, page)
            if (read, done) != progress:
                progress = (read, done)
                say(f"  {time.monotonic() - began:.0f} s: {read:,} read, {done:,} done, {server.peak} MiB")
            if wanted and (read, done) >= wanted[0]:
                wanted.pop(0)
                times.away.set()
                server.kill()
                times.away.clear()
                say(f"  killed and up again after {time.monotonic() - began:.0f} s")
            if state == "done":
                break
            assert time.monotonic() - began < PATIENCE, state
            time.sleep(1)
        seconds = time.monotonic() - began
        busy = times.p95()
    assert server.demo.stop() == 0
    summary = json.loads((folder / "out" / "summary.json").read_text())
    told = check(server.folder, summary["requests"])
    return Found(
        rows, server.kills, round(review_seconds, 1), round(seconds, 1), round(upload_seconds, 1),
        round(idle, 1), round(busy, 1), server.peak, told,
    )  # fmt: skip


def _moments(rows: int, kills: int) -> list[tuple[int, int]]:
    """(rows read, rows done) at which everything is killed: once while the file is read, then on the way."""
    if kills == 0:
        return []
    steps = [(rows, rows * each // kills) for each in range(1, kills)]
    return [(rows // 3, 0), *steps]


def _progress(server: Server, page: str) -> tuple[str, int, int]:
    """State, rows read and rows done, as the clerk's page says."""
    text = server.session(CLEO.name).get(server.demo.url + page).text
    read = re.search(r"(\d+) rows? read so far", text)
    done = re.search(r"(\d+) of (\d+) rows are determined", text)
    if "Every row is answered" in text:
        return "done", sys.maxsize, sys.maxsize
    if done:
        return "ready", int(done[2]), int(done[1])
    return "waiting", int(read[1]) if read else 0, 0


class watched:  # noqa: N801  # used as a word in a `with`
    """Somebody opens the queue again and again: how long it takes, in milliseconds."""

    def __init__(self, server: Server) -> None:
        self._server, self._ended, self.away = server, Event(), Event()
        self._times: list[float] = []
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> watched:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def wait_for(self, number: int) -> None:
        """Until so many looks were taken."""
        while len(self._times) < number:
            time.sleep(0.1)

    def p95(self) -> float:
        """Of the looks since the last time."""
        times, self._times = self._times, []
        return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0

    def _look(self) -> None:
        while not self._ended.is_set():
            if not self.away.is_set():
                with suppress(requests.RequestException, AssertionError, OSError):
                    session = self._server.session(ERIN.name)
                    began = time.perf_counter()
                    if session.get(f"{self._server.demo.url}/queue/").status_code == 200:
                        self._times.append((time.perf_counter() - began) * 1000)
            self._ended.wait(0.2)


_CHECK = """
SELECT count(*), count(DISTINCT r.row), count(r.determination),
    (SELECT count(*) FROM gate.act a JOIN gate.request q USING (handle)
        WHERE q.submission = s.submission AND a.version = 1),
    (SELECT count(*) FROM log.entry e JOIN gate.request q USING (handle)
        WHERE q.submission = s.submission AND e.kind = 'request.received'),
    (SELECT count(DISTINCT handle) FROM log.entry e JOIN gate.request q USING (handle)
        WHERE q.submission = s.submission AND e.kind = 'request.received'),
    (SELECT count(*) FROM log.entry e JOIN gate.request q USING (handle)
        WHERE q.submission = s.submission AND e.kind = 'request.determined'),
    (SELECT count(DISTINCT handle) FROM log.entry e JOIN gate.request q USING (handle)
        WHERE q.submission = s.submission AND e.kind = 'request.determined')
FROM gate.request r JOIN gate.submission s USING (submission)
WHERE s.submission = (SELECT max(submission) FROM gate.upload) GROUP BY s.submission
"""


def check(folder: Path, wanted: int) -> dict[str, int]:
    """Count what the database holds of the file; everything must be there exactly once."""
    with start(folder / "database") as cluster, open_database(cluster).administer() as owner:
        row = owner.execute(_CHECK).fetchone()
    assert row is not None
    names = (
        "requests",
        "rows",
        "determinations",
        "acts",
        "received",
        "received_of",
        "determined",
        "determined_of",
    )
    told = dict(zip(names, row, strict=True))
    assert set(told.values()) == {wanted}, told
    return told


def figures(found: Found) -> dict[str, object]:
    """For a report."""
    return asdict(found) | {"times_review": found.times_review}


def say(line: str) -> None:
    """Progress of a long campaign."""
    sys.stderr.write(line + "\n")


def main() -> None:
    """`python -m tests.campaigns.files FOLDER ROWS KILLS`."""
    from wicketgate.synthetic import make_register, make_submission

    folder, rows, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    file = folder / f"{rows}.csv"
    if not file.is_file():
        make_register(folder / "register", persons=20_000, seed=1)
        make_submission(file, rows, "august-2025", 1, folder / "register")
    found = through_the_server(folder, file, rows, kills, say)
    say(json.dumps(figures(found)))


if __name__ == "__main__":
    main()
