"""A key process beside a gate that runs on one account: simulations and demonstrations.

A server has one of its own, under an account of its own (`wicketgate keys serve`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from wicketgate.keys import Keys, KeysError, through_socket
from wicketgate.ledger import Policy

_FOLDER = "keys"
_TO_START, _TO_END = 60, 10


@contextmanager
def key_process(folder: Path, vkey: str, witnesses: Policy | None = None) -> Iterator[Keys]:
    """Start a key process for the gate of that log, with its keys in a folder beside; it ends with us.

    Raises `KeysError` when it does not start.
    """
    with key_socket(folder, vkey, witnesses) as path:
        keys = through_socket(path)
        try:
            yield keys
        finally:
            keys.close()


@contextmanager
def key_socket(folder: Path, vkey: str, witnesses: Policy | None = None) -> Iterator[Path]:
    """The same for a gate of several processes: gives the socket, which is what a configuration names."""
    with TemporaryDirectory(prefix="wicketgate-keys-") as short:  # a socket's path has a hundred bytes
        path = Path(short) / "socket"
        command = [sys.executable, "-m", "wicketgate.keys", str(folder / _FOLDER), str(path), vkey]
        if witnesses is not None:
            policy = Path(short) / "policy"
            policy.write_bytes(bytes(witnesses))
            command.append(str(policy))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C reaches us first
        )
        try:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                _, errors = process.communicate(timeout=_TO_START)
                lines = errors.decode(errors="replace").strip().splitlines() or ["no reason was given"]
                raise KeysError(f"The key process does not start: {lines[-1]}")
            yield path
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The end of its input is the end of the process; what does not hear that is killed."""
    try:
        process.communicate(timeout=_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
