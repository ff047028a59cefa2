"""The Merkle tree of RFC 6962 (and 9162) over SHA-256: hashes, right edge, proofs.

A complete subtree of 2^level entries has a *level* and an *index* at that
level; entry i is the subtree (0, i). Proofs are made from a callback that
reads such hashes and from nothing else.

Two cases that implementations decide differently are decided here: a tree
of size 0 is consistent with every later tree, its only root is
`EMPTY_ROOT` and its only proof is empty; and a hash is 32 bytes or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from wicketgate.ledger.errors import LedgerError

HashReader: TypeAlias = Callable[[int, int], bytes]
"""``read(level, index)``: the hash of a complete subtree."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

_sha256 = hashlib.sha256


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees."""
    return _sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """The level above an even number of hashes."""
    one_by_one = iter(hashes)
    pairs = zip(one_by_one, one_by_one, strict=True)
    return [_sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over these hashes, taken as neighbouring complete subtrees of one level."""
    if not hashes:
        return EMPTY_ROOT
    while (count := len(hashes)) > 1:
        hashes = [*parents(hashes[:-1]), hashes[-1]] if count & 1 else parents(hashes)
    return hashes[0]


class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root.

    It holds one hash per bit set in the size: the complete subtrees that make up
    the tree, smallest first, so at most 63 hashes whatever the size.
    """

    __slots__ = ("_edge", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._edge: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """The number of entries."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; raises `LedgerError` unless it has 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise LedgerError("A leaf hash has 32 bytes.")
        level, carry = 0, leaf
        while (left := self._edge.pop(level, None)) is not None:
            carry = node_hash(left, carry)
            level += 1
        self._edge[level] = carry
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add many leaf hashes, a level at a time; all or none."""
        hashes = list(leaves)
        if any(len(leaf) != HASH_BYTES for leaf in hashes):
            raise LedgerError("A leaf hash has 32 bytes.")
        self._size += len(hashes)
        level = 0
        while hashes:
            if (left := self._edge.pop(level, None)) is not None:
                hashes.insert(0, left)
            if len(hashes) % 2:
                self._edge[level] = hashes.pop()
            hashes = parents(hashes)
            level += 1

    def root(self) -> bytes:
        """The root hash; `EMPTY_ROOT` for a tree without entries."""
        root: bytes | None = None
        for level in sorted(self._edge):
            root = self._edge[level] if root is None else node_hash(self._edge[level], root)
        return EMPTY_ROOT if root is None else root

    def to_bytes(self) -> bytes:
        """The size in 8 bytes, big-endian, then the hashes, largest subtree first."""
        edge = b"".join(self._edge[level] for level in sorted(self._edge, reverse=True))
        return self._size.to_bytes(8, "big") + edge

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """Read what `to_bytes` wrote; raises `LedgerError` for anything else."""
        size = int.from_bytes(data[:8], "big")
        levels = [level for level in range(63, -1, -1) if size >> level & 1]
        if len(data) != 8 + HASH_BYTES * len(levels) or size >> 63:
            raise LedgerError("The stored right edge is damaged: its length does not fit its size.")
        frontier = cls()
        frontier._size = size
        frontier._edge = {
            level: data[8 + HASH_BYTES * at : 8 + HASH_BYTES * (at + 1)] for at, level in enumerate(levels)
        }
        return frontier


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """The audit path of an entry in a tree of `size` (RFC 6962, 2.1.1), the leaf's sibling first."""
    if not 0 <= index < size:
        raise LedgerError(f"There is no entry {index} in a tree of size {size}.")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_hash(middle, high, read))
            high = middle
        else:
            proof.append(_range_hash(low, middle, read))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, size: int, read: HashReader) -> list[bytes]:
    """The proof that the tree of `old` entries begins the tree of `size` (RFC 6962, 2.1.2)."""
    if not 0 <= old <= size:
        raise LedgerError(f"A tree of size {old} cannot begin a tree of size {size}.")
    if old in (0, size):
        return []
    proof: list[bytes] = []
    low, high = 0, size
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range_hash(middle, high, read))
            high = middle
        else:
            proof.append(_range_hash(low, middle, read))
            low = middle
    if low:
        proof.append(_range_hash(low, high, read))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True when the proof leads from the leaf hash at `index` to `root` (RFC 9162, 2.1.3.2)."""
    return len(root) == HASH_BYTES and root_from_inclusion(leaf, index, size, proof) == root


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which the proof leads, or None when the proof does not fit index and size."""
    if not 0 <= index < size or not _well_formed(leaf, *proof):
        return None
    at, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            current = node_hash(sibling, current)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        at, last = at >> 1, last >> 1
    return current if last == 0 else None


def verify_consistency(old: int, size: int, proof: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """True when the proof shows that the old tree begins the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size or not _well_formed(old_root, root, *proof):
        return False
    if old == size:
        return not proof and old_root == root and (size > 0 or root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(low: int, high: int, read: HashReader) -> bytes:
    """The hash of entries low..high-1, a range that the RFC's splits produce."""
    hashes: list[bytes] = []
    while low < high:
        level = (high - low).bit_length() - 1
        hashes.append(read(level, low >> level))
        low += 1 << level
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def _well_formed(*hashes: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in hashes)
