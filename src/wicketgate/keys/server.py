"""The key process on its Unix socket: it knows who asks from the kernel, not from what they say."""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
from collections.abc import Mapping
from pathlib import Path

from wicketgate.keys.keeper import GATE, LOAD, Keeper
from wicketgate.keys.messages import receive, send

BOTH = frozenset({GATE, LOAD})
_LOG = logging.getLogger("wicketgate.keys")
_CREDENTIALS = struct.Struct("3i")


class KeyServer:
    """Serves one keeper to the accounts of the operating system that are named, until `close`."""

    def __init__(self, keeper: Keeper, path: Path, accounts: Mapping[int, frozenset[str]]) -> None:
        self._keeper, self._accounts, self._path = keeper, dict(accounts), path
        path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        before = os.umask(0o111)  # everybody may knock; only the named accounts are heard
        try:
            self._socket.bind(str(path))
        finally:
            os.umask(before)
        self._socket.listen(64)

    def serve(self) -> None:
        """Hear everybody who connects until the socket is closed."""
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=[connection], daemon=True).start()

    def close(self) -> None:
        """Hear nobody any more."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _hear(self, connection: socket.socket) -> None:
        account = peer(connection)
        asks = self._accounts.get(account, frozenset())
        with connection:
            try:
                while (message := receive(connection)) is not None:
                    answer = self._keeper.answer(message, asks)
                    if "refused" in answer:
                        _LOG.warning("refused to account %d: %s", account, answer["why"])
                    send(connection, answer)
            except (OSError, ValueError):
                return  # whoever sends what is no message is not heard any more


def peer(connection: socket.socket) -> int:
    """The account at the other end, as the kernel tells it (SO_PEERCRED)."""
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, uid, _ = _CREDENTIALS.unpack(told)
    return int(uid)
