"""What the web room needs before it opens: its tables, the counter of tries, its static files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from wicketgate.flow.standing import Place, owner_login
from wicketgate.web.settings import database

_OWNER = "owner"


def make_tables(administrator: Place) -> None:
    """Bring the web room's tables to the present form, as their owner. Django must be set up."""
    with _as_owner(administrator):
        call_command("migrate", database=_OWNER, interactive=False, verbosity=0)
        call_command("createcachetable", database=_OWNER, verbosity=0)


def tables_are_present() -> bool:
    """True when the tables have the form that this program knows."""
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def collect_static() -> None:
    """Put style sheets, fonts and scripts where the server reads them, with names that say their content."""
    call_command("collectstatic", interactive=False, verbosity=0)


def forget_sessions() -> None:
    """Remove the sessions that have ended."""
    try:
        call_command("clearsessions", verbosity=0)
    finally:
        connections.close_all()


@contextmanager
def _as_owner(administrator: Place) -> Iterator[None]:
    known = connections.databases
    known[_OWNER] = {**known["default"], **database(owner_login(administrator)), "CONN_MAX_AGE": 0}
    try:
        yield
    finally:
        connections[_OWNER].close()
        del connections[_OWNER]
        del known[_OWNER]
