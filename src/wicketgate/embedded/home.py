"""Where a cluster's files live, so that the server's account can reach them and nobody else can read them."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from wicketgate.embedded.account import Account
from wicketgate.embedded.problem import ClusterError

_SYSTEM = Path("/var/lib/wicketgate")
_LONGEST_SOCKET_FOLDER = 85
"""A socket's whole path may have 107 bytes on Linux and 103 elsewhere."""


def make(directory: Path, account: Account) -> None:
    """Create the cluster's directory where there is none."""
    if not directory.exists():
        directory.mkdir(parents=True)
        directory.chmod(0o711 if account.dropped else 0o700)


def prepare(directory: Path, account: Account) -> Path:
    """The folder that holds the server's files, made where needed.

    That is `directory` itself. Only for root, when the server's account cannot
    walk to it (a home closed to others), it is a folder of its own below
    /var/lib/wicketgate, named by the file ``home`` in `directory`: no mode of a
    folder that is not ours is ever changed.
    """
    pointer = directory / "home"
    if pointer.is_file():
        home = Path(pointer.read_text().strip())
        if not home.is_dir():
            raise ClusterError(
                f"The database of {directory} should be in {home}, which is gone;"
                f" restore it, or remove {pointer} to begin with an empty one."
            )
        return home
    if account.reaches(directory):
        return directory
    home = _SYSTEM / secrets.token_hex(6)
    try:
        _SYSTEM.mkdir(mode=0o755, exist_ok=True)
        home.mkdir()
        home.chmod(0o711)
    except OSError as error:
        raise ClusterError(
            f"The account 'nobody' cannot reach {directory}, and {_SYSTEM} cannot be used"
            f" ({error.strerror}); choose a directory that it can reach, or run as an ordinary user."
        ) from None
    _write_whole(pointer, f"{home}\n")
    return home


def socket_folder(account: Account) -> Path:
    """A new private folder with a short path for the server's socket."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    for parent in (*([runtime] if runtime else []), tempfile.gettempdir(), "/tmp"):  # noqa: S108
        place = Path(parent).absolute()
        short = len(os.fsencode(place)) + 24 <= _LONGEST_SOCKET_FOLDER
        if short and os.access(place, os.W_OK | os.X_OK) and account.reaches(place):
            folder = Path(tempfile.mkdtemp(prefix="wicketgate-", dir=place))
            if account.dropped:
                os.chown(folder, account.uid, account.gid)
            return folder
    raise ClusterError(
        "No folder with a short path was found for the database's socket; set TMPDIR to one you may write."
    )


def secret(directory: Path, name: str) -> str:
    """The secret kept under `name` beside the cluster (mode 0600), made on first use."""
    if not name.replace("_", "").isalnum():
        raise ValueError("a secret's name has letters, digits and underscores")
    folder = directory / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.is_file():
        _write_whole(path, secrets.token_urlsafe(32))
    return path.read_text()


def _write_whole(path: Path, text: str) -> None:
    """Write a private file so that nobody, a crash included, ever sees half of it.

    Of two writers at once the first wins.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
