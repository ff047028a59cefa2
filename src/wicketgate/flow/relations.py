"""What a review derives from its requests taken together, as SQL that DuckDB and Spark read alike.

It begins with `asked` (row, line, request_id, the facts of each row, the keys), `unread` (row,
line, field, problem) and `engagement` (key, open_requests: before this submission).
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Relation(NamedTuple):
    """A named query; one that is read often is worth keeping."""

    name: str
    query: str
    read_often: bool = True


def derived(each: str) -> tuple[Relation, ...]:
    """The relations in the order in which they build on each other.

    `each` is the dialect's expression for one row per space-separated part of the column ``{}``.
    """
    officer_keys, person_keys = each.format("officer_keys"), each.format("person_keys")
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
            read_often=False,
        ),
        Relation(
            "reasons",
            "SELECT reasons_key AS key, count(*) AS n FROM good "
            "WHERE reasons_key IS NOT NULL GROUP BY reasons_key",
        ),
        Relation(
            "officer",
            f"""SELECT key, CAST(sum(n) AS BIGINT) AS n FROM (
                SELECT {officer_keys} AS key, 1 AS n FROM good WHERE officer_keys IS NOT NULL
                UNION ALL SELECT key, open_requests FROM engagement
            ) GROUP BY key""",
        ),
        Relation("officers", _most("officer", officer_keys, "officer_keys")),
        Relation(
            "person",
            f"""SELECT key, count(*) AS n FROM (
                SELECT DISTINCT {person_keys} AS key, address_key
                FROM good WHERE person_keys IS NOT NULL AND address_key IS NOT NULL
            ) GROUP BY key""",
        ),
        Relation("persons", _most("person", person_keys, "person_keys")),
        Relation("address", _persons_under("address_key")),
        Relation("matter", _persons_under("matter_key")),
    )


def stated(columns: str) -> str:
    """The query for `columns` of `good` and the facts of the set beside them."""
    return f"SELECT {columns}, {_SET_FACTS}"


# What is not stated repeats nothing (0): that it is not stated is another element's defect.
_SET_FACTS: Final = """
       coalesce(reasons.n, 0) AS reasons_repeat_count,
       coalesce(officers.n, 0) AS officer_requests_max,
       coalesce(persons.n, 0) AS person_address_count,
       coalesce(address.n, 0) AS address_person_count,
       coalesce(matter.n, 0) AS matter_person_count
FROM good
LEFT JOIN reasons ON reasons.key = good.reasons_key
LEFT JOIN officers ON officers.row = good.row
LEFT JOIN persons ON persons.row = good.row
LEFT JOIN address ON address.key = good.address_key
LEFT JOIN matter ON matter.key = good.matter_key"""


def _most(counted: str, keys: str, column: str) -> str:
    """The greatest count among the keys of each row."""
    return f"""SELECT row, max({counted}.n) AS n
        FROM (SELECT row, {keys} AS key FROM good WHERE {column} IS NOT NULL) asked_keys
        JOIN {counted} ON {counted}.key = asked_keys.key GROUP BY row"""


def _persons_under(column: str) -> str:
    """How many different persons are asked for under each key."""
    return f"""SELECT key, count(*) AS n
        FROM (SELECT DISTINCT {column} AS key, name_key FROM good WHERE {column} IS NOT NULL) GROUP BY key"""
