"""Does the database answer, and the key process, and does the clock go?"""

from __future__ import annotations

from datetime import timedelta

from wicketgate.embedded import throw_away
from wicketgate.flow.clock_steps import fared
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


def failing_steps(gate: Gate) -> list[str]:
    """The steps of the clock that failed when they were last taken."""
    return [each.step for each in fared(gate) if each.problem is not None]


def clock_goes(gate: Gate) -> str | None:
    """None when the clock looks regularly and each of its steps is done, or was never started."""
    found = fared(gate)
    failing = [each for each in found if each.problem is not None and each.failing_since is not None]
    if failing:
        return "; ".join(
            f"it could not {each.step} since {each.failing_since:%Y-%m-%d %H:%M} UTC: {each.problem}"
            for each in failing
        )
    last = max((each.tried_at for each in found), default=None)
    if last is not None and gate.clock.now() - last > STILL:
        return f"it has not looked since {last:%Y-%m-%d %H:%M} UTC; is `wicketgate serve` running?"
    return None


STILL = timedelta(minutes=30)
"""A clock that has not looked for so long stands still; it looks every ten minutes at least."""
