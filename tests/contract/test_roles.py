"""Each service can do its own work and nothing else."""

from __future__ import annotations

import psycopg
import pytest

from tests.contract.world import NOW, TO_RELEASED, World
from wicketgate.embedded import Cluster
from wicketgate.store.database import open_database
from wicketgate.store.services import OWNERS, Service

REGISTER = ("person", "address", "ticket", "answer")


@pytest.mark.parametrize("service", [service for service in Service if service is not Service.LOAD])
def test_no_service_reads_the_register(world: World, service: Service) -> None:
    for table in REGISTER:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.as_(service).execute(f"SELECT count(*) FROM register.{table}".encode())


@pytest.mark.parametrize("service", Service)
def test_no_service_becomes_somebody_else(world: World, service: Service) -> None:
    others = (*OWNERS, "postgres", *(set(Service) - {service}))
    for other in others:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.as_(service).execute(f"SET ROLE {other}".encode())


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE t (a int)",
        "CREATE TABLE public.t (a int)",
        "CREATE TABLE gate.t (a int)",
        "CREATE SCHEMA s",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE gate.request DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE log.entry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "INSERT INTO gate.transition VALUES ('received', 'x', 'approved', 'gate', '{}', false)",
        "DELETE FROM gate.suspension",
        "UPDATE gate.suspension SET suspended = false",
        "UPDATE gate.request SET state = 'approved'",
        "UPDATE gate.package SET picked_up_at = NULL",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT rolpassword FROM pg_authid",
    ],
)
def test_no_service_steps_out_of_its_work(world: World, service: Service, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.as_(service).execute(statement.encode())


def test_nothing_is_found_by_an_unqualified_name(world: World) -> None:
    row = world.as_(Service.REVIEW).execute("SHOW search_path").fetchone()
    assert row == ("pg_catalog, pg_temp",)


def test_the_portal_sees_no_request_and_no_package(world: World) -> None:
    world.bring(world.submit(), *TO_RELEASED)
    for table in ("request", "package", "act", "submission"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            world.as_(Service.PORTAL).execute(f"SELECT FROM gate.{table}".encode())


def test_intake_does_not_read_back_what_was_written(world: World) -> None:
    world.submit()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.as_(Service.INTAKE).execute("SELECT body FROM gate.request")


def test_the_approver_sees_no_package(world: World) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.as_(Service.DECIDE).execute("SELECT jwe FROM gate.package")


@pytest.mark.parametrize("service", sorted(set(Service) - {Service.OVERSEE}))
def test_only_an_overseer_suspends(world: World, service: Service) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        world.as_(service).execute("SELECT gate.set_suspension('*', false, NULL, NULL, NULL, %s)", [NOW])


def test_no_function_is_everybodys(world: World) -> None:
    """Everything that can be called was given to somebody by name."""
    with world.administrator() as connection:
        rows = connection.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname IN ('gate', 'log', 'register')"
            " AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))"
        ).fetchall()
    assert rows == []


def test_no_service_enters_another_database(cluster: Cluster, world: World) -> None:
    stranger = open_database(cluster, "stranger")
    stranger.create()
    try:
        with stranger.administer() as connection:
            connection.execute("REVOKE ALL ON DATABASE stranger FROM PUBLIC")
        with pytest.raises(Exception, match="permission denied for database"):
            stranger.connect(Service.REVIEW)
    finally:
        stranger.drop()
