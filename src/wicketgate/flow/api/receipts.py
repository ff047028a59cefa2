"""Receipts of one request for its agency, one by one: what `receipts` writes for a whole submission."""

from __future__ import annotations

from dataclasses import dataclass, field

from wicketgate.core.identifiers import Handle
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.reading import one
from wicketgate.flow.gate import Gate
from wicketgate.flow.receipts import OPENED, told
from wicketgate.ledger import Receipt, VerifierKey, inclusion_proof, open_field
from wicketgate.store import log, requests, tiles
from wicketgate.store.database import Connection
from wicketgate.store.log import Recorded
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt (c2sp.org/tlog-proof@v1) of one entry, and the openings of the fields its agency may know."""

    name: str
    receipt: str
    openings: dict[str, str] = field(repr=False)


def receipts_of(gate: Gate, caller: Caller, handle: Handle) -> list[Given]:
    """What the agency may check: that its request came in, and once an answer has left, that answer.

    Raises `CallRefusedError` (404) for a request that is not the agency's.
    """
    seen = one(gate, caller, handle)
    with gate.acting(Service.AUDIT) as connection:
        stored = requests.get(connection, handle)
        entries = log.about(connection, [handle], list(OPENED)).get(handle, [])
        checkpoint = log.latest_checkpoint(connection)
    if stored is None or checkpoint is None:
        return []
    shown = [
        (name, entry)
        for name, entry in told(stored, entries, pickups=True)
        if name == "received" or seen.answered_at is not None
    ]
    with gate.acting(Service.WITNESS) as connection:
        tiles.keep_tiles(connection, checkpoint[0])
        return [_given(gate, connection, name, entry, checkpoint) for name, entry in shown]


def _given(
    gate: Gate, connection: Connection, name: str, entry: Recorded, checkpoint: tuple[int, str]
) -> Given:
    size, note = checkpoint
    path = inclusion_proof(entry.index, size, tiles.stored_hashes(connection, size))
    made = Receipt(entry.index, tuple(path), note)
    made.verify(entry.leaf, VerifierKey.parse(gate.key.vkey))
    openings = {
        field: open_field(entry.leaf, entry.kind, entry.body, entry.nonces, field).to_text()
        for field in OPENED[entry.kind]
    }
    return Given(name, str(made), openings)
