"""Evidence that something was logged before it is revealed: opened entries with their proofs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wicketgate.core.digest import Canonical
from wicketgate.keys.problem import NotProvedError
from wicketgate.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    LedgerError,
    Note,
    Policy,
    VerifierKey,
    leaf_hash,
    read_checkpoint,
    verify_consistency,
    verify_inclusion,
)
from wicketgate.ledger.record import leaf_from


@dataclass(frozen=True, slots=True)
class Proved:
    """One private entry with everything that makes its leaf, and its way to the root."""

    index: int
    version: int
    kind: str
    fields: Mapping[str, Canonical] = field(repr=False)
    nonces: bytes = field(repr=False)
    path: Sequence[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checkpoint with its signatures, how it continues the one of `old` entries, and entries under it."""

    note: str
    old: int
    consistency: Sequence[bytes]
    entries: Sequence[Proved]


class Head(NamedTuple):
    """The newest log that was seen."""

    size: int
    root: bytes


NOTHING_SEEN = Head(0, EMPTY_ROOT)


def judge(evidence: Evidence, seen: Head, log: VerifierKey, policy: Policy | None) -> Head:
    """The log's new head, when everything is proved; without a policy the log's own signature is enough.

    Raises `NotProvedError` for a checkpoint that is not the log's, not witnessed, or does not
    continue what was seen, and for an entry that is not under it.
    """
    try:
        head = read_checkpoint(evidence.note, log)
        _require_continuation(evidence, seen, head)
        if policy is not None:
            _require_witnesses(evidence.note, policy)
        for each in evidence.entries:
            _require_entry(each, head)
    except LedgerError as problem:
        raise NotProvedError(f"No key is given: {str(problem).rstrip('.')}.") from None
    return max(seen, Head(head.size, head.root), key=lambda each: each.size)


def _require_entry(entry: Proved, head: Checkpoint) -> None:
    leaf = leaf_from(entry.version, entry.kind, entry.fields, entry.nonces)
    if not verify_inclusion(leaf_hash(leaf), entry.index, head.size, entry.path, head.root):
        raise LedgerError(f"entry {entry.index} is not proved to stand in the log")


def _require_continuation(evidence: Evidence, seen: Head, head: Checkpoint) -> None:
    # Either may be the older: a witnessed checkpoint lags behind one that was only signed.
    small, large = sorted((seen, Head(head.size, head.root)), key=lambda each: each.size)
    if evidence.old != seen.size or not verify_consistency(
        small.size, large.size, evidence.consistency, small.root, large.root
    ):
        raise LedgerError(f"the log does not continue the {seen.size} entries of it that were seen before")


def _require_witnesses(note: str, policy: Policy) -> None:
    parsed, times = Note.parse(note), {}
    for witness in policy.witnesses:
        try:
            at = parsed.verify([witness.key])[witness.key]
        except LedgerError:
            continue
        if at is not None:
            times[witness.key] = at
    if policy.witnessed_at(times) is None:
        raise LedgerError("too few witnesses cosigned the log with this entry in it")
