"""An I/O error at every distinct write and sync call of the append path; what was acknowledged stays.

`strace` makes one system call of one of the server's processes fail with EIO. First a
run without errors is watched for the calls that there are: by process, system call and
kind of file. Then each of them fails once.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import psycopg

from tests.campaigns.book import Book, patiently
from tests.campaigns.submitter import rows
from tests.contract.world import NOW, entry
from tests.keeping import VAULT
from wicketgate.embedded import Cluster, start
from wicketgate.ledger import LogKey
from wicketgate.ledger.record import commit
from wicketgate.store.database import Connection, Database, DatabaseError, open_database
from wicketgate.store.group_commit import GroupCommit, Outcome
from wicketgate.store.log import Entry, LogError
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service
from wicketgate.store.writer import Writer

CALLS = (
    "write,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,"
    "ftruncate,fallocate,rename,renameat,renameat2,link,unlink"
)
"""What changes files or makes changes durable."""
BACKEND = "backend"
ROUNDS = 5
"""Times that the workload is repeated for a call that happens now and then."""
_LINE = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\w+)\((.*)$")
_FILE = re.compile(r'\d+<(/[^>]+)>|"([^"]+)"')


class Call(NamedTuple):
    """One distinct call: which of the server's processes, which system call, about which kind of file."""

    process: str
    name: str
    file: str


class Appender:
    """A group commit with one connection of its own, which is used until it is lost."""

    def __init__(self, database: Database, key: LogKey, book: Book) -> None:
        self.database, self.book, self.writer = database, book, Writer(key)
        patiently(database).close()
        with database.connect(Service.WITNESS) as reading:
            self.writer.join(reading)
        self.connection = database.connect(Service.INTAKE)
        self.connection.autocommit, self.connection.vault = True, VAULT
        self.pid = self.connection.info.backend_pid
        self.group = GroupCommit(
            self._transaction, lambda begun, entries: self.writer.append(begun, entries, NOW), VAULT
        )

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.writer.watching(), self.connection.transaction():
            yield self.connection

    def append(self) -> None:
        """Few and many entries, a long one, a new file of the WAL, a checkpoint; raises what stops it."""
        long = {"handle": os.urandom(12_000).hex(), "actor": "examiner-1", "at": NOW.isoformat()}
        for lot in (
            [entry()],
            [entry() for _ in range(300)],
            [Entry.of(None, long, commit("access.denied", long))],
        ):
            leaves = [each.leaf for each in lot]
            told: SimpleQueue[Outcome] = SimpleQueue()
            self.group.submit(lot, rows(leaves), told.put)
            if isinstance(indexes := told.get(timeout=60), Exception):
                raise indexes
            for index, leaf in zip(indexes, leaves, strict=True):
                self.book.acknowledged(index, leaf)
            with self.database.administer() as connection:
                connection.autocommit = True
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")

    def close(self) -> None:
        """Let go of the connection."""
        self.group.close()
        with suppress(psycopg.Error):
            self.connection.close()


def io_errors(folder: Path, most: int | None = None) -> dict[str, object]:
    """Let each distinct call fail once, or only `most` of them, spread evenly; what happened.

    Once with a server that uses files of the WAL again, and once with one that makes new ones.
    Raises `AssertionError` as `Book.check`.
    """
    key, book, calls = LogKey.generate("gate.example.gov/ledger"), Book(), 0
    outcomes: dict[str, list[str]] = {"interrupted": [], "went on": [], "not reached": []}
    with start(folder / "database") as cluster:
        database = open_database(cluster)
        migrate(database)
        for recycle in ("on", "off"):
            configure(database, f"ALTER SYSTEM SET wal_recycle = {recycle}")
            found = sorted(distinct_calls(cluster, database, key, book))
            calls += len(found)
            for call in found if most is None else found[:: max(1, len(found) * 2 // most)]:
                outcome = fail(cluster, database, key, book, call)
                book.check(database, key.verifier)
                outcomes[outcome].append(f"{' '.join(call)} (wal_recycle {recycle})")
    return {"calls": calls, **outcomes, "acknowledged": len(book.entries), "sizes": len(book.roots)}


def unusable() -> str | None:
    """Why strace cannot be used here, or None."""
    if shutil.which("strace") is None:
        return "there is no strace on the path; install it with apt-get"
    tried = subprocess.run(["strace", "true"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()[-100:]}"


def configure(database: Database, setting: str) -> None:
    """Change a setting of the running server."""
    with patiently(database) as connection:
        connection.autocommit = True
        connection.execute(setting.encode())
        connection.execute("SELECT pg_reload_conf()")


def distinct_calls(cluster: Cluster, database: Database, key: LogKey, book: Book) -> set[Call]:
    """The calls that a workload without errors makes."""
    appender = Appender(database, key, book)
    appender.append()
    known = processes(database) | {BACKEND: appender.pid}
    with tracing(
        data_of(cluster), ["-yy", f"--trace={CALLS}", *(f"--attach={pid}" for pid in known.values())]
    ) as trace:
        for _ in range(ROUNDS):
            appender.append()
    appender.close()
    names, found = {pid: name for name, pid in known.items()}, set[Call]()
    for line in trace:
        match = _LINE.match(line)
        file = _FILE.search(match[3]) if match else None
        kind = file_kind(data_of(cluster), file[1] or file[2]) if file else None
        if match and kind:
            found.add(Call(names[int(match[1])], match[2], kind))
    return found


def fail(cluster: Cluster, database: Database, key: LogKey, book: Book, call: Call) -> str:
    """Make the next call of this kind fail, and append until then; whether that interrupted the work."""
    appender = Appender(database, key, book)
    pid = (processes(database) | {BACKEND: appender.pid})[call.process]
    files = [f"--trace-path={path}" for path in files_of(data_of(cluster), call.file, pid)]
    inject = [f"--trace={call.name}", f"--inject={call.name}:error=EIO:when=1", *files, f"--attach={pid}"]
    interrupted = False
    with tracing(data_of(cluster), inject) as trace:
        for _ in range(ROUNDS):
            try:
                appender.append()
            except (LogError, psycopg.Error, DatabaseError):
                interrupted = True
                break
    appender.close()
    if not any("INJECTED" in line for line in trace):
        return "not reached"
    return "interrupted" if interrupted else "went on"


@contextmanager
def tracing(data: Path, arguments: list[str]) -> Iterator[list[str]]:
    """strace at work from here to the end; what it saw, a line a call, is there afterwards."""
    seen: list[str] = []
    wanted = sum(argument.startswith("--attach") for argument in arguments)
    with tempfile.NamedTemporaryFile("r", errors="replace") as output:
        command = ["strace", "--follow-forks", f"--output={output.name}", *arguments]
        with subprocess.Popen(command, cwd=data, text=True, stderr=subprocess.PIPE) as strace:
            assert strace.stderr is not None
            line = ""
            while wanted and (line := strace.stderr.readline()):
                wanted -= "attached" in line
            assert not wanted, f"strace could not attach: {line}"
            try:
                yield seen
            finally:
                strace.terminate()
                strace.stderr.read()
        seen.extend(output)


def processes(database: Database) -> dict[str, int]:
    """The server's processes that write files, beside those of connections."""
    with patiently(database) as connection:
        found = connection.execute(
            "SELECT backend_type, pid FROM pg_stat_activity"
            " WHERE backend_type IN ('checkpointer', 'walwriter', 'background writer')"
        )
        return {str(name): int(pid) for name, pid in found}


def data_of(cluster: Cluster) -> Path:
    """Where the server keeps its data."""
    return Path(os.readlink(f"/proc/{cluster.pid}/cwd"))


def file_kind(data: Path, path: str) -> str | None:
    """The folder of a file below the data folder; None for sockets, pipes and files elsewhere."""
    full = (data / path).resolve()
    if not full.is_relative_to(data.resolve()):
        return None
    parts = full.relative_to(data.resolve()).parts
    if full.is_dir():
        return "/".join(parts) + "/" if parts[0] != "base" else "base/"
    return "/".join(parts) if parts[0] == "global" and parts[-1] == "pg_control" else parts[0]


def files_of(data: Path, kind: str, pid: int) -> list[str]:
    """The paths of that kind that there are, and those of the WAL that are to come."""
    if kind.endswith("/"):
        folders = [path for path in (data / kind).iterdir() if path.is_dir()] if kind == "base/" else []
        return [str(path) for path in (data / kind, *folders)]
    if kind != "pg_wal":
        path = data / kind
        found = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        if kind == "pg_logical":
            found.append(path / "replorigin_checkpoint.tmp")
        return [name for each in found for name in (str(each), str(each.relative_to(data)))]
    names = {path.name for path in (data / kind).iterdir() if path.is_file()}
    last = max(int(name, 16) for name in names if re.fullmatch("[0-9A-F]{24}", name))
    names |= {f"{number:024X}" for number in range(last, last + 30)} | {f"xlogtemp.{pid}"}
    return [path for name in names for path in (f"{data / kind / name}", f"{kind}/{name}")]
