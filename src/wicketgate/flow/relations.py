"""What a review derives from its requests taken together, as SQL that DuckDB and Spark read alike.

It begins with `asked` (row, line, request_id, the facts of each row, the keys), `unread` (row,
line, field, problem) and `engagement` (key, open_requests: before this submission). `officer_keys`
and `person_keys` are lists, the latter of one or two keys.
"""

from __future__ import annotations

from typing import NamedTuple


class Relation(NamedTuple):
    """A named query; one that is read often is worth keeping."""

    name: str
    query: str
    read_often: bool = True


class Dialect(NamedTuple):
    """How an engine writes what SQL has no common word for; ``{}`` is a column that holds lists."""

    each: str
    """One row for each entry."""
    first: str
    second: str
    """One entry; unknown where the list is shorter."""


def derived(dialect: Dialect) -> tuple[Relation, ...]:
    """The relations in the order in which they build on each other."""
    officers, persons = dialect.each.format("officer_keys"), dialect.each.format("person_keys")
    return (
        # The first request under a reference stands; intake's promise "unique in the file".
        Relation(
            "repeated",
            "SELECT request_id, min(row) AS first_row FROM asked GROUP BY request_id HAVING count(*) > 1",
        ),
        Relation(
            "good",
            "SELECT asked.* FROM asked LEFT JOIN repeated ON asked.request_id = repeated.request_id "
            "WHERE first_row IS NULL OR row = first_row",
            read_often=False,
        ),
        Relation(
            "malformed",
            "SELECT row, line, field, problem, CAST(NULL AS STRING) AS request_id FROM unread UNION ALL "
            "SELECT row, line, 'request_id', 'The request_id was already used in row ' || "
            "CAST(first_row AS STRING) || ' of this file; give each request a reference of its own.', "
            "asked.request_id FROM asked JOIN repeated ON asked.request_id = repeated.request_id "
            "WHERE row <> first_row",
        ),
        Relation(
            "reasons",
            "SELECT reasons_key AS key, count(*) AS n FROM good "
            "WHERE reasons_key IS NOT NULL GROUP BY reasons_key",
        ),
        Relation(
            "officer",
            f"""SELECT key, CAST(sum(n) AS BIGINT) AS n FROM (
                SELECT {officers} AS key, 1 AS n FROM good WHERE officer_keys IS NOT NULL
                UNION ALL SELECT key, open_requests FROM engagement
            ) GROUP BY key""",
        ),
        # Whole files repeat the same officers together, so each list is looked at once.
        Relation(
            "officers",
            f"""SELECT keys, max(officer.n) AS n FROM (
                SELECT officer_keys AS keys, {officers} AS key
                FROM (SELECT DISTINCT officer_keys FROM good WHERE officer_keys IS NOT NULL)
            ) listed JOIN officer ON officer.key = listed.key GROUP BY keys""",
        ),
        Relation(
            "person",
            f"""SELECT key, count(*) AS n FROM (
                SELECT DISTINCT {persons} AS key, address_key
                FROM good WHERE person_keys IS NOT NULL AND address_key IS NOT NULL
            ) GROUP BY key""",
        ),
        Relation("address", _persons_under("address_key")),
        Relation("matter", _persons_under("matter_key")),
    )


def stated(columns: str, dialect: Dialect) -> str:
    """The query for `columns` of `good` and the facts of the set beside them."""
    first, second = (each.format("good.person_keys") for each in (dialect.first, dialect.second))
    # What is not stated repeats nothing (0): that it is not stated is another element's defect.
    return f"""SELECT {columns},
        coalesce(reasons.n, 0) AS reasons_repeat_count,
        coalesce(officers.n, 0) AS officer_requests_max,
        greatest(coalesce(one.n, 0), coalesce(other.n, 0)) AS person_address_count,
        coalesce(address.n, 0) AS address_person_count,
        coalesce(matter.n, 0) AS matter_person_count
    FROM good
    LEFT JOIN reasons ON reasons.key = good.reasons_key
    LEFT JOIN officers ON officers.keys = good.officer_keys
    LEFT JOIN person AS one ON one.key = {first}
    LEFT JOIN person AS other ON other.key = {second}
    LEFT JOIN address ON address.key = good.address_key
    LEFT JOIN matter ON matter.key = good.matter_key"""


def _persons_under(column: str) -> str:
    """How many different persons are asked for under each key."""
    return f"""SELECT key, count(*) AS n
        FROM (SELECT DISTINCT {column} AS key, name_key FROM good WHERE {column} IS NOT NULL) GROUP BY key"""
