"""Migrations that nobody rewrites, several databases on one server, and commits that survive a kill."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.contract.world import KEY, NOW, World, entry
from wicketgate.embedded import Cluster, start, throw_away
from wicketgate.store import log, migrate
from wicketgate.store.database import Database, DatabaseError, RemoteServer, open_database
from wicketgate.store.services import Service


def test_a_second_migration_changes_nothing(database: Database) -> None:
    assert migrate.migrate(database) == ()


def test_a_schema_file_that_was_changed_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = migrate.schema_files()
    monkeypatch.setattr(migrate, "schema_files", lambda: wanted | {"10_gate.sql": "SELECT 1"})
    with pytest.raises(DatabaseError, match=r"10_gate\.sql was applied to this database and has changed"):
        migrate.migrate(database)


def test_a_schema_file_that_is_gone_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {name: text for name, text in migrate.schema_files().items() if name != "20_log.sql"}
    monkeypatch.setattr(migrate, "schema_files", lambda: wanted)
    with pytest.raises(DatabaseError, match=r"20_log\.sql was applied to this database and is missing"):
        migrate.migrate(database)


def test_a_new_file_is_applied_once_and_a_bad_one_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = migrate.schema_files()
    added = wanted | {"98_new.sql": "CREATE TABLE gate.new (a int)", "99_bad.sql": "CREATE NONSENSE"}
    monkeypatch.setattr(migrate, "schema_files", lambda: added)
    with pytest.raises(DatabaseError, match=r"99_bad\.sql cannot be applied"):
        migrate.migrate(database)
    del added["99_bad.sql"]
    assert migrate.migrate(database) == ("98_new.sql",)
    assert migrate.migrate(database) == ()


def test_whoever_may_insert_an_act_can_bring_no_trigger_of_their_own(cluster: Cluster) -> None:
    """`gate.act` leaves acts alone that a trigger inserts (86_bulk.sql); this is what that rests on."""
    fresh = open_database(cluster, "no_triggers")
    try:
        migrate.migrate(fresh)
        with fresh.administer() as owner:
            able = owner.execute(
                "SELECT r.rolname FROM pg_roles r WHERE NOT r.rolsuper AND r.rolcanlogin"
                " AND has_table_privilege(r.oid, 'gate.act', 'INSERT')"
            ).fetchall()
            assert {name for (name,) in able} >= {Service.REVIEW, Service.DECIDE, Service.OVERSEE}
            for (name,) in able:
                found = owner.execute(
                    "SELECT has_database_privilege(%(role)s, current_database(), 'TEMP'),"
                    " (SELECT count(*) FROM pg_namespace n"
                    "  WHERE has_schema_privilege(%(role)s, n.oid, 'CREATE')),"
                    " (SELECT count(*) FROM pg_class c WHERE pg_has_role(%(role)s, c.relowner, 'MEMBER')),"
                    " (SELECT count(*) FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v')"
                    "  AND has_table_privilege(%(role)s, c.oid, 'TRIGGER'))",
                    {"role": name},
                ).fetchone()
                assert found == (False, 0, 0, 0), name
    finally:
        fresh.drop()


def test_several_databases_live_on_one_server(cluster: Cluster, database: Database) -> None:
    second = open_database(cluster, "second")
    try:
        assert migrate.migrate(second) == tuple(migrate.schema_files())
        for one in (database, second):
            one.connect(Service.REVIEW).close()
    finally:
        second.drop()


def test_a_server_named_by_a_url_needs_no_superuser(tmp_path: Path) -> None:
    """Somebody else's server: a URL whose user may create roles and databases, and no more."""
    with throw_away() as server:
        with psycopg.connect(server.dsn()) as connection:
            connection.execute("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        url = make_conninfo(server.dsn(), user="keeper", password="secret", dbname="by_url")
        remote = open_database(url, secrets=tmp_path / "secrets")
        assert remote.name == "by_url"
        assert not remote.exists()
        assert migrate.migrate(remote) == tuple(migrate.schema_files())
        assert migrate.migrate(remote) == ()
        for service in Service:
            remote.connect(service).close()


def test_a_missing_password_is_made_once_and_private(tmp_path: Path) -> None:
    server = RemoteServer("postgresql://admin@db.example.gov/gate", tmp_path / "secrets")
    assert server.secret("gate_review") == server.secret("gate_review") != server.secret("gate_decide")
    assert (tmp_path / "secrets" / "gate_review").stat().st_mode & 0o777 == 0o600


def test_what_is_no_url_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="is not a database URL"):
        open_database("what is this", secrets=tmp_path)
    with pytest.raises(DatabaseError, match="folder for the passwords"):
        open_database("postgresql://db.example.gov/gate")


def test_a_database_that_is_not_there_is_one_sentence(cluster: Cluster) -> None:
    with pytest.raises(DatabaseError, match='database "missing" does not exist') as refusal:
        open_database(cluster, "missing").administer()
    assert "\n" not in str(refusal.value)


def test_what_was_committed_survives_the_kill_of_the_server() -> None:
    folder = Path(tempfile.mkdtemp(prefix="wicketgate-test-"))
    folder.chmod(0o711)
    try:
        cluster = start(folder / "db")
        database = open_database(cluster)
        migrate.migrate(database)
        world = World(database)
        committed, undone = world.submit(2)
        with world.as_(Service.REVIEW).transaction():
            log.append(world.as_(Service.REVIEW), [entry(committed)], KEY, NOW)
        open_end = world.database.connect(Service.REVIEW)
        log.append(open_end, [entry(undone)], KEY, NOW)
        os.kill(cluster.pid, signal.SIGKILL)
        cluster.stop()
        open_end.close()
        world.close()
        with start(folder / "db") as again:
            world = World(open_database(again))
            assert world.state(committed) == "received"
            assert world.value("SELECT size FROM log.head") == 1
            assert len(log.accounting(world.as_(Service.AUDIT), committed)) == 1
            assert log.accounting(world.as_(Service.AUDIT), undone) == []
            world.close()
    finally:
        shutil.rmtree(folder)
