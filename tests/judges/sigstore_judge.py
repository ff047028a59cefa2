"""sigstore-python as a judge of inclusion proofs, in .venv-judges: a case a line in, a verdict a line out."""

from __future__ import annotations

import base64
import json
import sys
from types import SimpleNamespace
from typing import Any


def accepted(case: dict[str, Any]) -> bool:
    """Whether sigstore finds the entry in the tree."""
    from sigstore._internal.merkle import verify_merkle_inclusion  # type: ignore[import-not-found]
    from sigstore.errors import VerificationError  # type: ignore[import-not-found]

    proof = SimpleNamespace(
        log_index=case["index"],
        tree_size=case["size"],
        hashes=[base64.b64decode(each) for each in case["path"]],
        root_hash=base64.b64decode(case["root"]),
    )
    body = base64.b64decode(case["leaf"])
    entry = SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=body))
    try:
        verify_merkle_inclusion(entry)
    except VerificationError:
        return False
    return True


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(accepted(json.loads(line))))  # noqa: T201
