"""A private PostgreSQL cluster in one directory: made once, started here, stopped with us."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from wicketgate.embedded import binaries, home, server
from wicketgate.embedded.account import Account
from wicketgate.embedded.problem import ClusterError

SUPERUSER = "postgres"


class Cluster:
    """A running server, reachable over a socket in a private folder and never over a network.

    Leaving the context stops the server; so does the end of this process, in
    whatever way it ends, unless it was started with `keep_running`.
    """

    def __init__(self, directory: Path, *, fsync: bool, keep_running: bool, doomed: Path | None) -> None:
        self.directory = directory
        self._keep_running = keep_running
        self._doomed = doomed
        account = Account.choose()
        home.make(directory, account)
        self._owner = os.getpid()
        self._lock = _lock(directory)
        try:
            self._home = home.prepare(directory, account)
            self._data = self._home / "data"
            self._start(account, fsync=fsync)
        except BaseException:
            os.close(self._lock)
            raise
        if not keep_running:
            atexit.register(self.stop)

    def _start(self, account: Account, *, fsync: bool) -> None:
        self._process: server.Process | None = None
        self._watcher: server.Process | None = None
        kept = self._home / "keep_running"
        pid, socket = server.living(self._data), server.socket_of(self._data)
        if pid is not None and socket is not None and kept.exists():
            self._pid, self._socket = pid, socket
        else:
            if pid is not None:  # its owner was killed; its watcher is stopping it, and so do we
                server.stop(self._data, pid, None)
            if socket is not None and socket.name.startswith("wicketgate-"):
                shutil.rmtree(socket, ignore_errors=True)
            self._boot(account, fsync=fsync)
        if self._keep_running:
            kept.touch()
        else:
            kept.unlink(missing_ok=True)
            self._watcher = server.watch(self._pid, self._socket, self._doomed)

    def _boot(self, account: Account, *, fsync: bool) -> None:
        made_by = self._data / "PG_VERSION"
        major = int(made_by.read_text()) if made_by.is_file() else None
        if major is not None and account.dropped:
            account = Account(self._data.stat().st_uid, self._data.stat().st_gid, dropped=True)
        programs, _ = binaries.find(account, self._home, major)
        if major is None:
            _initialise(programs, account, self.directory, self._home, fsync=fsync)
        self._socket = home.socket_folder(account)
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            self._data,
            *server.settings(self._socket, fsync=fsync),
        ]
        try:
            self._process = server.boot(account, command, self._data, self._home / "server.log")
        except BaseException:
            shutil.rmtree(self._socket, ignore_errors=True)
            raise
        self._pid = self._process.pid

    def secret(self, role: str) -> str:
        """The random password of a role, kept beside the cluster with mode 0600."""
        return home.secret(self.directory, role)

    def dsn(self, role: str = SUPERUSER, dbname: str = "postgres") -> str:
        """The connection string of `role` for a database; it holds the role's secret."""
        words = {
            "host": str(self._socket),
            "dbname": dbname,
            "user": role,
            "password": self.secret(role),
            "application_name": "wicketgate",
        }
        return " ".join(f"{name}={_quoted(value)}" for name, value in words.items())

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return self._pid

    def stop(self) -> None:
        """Stop the server in order and give the directory free; a second call does nothing."""
        if self._lock < 0 or os.getpid() != self._owner:  # a forked child leaves its parent's server alone
            return
        atexit.unregister(self.stop)
        try:
            server.stop(self._data, self._pid, self._process)
            if self._watcher is not None:
                server.dismiss(self._watcher)
            shutil.rmtree(self._socket, ignore_errors=True)
            if self._doomed is not None:
                shutil.rmtree(self._doomed, ignore_errors=True)
        finally:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._keep_running:
            self.stop()

    def __repr__(self) -> str:
        return f"<Cluster {self.directory}>"


def start(directory: Path, *, fsync: bool = True, keep_running: bool = False) -> Cluster:
    """Start the cluster in `directory`, made there on first use; one server per directory.

    `fsync=False` is for data that may be lost. With `keep_running` the server
    outlives this process, and the next `start` finds it running. Raises
    `ClusterError` with one sentence.
    """
    try:
        return Cluster(directory.resolve(), fsync=fsync, keep_running=keep_running, doomed=None)
    except OSError as error:
        raise ClusterError(
            f"The database in {directory} cannot be used: {error.strerror or error}."
        ) from None


def throw_away(*, fsync: bool = False) -> Cluster:
    """Start an empty cluster in a temporary folder that goes when the cluster stops."""
    folder = Path(tempfile.mkdtemp(prefix="wicketgate-cluster-")).resolve()
    if os.geteuid() == 0:
        folder.chmod(0o711)  # ours, and the server's account has to pass
    try:
        return Cluster(folder / "database", fsync=fsync, keep_running=False, doomed=folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _lock(directory: Path) -> int:
    """Hold the directory for this process; the kernel lets go of it when we die."""
    handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ClusterError(
            f"The database in {directory} is in use by another process;"
            " let that one end first, or choose another directory."
        ) from None
    return handle


def _initialise(programs: Path, account: Account, directory: Path, place: Path, *, fsync: bool) -> None:
    """Make the data folder beside its final place and rename it, so that half of one is never used."""
    draft, password_file = place / "data.new", place / "password.new"
    shutil.rmtree(draft, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    account.make_private(draft)
    password_file.touch(mode=0o600)
    password_file.write_text(home.secret(directory, SUPERUSER))
    if account.dropped:
        os.chown(password_file, account.uid, account.gid)
    command: list[str | Path] = [programs / "initdb", "--pgdata", draft, "--username", SUPERUSER]
    # The C locale orders by bytes: the same everywhere, and no upgrade of a library can break an index.
    command += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C"]
    command += ["--pwfile", password_file, "--no-sync"]
    done = account.run(*command, cwd=place)
    password_file.unlink()
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        reason = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise ClusterError(f"The database in {directory} could not be created: {reason}")
    if fsync:
        os.sync()  # a thousand small files: one flush for all is many times faster than one for each
    draft.rename(place / "data")


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
