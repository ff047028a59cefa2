"""The keys of what is sealed at rest, and the process of its own that keeps them.

Records of the register and shares of packages are opened with keys that only this
process has. It gives one key against the proof of a durable entry in the log that names
who acts, for what and about whom; it checks proof, signature and witnesses by itself and
remembers the newest log that it saw, so it is also a witness on the same machine.
"""

from wicketgate.keys.blinding import Blinding
from wicketgate.keys.client import Keys, Loading, Share, through_socket
from wicketgate.keys.evidence import Evidence, Proved
from wicketgate.keys.folder import KeyFolder
from wicketgate.keys.keeper import Keeper
from wicketgate.keys.problem import KeysError, KeysRefusedError, KeysUnreachableError
from wicketgate.keys.sealing import open_address, open_sealed, record_key, seal, seal_address
from wicketgate.keys.vault import SubjectVault

__all__ = [
    "Blinding",
    "Evidence",
    "Keeper",
    "KeyFolder",
    "Keys",
    "KeysError",
    "KeysRefusedError",
    "KeysUnreachableError",
    "Loading",
    "Proved",
    "Share",
    "SubjectVault",
    "open_address",
    "open_sealed",
    "record_key",
    "seal",
    "seal_address",
    "through_socket",
]
