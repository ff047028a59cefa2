"""The custodian's own database, only read: two views, in one snapshot, by a role that may not write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import LiteralString

import psycopg
from psycopg import sql

from wicketgate.store.database import Connection, DatabaseError

_AT_ONCE = 10_000
_MAY_WRITE: LiteralString = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
    OR has_schema_privilege(%(schema)s, 'CREATE')
    OR EXISTS (
        SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
            AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
FROM pg_catalog.pg_roles WHERE rolname = session_user
"""
_REPEATED: LiteralString = "GROUP BY person_id HAVING count(*) > 1 ORDER BY person_id"
_CONTRADICTIONS: Mapping[str, LiteralString] = {
    "persons twice": "SELECT person_id FROM persons " + _REPEATED,
    "addresses of nobody": (
        "SELECT DISTINCT person_id FROM addresses AS a"
        " WHERE NOT EXISTS (SELECT FROM persons AS p WHERE p.person_id = a.person_id) ORDER BY person_id"
    ),
    "addresses last twice": (
        "SELECT person_id FROM addresses WHERE lower(btrim(is_last_known)) = 'true' " + _REPEATED
    ),
}


class CustodianViews:
    """Views of one schema, as texts; the same rows however often they are read, until `close`.

    Raises `DatabaseError`, with one sentence, when the database cannot be reached, when the role could change
    anything there, and when a view has other columns than `columns` names.
    """

    def __init__(self, url: str, schema: str, columns: Mapping[str, Sequence[str]]) -> None:
        self._schema = schema
        self._columns = columns
        try:
            self._connection: Connection = Connection.connect(
                url, application_name="wicketgate register", options="-c DateStyle=ISO"
            )
        except psycopg.Error as error:
            raise DatabaseError(
                f"The custodian's database cannot be reached: {str(error).strip().splitlines()[0]}"
            ) from None
        try:
            self._connection.read_only = True
            self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._require_reader()
            for view, wanted in columns.items():
                self._require_columns(view, wanted)
        except BaseException:
            self._connection.close()
            raise

    def rows(self, view: str) -> Iterator[Sequence[str]]:
        """The texts of each row, ``''`` for missing, in no particular order."""
        names = sql.SQL(", ").join(map(sql.Identifier, self._columns[view]))
        return self._stream(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(view)))

    def contradictions(self, kind: str) -> Iterator[str]:
        """The person_id of each case of one kind.

        `persons twice`, `addresses of nobody` or `addresses last twice`.
        """
        return (row[0] for row in self._stream(sql.SQL(_CONTRADICTIONS[kind])))

    def close(self) -> None:
        """End the snapshot and leave the database."""
        self._connection.close()

    _numbers = count(1)

    def _stream(self, query: sql.Composable) -> Iterator[Sequence[str]]:
        views = sql.SQL(", ").join(
            sql.SQL("{} AS NOT MATERIALIZED (SELECT {} FROM {})").format(
                sql.Identifier(view),
                sql.SQL(", ").join(
                    sql.SQL("coalesce({0}::text, '') AS {0}").format(sql.Identifier(name)) for name in names
                ),
                sql.Identifier(self._schema, view),
            )
            for view, names in self._columns.items()
        )
        try:
            with self._connection.cursor(name=f"register_{next(self._numbers)}") as cursor:
                cursor.itersize = _AT_ONCE
                cursor.execute(sql.SQL("WITH {} {}").format(views, query))
                yield from cursor
        except psycopg.Error as error:
            raise self._refusal(error) from None

    def _require_reader(self) -> None:
        try:
            row = self._connection.execute(_MAY_WRITE, {"schema": self._schema}).fetchone()
        except psycopg.Error as error:
            raise self._refusal(error) from None
        if row is None or row[0]:
            raise DatabaseError(
                "The custodian's database is read by a role that can only read: this one may change something"
                f" there or in the schema {self._schema}; give the gate a role of its own."
            )

    def _require_columns(self, view: str, wanted: Sequence[str]) -> None:
        relation = sql.Identifier(self._schema, view)
        try:
            described = self._connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(relation))
        except psycopg.Error as error:
            raise self._refusal(error) from None
        found = [column.name for column in described.description or ()]
        missing = [name for name in wanted if name not in found]
        unknown = [name for name in found if name not in wanted]
        if missing or unknown:
            raise DatabaseError(
                f"The view {self._schema}.{view} must have the columns {', '.join(wanted)}; "
                f"missing: {', '.join(missing) or 'none'}; unknown: {', '.join(unknown) or 'none'}."
            )

    def _refusal(self, error: psycopg.Error) -> DatabaseError:
        """Only what kind of error it is: a server's own message may quote a row."""
        kind = type(error).__name__
        return DatabaseError(
            f"The views of the schema {self._schema} in the custodian's database cannot be read ({kind});"
            " they are `persons` and `addresses`, and the role needs USAGE on the schema and SELECT on both."
        )
