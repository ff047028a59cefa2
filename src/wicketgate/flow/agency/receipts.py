"""Receipts of what an agency was told anyway: that its request came in, its answer, its pick-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency.door import as_agency
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import PICKED_UP
from wicketgate.flow.receipts import OPENED, RECEIVED
from wicketgate.flow.work.refusals import UnknownRequestError
from wicketgate.ledger import Receipt, VerifierKey, inclusion_proof, open_field
from wicketgate.store import agency as store
from wicketgate.store import log, tiles
from wicketgate.store.services import Service

_TOLD: Mapping[str, tuple[str, ...]] = {
    "deficient": ("request.determined",),
    "disclosed": ("disclosure.released",),
    "expired": ("disclosure.released",),
    "picked_up": ("disclosure.released", PICKED_UP),
    "recall_noticed": ("disclosure.released", PICKED_UP),
}
"""By status: of which entries the agency has receipts. Ends without a disclosure have none."""


@dataclass(frozen=True, slots=True)
class GivenReceipt:
    """A receipt (c2sp.org/tlog-proof@v1) of one entry, and the openings of its fields by name."""

    kind: str
    text: str
    openings: Mapping[str, str] = field(repr=False)


def receipts(gate: Gate, agency: str, handle: Handle) -> Sequence[GivenReceipt]:
    """The receipts of one request under the newest checkpoint.

    Raises `UnknownRequestError` for a request that is not the agency's, and `LedgerError` where the log
    does not hold what it should.
    """
    with as_agency(gate, agency) as connection:
        seen = store.one(connection, handle)
    if seen is None:
        raise UnknownRequestError(f"Your agency has no request {handle}.")
    kinds = [RECEIVED, *_TOLD.get(seen.status, ())]
    with gate.acting(Service.AUDIT) as connection:
        entries = log.about(connection, [handle], kinds).get(handle, [])
        checkpoint = log.latest_checkpoint(connection)
    if checkpoint is None:
        return ()
    size, note = checkpoint
    newest = {each.kind: each for each in entries if each.index < size}
    found = []
    with gate.acting(Service.WITNESS) as connection:
        tiles.keep_tiles(connection, size)
        hashes = tiles.stored_hashes(connection, size)
        for each in newest.values():
            made = Receipt(each.index, tuple(inclusion_proof(each.index, size, hashes)), note)
            made.verify(each.leaf, VerifierKey.parse(gate.key.vkey))
            openings = {
                name: open_field(each.leaf, each.kind, each.body, each.nonces, name).to_text()
                for name in OPENED[each.kind]
                if name in each.body
            }
            found.append(GivenReceipt(each.kind, str(made), openings))
    return found
