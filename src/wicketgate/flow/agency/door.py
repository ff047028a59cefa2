"""The door of a requesting agency: one transaction in which nothing but its own can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wicketgate.flow.gate import Gate
from wicketgate.store import agency as store
from wicketgate.store.database import Connection
from wicketgate.store.services import Service


def codes_of(gate: Gate, agency: str) -> tuple[str, ...]:
    """The agency's code and those of its components, as the custodian's directory has them today."""
    return tuple(code for code in gate.context.agencies if agency in gate.context.line(code))


@contextmanager
def as_agency(gate: Gate, agency: str) -> Iterator[Connection]:
    """Read as this agency; the database leaves out every row of another, and everything kept inside."""
    with gate.acting(Service.AGENCY) as connection:
        store.enter(connection, agency, codes_of(gate, agency))
        yield connection
