"""A register read from another PostgreSQL database, through two views, by a role that can only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.register.gate import Gate
from tests.register.town import question
from wicketgate.embedded import Cluster
from wicketgate.flow import register_files
from wicketgate.flow.register_view import view
from wicketgate.store.database import Connection, DatabaseError, open_database
from wicketgate.store.services import Service

READER = "custodian_reader"
_NUMBERS = count(1)
TABLES = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'custodian_reader') THEN
        CREATE ROLE custodian_reader LOGIN PASSWORD 'only reads';
    END IF;
END $$;
CREATE TABLE public.taxpayer (
    id integer, ssn bigint, given text, middle text, family text, born date, undercover boolean);
CREATE TABLE public.filed (
    taxpayer integer, street text, unit text, city text, state char(2), zip text, since smallint,
    until smallint, latest boolean);
INSERT INTO public.taxpayer VALUES
    (1, 123456789, 'José', 'Luis', 'García López', '1980-02-29', false),
    (2, 12345678, 'Ann', NULL, 'Smith', NULL, true);
INSERT INTO public.filed VALUES
    (1, '17 N Oak St', NULL, 'Dayton', 'OH', '45402', 2020, 2025, true),
    (1, '9 Elm Ave', '', 'Dayton', 'OH', '45402', NULL, NULL, false),
    (2, '3 Elm Ave', NULL, 'Dayton', 'OH', '45402', 2020, NULL, true);
CREATE SCHEMA wicketgate;
CREATE VIEW wicketgate.persons AS
    SELECT id AS person_id, lpad(ssn::text, 9, '0') AS tin, given AS first_name, middle AS middle_name,
        family AS last_name, NULL::text AS suffix, born AS birth_date,
        CASE WHEN undercover THEN 'informant' END AS flags
    FROM public.taxpayer;
CREATE VIEW wicketgate.addresses AS
    SELECT taxpayer AS person_id, street AS line1, unit AS line2, city, state, zip AS postal_code,
        'US' AS country, since AS from_period, until AS to_period, latest AS is_last_known
    FROM public.filed;
GRANT USAGE ON SCHEMA wicketgate TO custodian_reader;
GRANT SELECT ON wicketgate.persons, wicketgate.addresses TO custodian_reader;
"""


class Custodian:
    """The custodian's own database; `url` is what the gate is given."""

    def __init__(self, owner: Connection, url: str) -> None:
        self.owner = owner
        self.url = url

    def does(self, statement: str) -> None:
        self.owner.execute(statement.encode())


@pytest.fixture
def custodian(cluster: Cluster) -> Iterator[Custodian]:
    with _database(cluster) as (owner, dsn):
        owner.execute(TABLES.encode())
        yield Custodian(owner, make_conninfo(dsn, user=READER, password="only reads"))


@contextmanager
def _database(cluster: Cluster) -> Iterator[tuple[Connection, str]]:
    database = open_database(cluster, f"custodian_{next(_NUMBERS)}")
    database.create()
    owner = database.administer()
    owner.autocommit = True
    try:
        yield owner, cluster.dsn(dbname=database.name)
    finally:
        owner.close()
        database.drop()


def refresh(gate: Gate, custodian: Custodian) -> tuple[int, int]:
    files = view(custodian.url, "wicketgate")
    return register_files.load_from(gate.database.connect(Service.LOAD), gate.keys, files)


def test_the_gate_answers_from_what_the_views_hold(gate: Gate, custodian: Custodian) -> None:
    ann = question("Ann||Smith|", "012345678", line1="3 Elm Avenue")
    assert refresh(gate, custodian) == (2, 3)
    assert gate.verify(question(), question(line1="9 Elm Ave"), ann) == ["one", "one", "held"]
    custodian.does("UPDATE public.taxpayer SET undercover = false")
    custodian.does("UPDATE public.filed SET street = '1 New Rd' WHERE latest AND taxpayer = 1")
    assert gate.verify(ann) == ["held"]  # until the next refresh
    assert refresh(gate, custodian) == (2, 3)
    assert gate.verify(question(), ann) == ["not_one", "one"]


def test_both_views_are_of_one_moment(gate: Gate, custodian: Custodian) -> None:
    files = view(custodian.url, "wicketgate")
    persons = list(files.persons())
    custodian.does("INSERT INTO public.filed VALUES (3, '1 Elm Ave', NULL, 'Dayton', 'OH', '45402')")
    assert (len(persons), len(list(files.addresses()))) == (2, 3)
    files.require_sound()
    files.close()


def test_nothing_is_written_there(custodian: Custodian) -> None:
    custodian.does(
        "CREATE FUNCTION public.spy() RETURNS integer LANGUAGE sql"
        " AS 'DELETE FROM public.taxpayer RETURNING 1'"
    )
    custodian.does(
        "CREATE OR REPLACE VIEW wicketgate.persons AS SELECT public.spy() AS person_id, ''::text AS tin,"
        " ''::text AS first_name, ''::text AS middle_name, ''::text AS last_name, ''::text AS suffix,"
        " NULL::date AS birth_date, ''::text AS flags"
    )
    custodian.does("GRANT DELETE, SELECT ON public.taxpayer TO custodian_reader")
    files = view(custodian.url, "wicketgate")
    with pytest.raises(DatabaseError, match="cannot be read \\(ReadOnlySqlTransaction\\)"):
        list(files.persons())
    files.close()


@pytest.mark.parametrize(
    "right",
    [
        "GRANT UPDATE ON wicketgate.persons TO custodian_reader",
        "GRANT DELETE ON wicketgate.addresses TO custodian_reader",
        "GRANT CREATE ON SCHEMA wicketgate TO custodian_reader",
        "GRANT INSERT ON wicketgate.persons TO PUBLIC",
    ],
)
def test_a_role_that_may_write_is_refused(custodian: Custodian, right: str) -> None:
    custodian.does(right)
    with pytest.raises(DatabaseError, match="a role that can only read"):
        view(custodian.url, "wicketgate")


def test_an_administrator_is_refused(custodian: Custodian, cluster: Cluster) -> None:
    with pytest.raises(DatabaseError, match="a role that can only read"):
        view(cluster.dsn(dbname=custodian.owner.info.dbname), "wicketgate")


def test_what_is_wrong_there_is_told_by_person_id_and_nothing_is_loaded(
    gate: Gate, custodian: Custodian
) -> None:
    refresh(gate, custodian)
    custodian.does("INSERT INTO public.taxpayer VALUES (2, 1, 'Eve', NULL, 'Adams', NULL, false)")
    custodian.does("INSERT INTO public.taxpayer VALUES (5, 1, 'Eve', NULL, '--', NULL, false)")
    custodian.does(
        "INSERT INTO public.filed VALUES (7, '1 Elm Ave', NULL, 'Dayton', 'OH', '45402', 20, NULL, false)"
    )
    custodian.does("UPDATE public.filed SET latest = true")
    with pytest.raises(register_files.UnsoundRegisterError) as refused:
        refresh(gate, custodian)
    found = {(p.file, p.row, p.column) for p in refused.value.problems}
    assert found == {
        ("wicketgate.persons", "5", "last_name"),
        ("wicketgate.persons", "2", "person_id"),
        ("wicketgate.addresses", "7", "from_period"),
        ("wicketgate.addresses", "7", "person_id"),
        ("wicketgate.addresses", "1", "is_last_known"),
    }
    assert not any(secret in str(refused.value) for secret in ("Eve", "Adams", "Elm"))
    assert gate.verify(question()) == ["one"]


def test_other_columns_are_refused(custodian: Custodian) -> None:
    custodian.does("ALTER VIEW wicketgate.persons RENAME COLUMN tin TO ssn")
    with pytest.raises(DatabaseError, match=r"wicketgate\.persons must have .*missing: tin; unknown: ssn"):
        view(custodian.url, "wicketgate")


@pytest.mark.parametrize("schema", ["nowhere", 'odd"; DROP SCHEMA wicketgate; --', "wicketgate.persons"])
def test_a_schema_that_is_not_there(custodian: Custodian, schema: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be read"):
        view(custodian.url, schema)


def test_a_database_that_cannot_be_reached(custodian: Custodian) -> None:
    with pytest.raises(DatabaseError, match="cannot be reached") as refused:
        view(make_conninfo(custodian.url, password="wrong"), "wicketgate")
    assert "wrong" not in str(refused.value)


def test_an_error_over_there_does_not_quote_a_row(custodian: Custodian) -> None:
    custodian.does("UPDATE public.taxpayer SET family = 'Quixote'")
    custodian.does(
        "CREATE OR REPLACE VIEW wicketgate.persons AS SELECT id AS person_id, ''::text AS tin,"
        " given AS first_name, middle AS middle_name, family AS last_name, ''::text AS suffix,"
        " family::date AS birth_date, ''::text AS flags FROM public.taxpayer"
    )
    files = view(custodian.url, "wicketgate")
    with pytest.raises(DatabaseError, match="cannot be read") as refused:
        list(files.persons())
    assert "Quixote" not in str(refused.value)
    assert refused.value.__cause__ is None
    files.close()


def test_psycopg_really_speaks_to_another_database(gate: Gate, custodian: Custodian) -> None:
    with psycopg.connect(custodian.url) as other:
        assert other.info.dbname != gate.database.name
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute("SELECT FROM public.taxpayer")
