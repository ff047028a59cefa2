"""The key process of a gate on the same account, as long as that gate lives: `python -m wicketgate.keys`.

Arguments: folder, socket, the log's public key, and where witnesses are asked, their policy.
It ends when its standard input does. A server runs `wicketgate keys serve` instead.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path

from wicketgate.keys import Keeper, KeyFolder
from wicketgate.keys.server import BOTH, KeyServer
from wicketgate.ledger import Policy, VerifierKey

_PATIENCE = 10.0


def main(folder: str, path: str, vkey: str, policy: str | None = None) -> None:
    """Serve until the standard input ends."""
    logging.getLogger("wicketgate.keys").addHandler(logging.NullHandler())  # nobody reads our errors
    witnesses = None if policy is None else Policy.parse(Path(policy).read_bytes())
    # A gate that was killed and begins again may be faster than the end of its first key process.
    held = KeyFolder(Path(folder), vkey, _PATIENCE)
    keeper = Keeper(held, VerifierKey.parse(vkey), witnesses)
    server = KeyServer(keeper, Path(path), {os.geteuid(): BOTH})
    threading.Thread(target=server.serve, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.close()


main(*sys.argv[1:])
