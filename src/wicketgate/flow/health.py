"""Does the database answer?"""

from __future__ import annotations

from wicketgate.embedded import throw_away
from wicketgate.flow.house import secrets_folder
from wicketgate.store.database import open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service


def database_answers(url: str | None) -> str | None:
    """Start (or reach) PostgreSQL, make the gate's database in it, and log in; None when all of it works.

    At a given server nothing is made: it is only reached.
    """
    if url is not None:
        open_database(url, secrets=secrets_folder()).exists()
        return None
    with throw_away() as server:
        database = open_database(server)
        migrate(database)
        with database.connect(Service.AUDIT) as connection:
            connection.execute("SELECT 1")
    return None
