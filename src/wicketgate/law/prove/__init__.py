"""Proofs about an authority, decided by z3 and decided again by cvc5 (extra ``prove``)."""

from wicketgate.law.prove.obligations import Kind
from wicketgate.law.prove.prover import prove
from wicketgate.law.prove.report import Outcome, ProofReport
from wicketgate.law.prove.solvers import ProofError

__all__ = ["Kind", "Outcome", "ProofError", "ProofReport", "prove"]
