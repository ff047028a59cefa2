"""The custodian's statement to one agency: every entry about its requests that it was told of, by number."""

from __future__ import annotations

import shutil
from pathlib import Path

from wicketgate.flow.gate import Gate
from wicketgate.flow.receipts import told, write_entry
from wicketgate.ledger import Prover
from wicketgate.store import log, numbers, requests
from wicketgate.store.services import Service

_PAGE = 1_000


def write_statements(gate: Gate, ledger: Path, folder: Path) -> None:
    """A statement to each agency that the custodian knows, in a folder by its code."""
    with gate.acting(Service.AUDIT) as connection:
        known = [code for code in numbers.agencies(connection) if code != numbers.UNKNOWN]
    folder.mkdir(parents=True, exist_ok=True)
    for code in known:
        write_statement(gate, code, ledger, folder / code)


def write_statement(gate: Gate, agency: str, ledger: Path, folder: Path) -> int:
    """Write a folder per request of the agency, named by its number; returns how many requests there are.

    Beside what the agency has receipts of, it says which pick-ups are on record. `ledger` is the log as
    published; the folder appears whole or not at all. Raises `LedgerError` when the published log does
    not hold an entry.
    """
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    prover = Prover(ledger, gate.key.vkey)
    with gate.acting(Service.AUDIT) as connection:
        last = numbers.last_number(connection, agency)
    for first in range(1, last + 1, _PAGE):
        with gate.acting(Service.AUDIT) as connection:
            page = dict(numbers.numbered(connection, agency, first, first + _PAGE - 1))
            entries = log.about(connection, list(page.values()))
            stored = {handle: requests.get(connection, handle) for handle in page.values()}
        for number, handle in page.items():
            each = stored[handle]
            if each is not None:
                for name, recorded in told(each, entries.get(handle, []), pickups=True):
                    write_entry(draft / str(number), name, recorded, prover)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return last
