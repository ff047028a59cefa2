"""What an agency is given to check the accounting of its own requests offline.

Only entries that say what the agency was told anyway: that its request came in,
why it was deficient, that a package waits. There is none for a request that ends
without a disclosure, because every such end must look the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from wicketgate.core.states import State
from wicketgate.flow.gate import Gate
from wicketgate.ledger import Prover, open_field
from wicketgate.store import log, requests
from wicketgate.store.log import Recorded
from wicketgate.store.requests import StoredRequest, Submission
from wicketgate.store.services import Service

RECEIVED = "request.received"
_OPENED = {
    RECEIVED: ("handle", "submission", "row", "agency", "authority", "request_digest", "at"),
    "request.determined": ("handle", "determination", "findings", "authority_digest", "as_of", "at"),
    "disclosure.released": ("handle", "recipient", "package_digest", "at"),
}
_ANSWER = {
    State.DEFICIENT: "request.determined",
    State.RELEASED: "disclosure.released",
    State.PICKED_UP: "disclosure.released",
}
_PAGE = 1_000


def write_receipts(gate: Gate, known: Submission, ledger: Path, folder: Path) -> int:
    """Write a folder per row, with a receipt and openings per entry; returns the number of receipts.

    `ledger` is the log as published; the folder appears whole or not at all.
    Raises `LedgerError` when the published log does not hold an entry.
    """
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    prover, written = Prover(ledger, gate.key.vkey), 0
    for stored, recorded in _told(gate, known):
        name = "received" if recorded.kind == RECEIVED else "answer"
        row = draft / str(stored.standing.row)
        row.mkdir(exist_ok=True)
        (row / f"{name}.tlog-proof").write_text(str(prover.receipt(recorded.index)), encoding="utf-8")
        for field in _OPENED[recorded.kind]:
            opening = open_field(recorded.leaf, recorded.kind, recorded.body, recorded.nonces, field)
            (row / f"{name}.{field}.json").write_text(opening.to_text(), encoding="utf-8")
        written += 1
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return written


def _told(gate: Gate, known: Submission) -> Iterator[tuple[StoredRequest, Recorded]]:
    """Each request's entries that its agency may check."""
    with gate.acting(Service.AUDIT) as connection:
        last = requests.last_row(connection, known.submission)
    for first in range(1, last + 1, _PAGE):
        with gate.acting(Service.AUDIT) as connection:
            page = requests.between(connection, known.submission, first, first + _PAGE - 1)
            handles = [each.standing.handle for each in page]
            entries = log.about(connection, handles, list(_OPENED))
        for stored in page:
            wanted = (RECEIVED, _ANSWER.get(stored.standing.state))
            for recorded in entries.get(stored.standing.handle, []):
                if recorded.kind in wanted:
                    yield stored, recorded
