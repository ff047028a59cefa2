"""A register that stays in the custodian's own database: read there through two views, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.register_files import COLUMNS, Listener, RegisterFiles
from wicketgate.flow.register_source import OF_NOBODY, PERSON_TWICE, SECOND_LAST, Fault
from wicketgate.store.custodian import CustodianViews

_PROBLEMS = {
    "persons twice": ("persons", "person_id", PERSON_TWICE),
    "addresses of nobody": ("addresses", "person_id", OF_NOBODY),
    "addresses last twice": ("addresses", "is_last_known", SECOND_LAST),
}


class RegisterView:
    """The views `persons` and `addresses` of one schema, with the columns of a register directory."""

    def __init__(self, url: str, schema: str) -> None:
        self.name = f"views of {schema}"
        self.titles: Mapping[str, str] = {table: f"{schema}.{table}" for table in COLUMNS}
        self._views = CustodianViews(url, schema, COLUMNS)

    def rows(self, table: str) -> Iterator[tuple[int | str, Sequence[str]]]:
        """Each row with its person_id, by which the custodian finds it again."""
        return ((cells[0], cells) for cells in self._views.rows(table))

    def unreadable(self) -> Sequence[Fault]:
        """None: what a database gives can be read."""
        return ()

    def contradictions(self) -> Iterator[Fault]:
        """Found by the custodian's own database."""
        for kind, (table, column, problem) in _PROBLEMS.items():
            for person_id in self._views.contradictions(kind):
                yield Fault(table, person_id, column, problem)

    def close(self) -> None:
        """Leave the database."""
        self._views.close()


def view(
    url: str, schema: str, progress: Progress = silent, listener: Listener | None = None
) -> RegisterFiles:
    """Open the views of a schema. Raises `DatabaseError` for other views, and for a role that may write."""
    return RegisterFiles(RegisterView(url, schema), progress, listener)
