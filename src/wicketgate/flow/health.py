"""Does the database answer, and the key process?"""

from __future__ import annotations

from wicketgate.embedded import throw_away
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import secrets_folder
from wicketgate.store import log
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


def keys_answer(gate: Gate) -> str | None:
    """Ask the key process what it has seen of this gate's log; None when that fits. Raises `KeysError`."""
    seen = gate.the_keys().seen()
    with gate.acting(Service.AUDIT) as connection:
        size, _ = log.latest_checkpoint(connection) or (0, "")
    if seen <= size:
        return None
    return (
        f"it has seen {seen:,} entries of the log, and the database holds {size:,}:"
        " the database was restored from an older copy; compare with a witness before anything else."
    )
