"""Signatures and proofs at their edges: what public test vectors ask of verifiers, asked of both of ours.

Both verifiers are the library's (`ledger.keys`, `ledger.tree`) and the stand-alone one (`ledger.verify`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    Kind,
    LedgerError,
    SigningKey,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from wicketgate.ledger import verify as alone
from wicketgate.ledger.tree import root_of

TEXT = str(Checkpoint("gate.example.gov/ledger", 1, leaf_hash(b"entry")))
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19
KINDS = {kind.name: kind for kind in Kind}


def both_accept(key: SigningKey, text: str, signature: bytes) -> bool:
    """Whether the signature holds; both verifiers must agree."""
    public = key.verifier
    try:
        public.check(text, signature)
        ours = True
    except LedgerError:
        ours = False
    try:
        alone.check_signature(alone.Key(public.name, public.kind, public.public), text, signature)
        theirs = True
    except alone.Broken:
        theirs = False
    assert ours == theirs
    return ours


def made(kind: Kind) -> tuple[SigningKey, bytes]:
    key = SigningKey.generate("signer.example", kind)
    return key, key.sign(TEXT, 1_700_000_000 if kind.timed else None)


@pytest.mark.parametrize("name", KINDS)
def test_a_signature_has_one_length_and_one_text(name: str) -> None:
    key, signature = made(KINDS[name])
    assert both_accept(key, TEXT, signature)
    for wrong in (
        b"",
        signature[:-1],
        signature + b"\0",
        signature[1:],
        signature * 2,
        bytes(len(signature)),
    ):
        assert not both_accept(key, TEXT, wrong)
    other = str(Checkpoint("gate.example.gov/ledger", 1, leaf_hash(b"another")))
    assert not both_accept(key, other, signature)
    assert not both_accept(SigningKey.generate("signer.example", KINDS[name]), TEXT, signature)


@pytest.mark.parametrize("name", KINDS)
def test_no_bit_of_a_signature_can_change(name: str) -> None:
    key, signature = made(KINDS[name])
    step = 1 if len(signature) < 100 else 37
    for at in range(0, len(signature), step):
        for bit in (0, 3, 7):
            changed = bytearray(signature)
            changed[at] ^= 1 << bit
            assert not both_accept(key, TEXT, bytes(changed)), (at, bit)


def edwards(signature: bytes) -> Iterator[tuple[str, bytes]]:
    """Other encodings of a valid Ed25519 signature, and signatures of small order."""
    point, scalar = signature[:32], int.from_bytes(signature[32:], "little")
    for times in (1, 2, 7):
        if scalar + times * ORDER < 2**256:
            yield f"S + {times}L", point + (scalar + times * ORDER).to_bytes(32, "little")
    yield "L - S", point + (ORDER - scalar).to_bytes(32, "little")
    yield "S = L", point + ORDER.to_bytes(32, "little")
    yield "S of ones", point + b"\xff" * 32
    yield "S = 0", point + bytes(32)
    y = int.from_bytes(point, "little") & (2**255 - 1)
    if y + PRIME < 2**255:
        yield "y + p", ((y + PRIME) | (point[31] >> 7) << 255).to_bytes(32, "little") + signature[32:]
    yield "other sign of x", point[:31] + bytes([point[31] ^ 0x80]) + signature[32:]
    for name, small in (
        ("the neutral point", (1).to_bytes(32, "little")),
        ("the neutral point, not reduced", (PRIME + 1).to_bytes(32, "little")),
        ("order 2", (PRIME - 1).to_bytes(32, "little")),
        ("order 4", bytes(32)),
        ("order 4, not reduced", PRIME.to_bytes(32, "little")),
    ):
        yield name, small + signature[32:]
        yield f"{name}, S = 0", small + bytes(32)


@pytest.mark.parametrize("kind", [Kind.ED25519, Kind.COSIGNATURE_ED25519])
def test_ed25519_signatures_are_not_malleable(kind: Kind) -> None:
    for _ in range(8):
        key, signature = made(kind)
        stated, raw = signature[:-64], signature[-64:]
        for what, other in edwards(raw):
            assert not both_accept(key, TEXT, stated + other), what


def lattice(signature: bytes) -> Iterator[tuple[str, bytes]]:
    """Encodings that ML-DSA-44 forbids: 32 bytes of challenge, 2,304 of z, 80 of hints and 4 counts."""
    challenge, z, hints = signature[:32], signature[32:2336], signature[2336:]
    used = hints[83]
    yield "z of zeros", challenge + bytes(2304) + hints
    yield "z of ones", challenge + b"\xff" * 2304 + hints
    yield "a challenge of zeros", bytes(32) + z + hints
    yield "counts that fall", challenge + z + hints[:80] + bytes([5, 4, 3, 2])
    yield "more hints than 80", challenge + z + hints[:80] + bytes([0, 0, 0, 81])
    yield "no hints", challenge + z + bytes(84)
    if used < 80:
        yield "padding that is not zero", challenge + z + hints[:79] + b"\x01" + hints[80:]
    if hints[80] >= 2:
        yield "hints in another order", challenge + z + hints[1::-1] + hints[2:]
        yield "a hint twice", challenge + z + hints[:1] + hints[:1] + hints[2:]


def test_ml_dsa_44_signatures_have_one_encoding() -> None:
    for _ in range(8):
        key, signature = made(Kind.COSIGNATURE_MLDSA44)
        for what, other in lattice(signature[8:]):
            assert not both_accept(key, TEXT, signature[:8] + other), what


def test_a_cosignature_is_bound_to_its_time_and_for_ml_dsa_to_its_name() -> None:
    for kind in (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44):
        key, signature = made(kind)
        for at in (0, 1_700_000_001, 2**63 - 1, 2**63, 2**64 - 1):
            assert not both_accept(key, TEXT, at.to_bytes(8, "big") + signature[8:])
        renamed = replace(key, name="another.example")
        assert both_accept(renamed, TEXT, signature) == (kind is Kind.COSIGNATURE_ED25519)


# ---------------------------------------------------------------- trees


def alone_accepts(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return alone.root_from_path(index, size, leaf, path) == root
    except alone.Broken:
        return False


HASHES = [leaf_hash(bytes([number])) for number in range(40)]


def reader(size: int) -> Callable[[int, int], bytes]:
    return lambda level, at: root_of(HASHES[:size][at << level : (at + 1) << level])


PROBES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "as it is": lambda path: path,
    "one hash more": lambda path: [*path, bytes(32)],
    "the root more": lambda path: [*path, path[-1]] if path else [bytes(32)],
    "one hash fewer": lambda path: path[:-1],
    "the first left out": lambda path: path[1:],
    "in another order": lambda path: path[::-1],
    "an empty hash in front": lambda path: [b"", *path],
    "an empty hash behind": lambda path: [*path, b""],
    "a hash of 31 bytes": lambda path: [path[0][:31], *path[1:]] if path else [bytes(31)],
    "a hash of 33 bytes": lambda path: [path[0] + b"\0", *path[1:]] if path else [bytes(33)],
    "two hashes as one": lambda path: [b"".join(path[:2]), *path[2:]] if len(path) > 1 else [bytes(64)],
    "empty hashes": lambda path: [b"" for _ in path] or [b""],
}


@pytest.mark.parametrize("probe", PROBES)
def test_inclusion_proofs_have_one_form(probe: str) -> None:
    for size in (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 40):
        root = root_of(HASHES[:size])
        for index in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
            path = list(inclusion_proof(index, size, reader(size)))
            probed = PROBES[probe](path)
            holds = verify_inclusion(HASHES[index], index, size, probed, root)
            assert holds == alone_accepts(HASHES[index], index, size, probed, root) == (probed == path)


@given(st.integers(-2, 45), st.integers(-2, 45), st.integers(0, 39))
def test_indexes_and_sizes_are_those_of_the_proof(index: int, size: int, true_index: int) -> None:
    root, path = root_of(HASHES), list(inclusion_proof(true_index, 40, reader(40)))
    holds = verify_inclusion(HASHES[true_index], index, size, path, root)
    assert holds == alone_accepts(HASHES[true_index], index, size, path, root)
    if holds:
        assert index == true_index, "another index never holds"


@pytest.mark.parametrize("probe", PROBES)
def test_consistency_proofs_have_one_form(probe: str) -> None:
    for size in (1, 2, 3, 4, 7, 8, 9, 40):
        for old in range(1, size + 1):
            roots = root_of(HASHES[:old]), root_of(HASHES[:size])
            path = list(consistency_proof(old, size, reader(size)))
            probed = PROBES[probe](path)
            assert verify_consistency(old, size, probed, *roots) == (probed == path), (old, size)


def test_the_empty_tree_begins_every_tree_with_an_empty_proof_and_its_own_root() -> None:
    """Where libraries differ: as tlog-witness has it, old size 0 is consistent with everything."""
    root = root_of(HASHES)
    assert EMPTY_ROOT == hashlib.sha256(b"").digest() == alone.tree_root([])
    assert verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert verify_consistency(0, 40, [], EMPTY_ROOT, root)
    assert not verify_consistency(0, 40, [bytes(32)], EMPTY_ROOT, root)
    assert not verify_consistency(0, 40, [], root, root)
    assert not verify_consistency(0, 40, [], b"", root)
    assert not verify_consistency(0, 0, [], root, root)
    assert not verify_consistency(40, 0, [], root, EMPTY_ROOT)
    assert not verify_inclusion(HASHES[0], 0, 0, [], EMPTY_ROOT)
    assert not alone_accepts(HASHES[0], 0, 0, [], EMPTY_ROOT)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_hash_has_32_bytes_or_is_none(length: int) -> None:
    wrong = bytes(length)
    assert not verify_inclusion(wrong, 0, 1, [], wrong)
    assert not verify_consistency(1, 1, [], wrong, wrong)
    assert not verify_consistency(1, 2, [wrong], HASHES[0], root_of(HASHES[:2]))
    assert not verify_inclusion(HASHES[0], 0, 2, [wrong], root_of(HASHES[:2]))
