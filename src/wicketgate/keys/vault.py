"""Seals and opens what the database keeps about people, with the one key that each request has."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, Thread
from time import monotonic

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wicketgate.core.identifiers import Handle
from wicketgate.keys.client import Keys
from wicketgate.keys.problem import KeysError, KeysRefusedError
from wicketgate.keys.sealing import open_with, seal_with

_REMEMBERED, _SECONDS = 4_096, 5.0
"""Keys that one process remembers, and for how long: an expunged request opens no longer than that."""
_ASKED_AT_ONCE = 20_000


class SubjectVault:
    """A vault (`store.vault.Vault`) over a key process; for several threads at once."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._lock = keys, Lock()
        self._fetching: Thread | None = None
        self._forgotten = 0
        self._known: OrderedDict[str, tuple[float, AESGCM]] = OrderedDict()

    def seal(self, pieces: Sequence[tuple[Handle, str, bytes]]) -> list[bytes]:
        """Sealed bytes, bound to the request and to what they are of it; its key is made at first.

        Raises `KeysRefusedError` for a request that was expunged, and `KeysUnreachableError`.
        """
        return self.sealing([handle for handle, _, _ in pieces])(pieces)

    def sealing(
        self, handles: Sequence[Handle]
    ) -> Callable[[Sequence[tuple[Handle, str, bytes]]], list[bytes]]:
        """What seals about these requests without asking for a key again. Raises like `seal`."""
        ciphers = dict[str, AESGCM]()
        for name, cipher in self._ciphers([handle.text for handle in handles], make=True).items():
            if cipher is None:
                raise KeysRefusedError(f"Nothing more is written about {name}: it was expunged.")
            ciphers[name] = cipher
        return lambda pieces: [
            seal_with(ciphers[handle.text], plain, f"{handle.text} {what}") for handle, what, plain in pieces
        ]

    def open(self, pieces: Sequence[tuple[Handle, str, bytes]]) -> list[bytes | None]:
        """What was sealed; None where the request was expunged.

        Raises `KeysError` for bytes that were not sealed as this, and `KeysUnreachableError`.
        """
        ciphers = self._ciphers([handle.text for handle, _, _ in pieces], make=False)
        return [
            None
            if (cipher := ciphers[handle.text]) is None
            else open_with(cipher, sealed, f"{handle} {what}")
            for handle, what, sealed in pieces
        ]

    def ready(self, handles: Sequence[Handle]) -> None:
        """Fetch the keys of these requests meanwhile; `seal` and `open` wait, and ask again if it failed."""
        if len(handles) > 1:
            names = [handle.text for handle in handles]
            fetching = Thread(target=self._fetch, args=[names], name="keys", daemon=True)
            fetching.start()
            self._fetching = fetching

    def _fetch(self, names: Sequence[str]) -> None:
        with suppress(KeysError):
            self._asked(names, make=True)

    def forget(self) -> None:
        """Remember no key any more."""
        with self._lock:
            self._known.clear()
            self._forgotten += 1

    def _ciphers(self, names: Sequence[str], *, make: bool) -> dict[str, AESGCM | None]:
        if (fetching := self._fetching) is not None:
            fetching.join()
            self._fetching = None
        return self._asked(names, make=make)

    def _asked(self, names: Sequence[str], *, make: bool) -> dict[str, AESGCM | None]:
        found, missing, now = dict[str, AESGCM | None](), [], monotonic()
        with self._lock:
            forgotten = self._forgotten
            for name in dict.fromkeys(names):
                known = self._known.get(name)
                if known is not None and now - known[0] < _SECONDS:
                    found[name] = known[1]
                else:
                    missing.append(name)
        for start in range(0, len(missing), _ASKED_AT_ONCE):
            asked = missing[start : start + _ASKED_AT_ONCE]
            for name, key in zip(asked, self._keys.subject_keys(asked, make=make), strict=True):
                found[name] = None if key is None else AESGCM(key)
        with self._lock:
            if forgotten != self._forgotten:
                return found  # what was asked for before may have been expunged since
            for name in missing:
                if (cipher := found[name]) is not None:
                    self._known[name] = now, cipher
                    self._known.move_to_end(name)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found
