"""What a ledger says when something does not hold."""


class LedgerError(ValueError):
    """Something is no well-formed part of a ledger, or does not prove what it should, in one sentence."""
