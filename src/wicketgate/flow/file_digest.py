"""The digest of files as they were received."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_digest(*paths: Path) -> str:
    """``sha256:`` and the SHA-256 over the files' contents, one after the other."""
    running = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                running.update(block)
    return "sha256:" + running.hexdigest()
