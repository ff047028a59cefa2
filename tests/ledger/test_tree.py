"""The tree agrees with RFC 6962, and its proofs prove what they should and nothing else."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wicketgate.ledger import (
    EMPTY_ROOT,
    Frontier,
    LedgerError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from wicketgate.ledger.tree import root_of

LEAVES = [leaf_hash(b"entry %d" % index) for index in range(300)]
# The eight inputs of the RFC 6962 reference trees and the roots of their first n.
REFERENCE = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962, 2.1, as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def read(level: int, index: int) -> bytes:
    block = LEAVES[index << level : (index + 1) << level]
    assert len(block) == 1 << level, "a proof reads complete subtrees only"
    return mth(block)


@pytest.mark.parametrize("size", range(9))
def test_reference_roots(size: int) -> None:
    leaves = [leaf_hash(entry) for entry in REFERENCE[:size]]
    frontier = Frontier()
    frontier.extend(leaves)
    assert frontier.root().hex() == root_of(leaves).hex() == REFERENCE_ROOTS[size]


def test_reference_paths() -> None:
    """Paths of the RFC's reference tree, known from elsewhere."""
    leaves = [leaf_hash(entry) for entry in REFERENCE]

    def reference(level: int, index: int) -> bytes:
        return mth(leaves[index << level : (index + 1) << level])

    assert [value.hex() for value in inclusion_proof(0, 8, reference)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [value.hex() for value in consistency_proof(6, 8, reference)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.integers(0, 70), max_size=12))
def test_however_leaves_arrive_the_root_is_the_definition(steps: list[int]) -> None:
    frontier, done = Frontier(), 0
    for step in steps:
        batch = LEAVES[done : done + step]
        if step == 1:
            frontier.append(batch[0]) if batch else None
        else:
            frontier.extend(batch)
        done += len(batch)
        assert (frontier.size, frontier.root()) == (done, mth(LEAVES[:done]))
        frontier = Frontier.from_bytes(frontier.to_bytes())


@given(st.binary(max_size=120))
def test_a_damaged_right_edge_is_refused_or_is_another_tree(data: bytes) -> None:
    with suppress(LedgerError):
        assert Frontier.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_a_leaf_hash_has_32_bytes(leaf: bytes) -> None:
    frontier = Frontier()
    with pytest.raises(LedgerError):
        frontier.append(leaf)
    with pytest.raises(LedgerError):
        frontier.extend([LEAVES[0], leaf])
    assert (frontier.size, frontier.root()) == (0, EMPTY_ROOT)


@given(st.data())
@settings(max_examples=200)
def test_inclusion(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = inclusion_proof(index, size, read), mth(LEAVES[:size]), LEAVES[index]
    assert verify_inclusion(leaf, index, size, proof, root)
    other = data.draw(st.integers(0, 2 * size).filter(lambda value: value != index))
    assert not verify_inclusion(leaf, other, size, proof, root)
    assert not verify_inclusion(LEAVES[(index + 1) % 300], index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not verify_inclusion(leaf, index, size, proof, root[:31])
    for at in range(len(proof)):
        assert not verify_inclusion(leaf, index, size, [*proof[:at], *proof[at + 1 :]], root)
        for bad in (b"", proof[at][:31], proof[at] + b"\0", leaf):
            if bad != proof[at]:
                assert not verify_inclusion(leaf, index, size, [*proof[:at], bad, *proof[at + 1 :]], root)


@given(st.data())
@settings(max_examples=200)
def test_consistency(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, size))
    proof, before, after = consistency_proof(old, size, read), mth(LEAVES[:old]), mth(LEAVES[:size])
    assert verify_consistency(old, size, proof, before, after)
    forked = mth([*LEAVES[: old - 1], leaf_hash(b"another")])
    assert not verify_consistency(old, size, proof, forked, after)
    assert not verify_consistency(old, size, proof, before, forked)
    assert not verify_consistency(old, size, [*proof, after], before, after)
    assert not verify_consistency(old, size, proof, before[:31], after)
    assert size == old or not verify_consistency(size, old, proof, after, before)
    for at in range(len(proof)):
        assert not verify_consistency(old, size, [*proof[:at], *proof[at + 1 :]], before, after)
        for bad in (b"", proof[at][:31], leaf_hash(b"x")):
            assert not verify_consistency(old, size, [*proof[:at], bad, *proof[at + 1 :]], before, after)


def test_all_small_consistency_proofs() -> None:
    roots = [mth(LEAVES[:size]) for size in range(40)]
    for size in range(40):
        for old in range(size + 1):
            assert verify_consistency(old, size, consistency_proof(old, size, read), roots[old], roots[size])


def test_the_empty_tree() -> None:
    """Every tree continues the empty one; nothing stands in it."""
    root = mth(LEAVES[:5])
    assert verify_consistency(0, 5, [], EMPTY_ROOT, root)
    assert verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert not verify_consistency(0, 5, [root], EMPTY_ROOT, root)
    assert not verify_consistency(0, 5, [], root, root)
    assert not verify_consistency(0, 0, [], root, root)
    assert not verify_inclusion(LEAVES[0], 0, 0, [], EMPTY_ROOT)
    for index, size in ((0, 0), (-1, 5), (5, 5)):
        with pytest.raises(LedgerError):
            inclusion_proof(index, size, read)
    for old, size in ((-1, 5), (6, 5)):
        with pytest.raises(LedgerError):
            consistency_proof(old, size, read)
