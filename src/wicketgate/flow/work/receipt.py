"""A receipt of one entry of a case's timeline, to be checked offline, for whoever may read the entry."""

from __future__ import annotations

from dataclasses import dataclass, field

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.inspect.opening import opening
from wicketgate.flow.work.blind import seen_entry
from wicketgate.flow.work.refusals import UnknownRequestError
from wicketgate.ledger import Receipt, VerifierKey, inclusion_proof, open_field
from wicketgate.store import log, tiles
from wicketgate.store.services import Service
from wicketgate.store.work_case import Entry

_CLOSED = frozenset({"exercise", "verification.answered"})
"""Kinds whose fields are opened to the inspector alone: to others both look the same."""
_PLACE = frozenset({"agency_sequence", "submission", "row"})
_READERS = frozenset({Role.EXAMINER, Role.COUNSEL, Role.SAFEGUARDS_OFFICER, Role.INSPECTOR})


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt (c2sp.org/tlog-proof@v1), and the openings of the entry's fields by name."""

    kind: str
    receipt: str
    openings: dict[str, str] = field(repr=False)


def receipt(gate: Gate, actor: Actor, handle: Handle, index: int) -> Given:
    """The receipt of the entry at `index` of this request's timeline under the newest checkpoint.

    An approver is given no openings: they hold the examiner's words; nor is an inspector who has not opened
    the request for a stated purpose. Raises `UnknownRequestError`
    for an entry that is not one of those that this person's timeline shows.
    """
    with gate.acting(Service.AUDIT) as connection:
        entries = log.accounting(connection, handle)
        recorded = {each.index: each for each in entries}.get(index)
        checkpoint = log.latest_checkpoint(connection)
    if recorded is None or checkpoint is None:
        raise UnknownRequestError(f"The timeline of {handle} shows no entry {index}.")
    entry = Entry(recorded.index, recorded.kind, recorded.at, recorded.body)
    seen = seen_entry(entry, actor, blind=True)
    if seen is None:
        raise UnknownRequestError(f"The timeline of {handle} shows no entry {index}.")
    size, note = checkpoint
    with gate.acting(Service.WITNESS) as connection:
        tiles.keep_tiles(connection, size)
        path = inclusion_proof(index, size, tiles.stored_hashes(connection, size))
    made = Receipt(index, tuple(path), note)
    made.verify(recorded.leaf, VerifierKey.parse(gate.key.vkey))
    if actor.role is Role.INSPECTOR:
        opened = opening(entries, actor, gate.clock.now()) is not None
    else:
        opened = actor.role in _READERS and recorded.kind not in _CLOSED
    return Given(
        seen[2],
        str(made),
        {
            name: open_field(recorded.leaf, recorded.kind, recorded.body, recorded.nonces, name).to_text()
            # An exercise stands in no agency's count and submission; only the inspector may see that.
            for name in (recorded.body if opened else ())
            if name not in _PLACE or actor.role is Role.INSPECTOR
        },
    )
