"""Renews the vendored part of USWDS: `python -m wicketgate.web.vendoring 3.14.0`.

Needs npm once, at the desk of whoever renews it; neither installing nor running does. What is
kept: the compiled style sheet, the files that it refers to, and the licence. Its JavaScript is
left out: every page works without.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = "@uswds/uswds"
HERE = Path(__file__).parent / "static" / "uswds"
SHEET = Path("css") / "uswds.min.css"


def main(version: str) -> None:
    """Replace `static/uswds` by the files of this version."""
    with tempfile.TemporaryDirectory() as folder:
        packed = json.loads(
            subprocess.run(
                ["npm", "pack", f"{PACKAGE}@{version}", "--json"],
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )[0]
        shutil.unpack_archive(Path(folder) / packed["filename"], folder, "gztar", filter="data")
        _keep(Path(folder) / "package", version, packed["integrity"])


def _keep(package: Path, version: str, integrity: str) -> None:
    shutil.rmtree(HERE, ignore_errors=True)
    # The source map is not kept, so nothing may point to it.
    sheet = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", (package / "dist" / SHEET).read_text("utf-8"))
    _write(SHEET, sheet.encode())
    for reference in sorted(set(re.findall(r"url\([\"']?(\.\./[^\"')#?]+)", sheet))):
        place = Path(reference.removeprefix("../"))
        _write(place, (package / "dist" / place).read_bytes())
    _write(Path("LICENSE.md"), (package / "LICENSE.md").read_bytes())
    files = {
        str(path.relative_to(HERE)): "sha256-" + hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(HERE.rglob("*"))
        if path.is_file()
    }
    notice = {"package": PACKAGE, "version": version, "integrity": integrity, "files": files}
    _write(Path("vendor.json"), (json.dumps(notice, indent=1) + "\n").encode())


def _write(place: Path, content: bytes) -> None:
    path = HERE / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1])
