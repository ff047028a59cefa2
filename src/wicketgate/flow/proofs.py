"""Evidence for the key process: entries of the log with proofs under its newest checkpoint.

Where witnesses are asked, the checkpoint is one that they cosigned with these entries in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from wicketgate.flow.gate import Gate
from wicketgate.flow.witnessing import WitnessingError, ask_witnesses, witnessed
from wicketgate.keys import Evidence, Proved
from wicketgate.ledger import consistency_proof, hash_reader, inclusion_proof
from wicketgate.ledger.record import leaf_version
from wicketgate.store import log, tiles
from wicketgate.store.log import Recorded
from wicketgate.store.services import Service

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Prepared(Generic[Name]):
    """Proofs of entries by name (one per request), ready before anything is locked."""

    gate: Gate
    size: int
    note: str
    proved: Mapping[Name, Proved]

    def about(self, names: Sequence[Name]) -> Callable[[int], Evidence]:
        """The evidence about some of them for somebody who has seen that many entries."""
        entries = [self.proved[name] for name in names]
        return lambda seen: Evidence(self.note, seen, self._continuing(seen), entries)

    def _continuing(self, seen: int) -> list[bytes]:
        small, large = sorted((seen, self.size))
        with self.gate.acting(Service.WITNESS) as connection:
            tiles.keep_tiles(connection, large)
            return consistency_proof(small, large, tiles.stored_hashes(connection, large))


def prepared(gate: Gate, entries: Mapping[Name, Recorded]) -> Prepared[Name]:
    """Proofs of committed entries.

    Raises `WitnessingError` when witnesses do not cosign them now.
    """
    after = max((each.index + 1 for each in entries.values()), default=0)
    size, note = _checkpoint(gate, after)
    with gate.acting(Service.WITNESS) as connection:
        tiles.keep_tiles(connection, size)
        read = cache(hash_reader(size, cache(tiles.tile_reader(connection))))
        proved = {
            name: Proved(
                each.index,
                leaf_version(each.leaf),
                each.kind,
                each.body,
                each.nonces,
                inclusion_proof(each.index, size, read),
            )
            for name, each in entries.items()
        }
    return Prepared(gate, size, note, proved)


def _checkpoint(gate: Gate, after: int) -> tuple[int, str]:
    """A checkpoint over at least `after` entries, cosigned where the gate's policy asks for it."""
    if gate.witnessing is None or gate.witnessing.policy.witnessed_at({}) is not None:
        with gate.acting(Service.WITNESS) as connection:
            return log.latest_checkpoint(connection) or (0, "")
    newest = witnessed(gate)
    if newest is None or newest.size < after:
        ask_witnesses(gate)
        newest = witnessed(gate)
    if newest is None or newest.size < after:
        silent = "; ".join(f"{name}: {why}" for name, why in sorted(gate.witnessing.problems.items()))
        raise WitnessingError(
            "Nothing is revealed: too few witnesses cosigned what was recorded just now;"
            f" restore the connection to them ({silent or 'none has a URL'})."
        )
    return newest.size, newest.note
