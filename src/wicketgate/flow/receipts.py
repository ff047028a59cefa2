"""What an agency is given to check the accounting of its own requests offline.

Only entries that say what the agency was told anyway: that its request came in,
why it was deficient, that a package waits. There is none for a request that ends
without a disclosure, because every such end must look the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from wicketgate.core.states import State
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import PICKED_UP
from wicketgate.flow.receive import SUBMISSION
from wicketgate.ledger import Prover, open_field
from wicketgate.store import log, numbers, requests
from wicketgate.store.log import Recorded
from wicketgate.store.requests import StoredRequest, Submission
from wicketgate.store.services import Service

RECEIVED = "request.received"
OPENED = {
    SUBMISSION: ("submission", "requests", "authority", "at"),
    RECEIVED: (
        "handle",
        "submission",
        "row",
        "agency",
        "agency_sequence",
        "authority",
        "request_digest",
        "at",
    ),
    "request.determined": ("handle", "determination", "findings", "authority_digest", "as_of", "at"),
    "disclosure.released": ("handle", "recipient", "package_digest", "at"),
    PICKED_UP: ("handle", "recipient", "package_digest", "at"),
}
_ANSWER = {
    State.DEFICIENT: "request.determined",
    State.RELEASED: "disclosure.released",
    State.PICKED_UP: "disclosure.released",
}
_PAGE = 1_000


def write_receipts(gate: Gate, known: Submission, ledger: Path, folder: Path) -> int:
    """Write a folder per row, with a receipt and openings per entry; returns the number of receipts.

    The submission as a whole has one too, beside the folders. `ledger` is the log as published; the
    folder appears whole or not at all. Raises `LedgerError` when the published log does not hold an entry.
    """
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    prover, written = Prover(ledger, gate.key.vkey), 0
    with gate.acting(Service.AUDIT) as connection:
        whole = numbers.submission_entry(connection, known.digest)
    if whole is not None:
        write_entry(draft, "submission", whole, prover)
        written += 1
    for stored, entries in _pages(gate, known):
        for name, recorded in told(stored, entries):
            write_entry(draft / str(stored.standing.row), name, recorded, prover)
            written += 1
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return written


def write_entry(folder: Path, name: str, recorded: Recorded, prover: Prover) -> None:
    """Write the receipt of one entry and the openings of what its reader may know."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.tlog-proof").write_text(str(prover.receipt(recorded.index)), encoding="utf-8")
    for field in OPENED[recorded.kind]:
        opening = open_field(recorded.leaf, recorded.kind, recorded.body, recorded.nonces, field)
        (folder / f"{name}.{field}.json").write_text(opening.to_text(), encoding="utf-8")


def told(
    stored: StoredRequest, entries: Sequence[Recorded], *, pickups: bool = False
) -> Iterator[tuple[str, Recorded]]:
    """Those of a request's entries that its agency may check, by name; with `pickups`, these too."""
    names = {RECEIVED: "received", _ANSWER.get(stored.standing.state): "answer"}
    if pickups:
        names[PICKED_UP] = "pickup"
    for recorded in entries:
        if name := names.get(recorded.kind):
            yield name, recorded


def _pages(gate: Gate, known: Submission) -> Iterator[tuple[StoredRequest, list[Recorded]]]:
    """Each request of a submission with its entries."""
    with gate.acting(Service.AUDIT) as connection:
        last = requests.last_row(connection, known.submission)
    for first in range(1, last + 1, _PAGE):
        with gate.acting(Service.AUDIT) as connection:
            page = requests.between(connection, known.submission, first, first + _PAGE - 1)
            handles = [each.standing.handle for each in page]
            entries = log.about(connection, handles, list(OPENED))
        for stored in page:
            yield stored, entries.get(stored.standing.handle, [])
