"""The server process: found in the data folder, awaited, stopped, and never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from wicketgate.embedded.account import Account
from wicketgate.embedded.problem import ClusterError

Process: TypeAlias = subprocess.Popen[bytes]

_PATIENCE = 60.0
"""Seconds that a start with recovery, or a stop with a checkpoint, may take."""

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    # The server's log must name no person: no statements, no parameters, no row in an error's detail.
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
}
_UNSAFE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "1GB"}
_SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# For files of a million requests: room for what is written to often, and not a checkpoint every few seconds.
_SAFE |= {"shared_buffers": "256MB", "max_wal_size": "2GB", "checkpoint_timeout": "15min"}
if sys.platform == "linux":  # before a recovery, one flush of the file system instead of one for each file
    _SAFE["recovery_init_sync_method"] = "syncfs"

_WATCH = """
if read -r word; then exit 0; fi
kill -INT "$1" 2>/dev/null
tries=600
while [ $tries -gt 0 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; tries=$((tries - 1)); done
rm -rf -- "$2"
if [ -n "$3" ]; then rm -rf -- "$3"; fi
"""
"""Waits at a pipe that only our process holds open; when we die, however we die, stops the server."""


def settings(socket: Path, *, fsync: bool) -> list[str]:
    """The command line's settings, which no file in the data folder overrides."""
    chosen = _SETTINGS | (_SAFE if fsync else _UNSAFE) | {"unix_socket_directories": str(socket)}
    return [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]


def living(data: Path) -> int | None:
    """The process id of the postmaster that runs in `data`, or None.

    A process id can be used again by a stranger, so the process must have been
    started with this very data folder.
    """
    pid = _recorded(data)
    if pid is None:
        return None
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        has_proc = Path("/proc/self/cmdline").exists()
        return pid if not has_proc and _exists(pid) else None
    return pid if os.fsencode(data) in words else None


def disown_stranger(data: Path) -> None:
    """When the dead server's process id is a stranger's today, put our own in its place.

    PostgreSQL takes the id of its parent for stale, and goes on to make sure
    that no process of the dead server still holds its memory.
    """
    pid = _recorded(data)
    if pid is not None and living(data) is None and _exists(pid):
        lines = _pid_file(data)
        (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def socket_of(data: Path) -> Path | None:
    """The folder of the socket that the last server in `data` used."""
    lines = _pid_file(data)
    return Path(lines[4].strip()) if len(lines) > 4 and lines[4].strip() else None


def boot(account: Account, command: Sequence[str | Path], data: Path, log_path: Path) -> Process:
    """Start the server and return once it accepts connections; raises `ClusterError` with its reason."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        disown_stranger(data)
        with os.fdopen(os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
            process = account.spawn(*command, cwd=data.parent, log=log)
        while process.poll() is None and time.monotonic() < deadline:
            if _ready(data, process.pid):
                return process
            time.sleep(0.01)
        process.kill()
        process.wait()
        said = log_path.read_text(errors="replace").strip()
        # A killed server's children take a moment to notice; until they are gone PostgreSQL rightly refuses.
        if "shared memory block" not in said or time.monotonic() > deadline:
            lines = said.splitlines() or ["it said nothing"]
            reason = next((line for line in lines if "FATAL" in line), lines[-1])
            raise ClusterError(f"The database server in {data} did not start: {reason}")
        time.sleep(0.05)


def _ready(data: Path, pid: int) -> bool:
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def stop(data: Path, pid: int, process: Process | None) -> None:
    """End the server in order: running transactions are rolled back, a checkpoint is written."""

    def gone() -> bool:
        return process.poll() is not None if process is not None else living(data) != pid

    with contextlib.suppress(ProcessLookupError):
        if not gone():
            os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _PATIENCE
    while not gone():
        if time.monotonic() > deadline:
            raise ClusterError(
                f"The database server in {data} (process {pid}) does not stop; end it by hand."
            )
        time.sleep(0.01)


def watch(pid: int, socket: Path, doomed: Path | None) -> Process:
    """Start the watcher; `doomed` is removed, too, when we die before we stop."""
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, "wicketgate-watch", str(pid), str(socket), str(doomed or "")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        start_new_session=True,
    )


def dismiss(watcher: Process) -> None:
    """Tell the watcher that the server was stopped in order."""
    with contextlib.suppress(BrokenPipeError):
        watcher.communicate(b"stopped\n")


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _recorded(data: Path) -> int | None:
    lines = _pid_file(data)
    first = lines[0].strip() if lines else ""
    return int(first) if first.isdigit() and int(first) > 0 else None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
