"""pymerkle on the same leaves, in the peers' environment: durable appends and proofs. Prints JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(leaves_file: Path, folder: Path, seconds: float) -> dict[str, Any]:
    """Appends one at a time and in batches, SQLite's own durability; then proofs of 2,000 entries."""
    from pymerkle import SqliteTree, verify_inclusion  # type: ignore[import-not-found]

    leaves = [bytes.fromhex(line) for line in leaves_file.read_text().split()]
    found: dict[str, Any] = {}
    for batch in (1, 256, 1024):
        tree = SqliteTree(str(folder / f"pymerkle-{batch}.db"), algorithm="sha256")
        started, done = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            lot = [leaves[(done + at) % len(leaves)] for at in range(batch)]
            if batch == 1:
                tree.append_entry(lot[0])
            else:
                tree.append_entries(lot)
            done += batch
        found[f"batch_{batch}"] = round(done / (time.perf_counter() - started))
        tree.close()
    tree = SqliteTree(str(folder / "pymerkle-proofs.db"), algorithm="sha256")
    tree.append_entries(leaves)
    root = tree.get_state()
    proofs = [(tree.get_leaf(index), tree.prove_inclusion(index)) for index in range(1, 2001)]
    started = time.perf_counter()
    for leaf, proof in proofs:
        verify_inclusion(leaf, root, proof)
    found["proofs_per_second"] = round(len(proofs) / (time.perf_counter() - started))
    tree.close()
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))))
