"""The append-only transparency log: leaves, tree, checkpoints, proofs, the public folder.

Pure but for `export`, and without any database. `verify.py` is the stand-alone
verifier: it repeats what it needs and imports nothing from here.
"""

from wicketgate.ledger.add_checkpoint import AddCheckpoint
from wicketgate.ledger.checkpoint import Checkpoint
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.export import export_folder, published
from wicketgate.ledger.keys import Kind, SigningKey, VerifierKey
from wicketgate.ledger.kinds import kind_lines
from wicketgate.ledger.logkey import LogKey, read_checkpoint
from wicketgate.ledger.note import Note
from wicketgate.ledger.opening import Opening, open_field, verify_opening
from wicketgate.ledger.policy import Policy, PolicyWitness
from wicketgate.ledger.proof import Receipt
from wicketgate.ledger.prove import Prover
from wicketgate.ledger.public import public_leaf, read_public_leaf
from wicketgate.ledger.record import Committed, commit, commit_many
from wicketgate.ledger.tiles import Tile, grow, hash_reader
from wicketgate.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from wicketgate.ledger.witness import Witness

__all__ = [
    "EMPTY_ROOT",
    "AddCheckpoint",
    "Checkpoint",
    "Committed",
    "Frontier",
    "Kind",
    "LedgerError",
    "LogKey",
    "Note",
    "Opening",
    "Policy",
    "PolicyWitness",
    "Prover",
    "Receipt",
    "SigningKey",
    "Tile",
    "VerifierKey",
    "Witness",
    "commit",
    "commit_many",
    "consistency_proof",
    "export_folder",
    "grow",
    "hash_reader",
    "inclusion_proof",
    "kind_lines",
    "leaf_hash",
    "open_field",
    "public_leaf",
    "published",
    "read_checkpoint",
    "read_public_leaf",
    "verify_consistency",
    "verify_inclusion",
    "verify_opening",
]
