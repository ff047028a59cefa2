"""The verifier for outsiders: one runnable file, and a page for receipts; the same bytes at every build."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

APP, PAGE = "wicketgate-verify.pyz", "verify.html"
_HERE = Path(__file__).parent
_FIRST_LINE = b"#!/usr/bin/env python3\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@cache
def verifier_app() -> bytes:
    """`verify.py` as a zipapp: needs Python 3.11 and the package `cryptography`."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("__main__.py", _LONG_AGO), (_HERE / "verify.py").read_bytes())
    return _FIRST_LINE + archive.getvalue()


@cache
def page() -> bytes:
    """The page that verifies a receipt in a browser."""
    return (_HERE / PAGE).read_bytes()


def write_verifier(folder: Path) -> list[Path]:
    """Write both into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    app, html = folder / APP, folder / PAGE
    app.write_bytes(verifier_app())
    app.chmod(0o755)
    html.write_bytes(page())
    return [app, html]
