"""The agency's side of the API: a small client that signs each call, as an agency's system would."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from wicketgate.stages.http_signature import Message, signed_headers

ROOT = "/api/v1"
PATIENCE = 60.0


class CallError(RuntimeError):
    """The gate refused the call, or was not reached; one sentence."""


@dataclass(slots=True)
class Client:
    """Speaks to one gate with one connecting key. Close it after use, or use it as a context."""

    address: str
    private_key: Mapping[str, str] = field(repr=False)
    certificates: str | None = None
    """A file of certificates to trust beside the system's own."""
    _http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.address = self.address.rstrip("/")
        verify: Any = True
        if self.certificates is not None:
            import ssl

            verify = ssl.create_default_context(cafile=self.certificates)
        self._http = httpx.Client(verify=verify, timeout=PATIENCE, trust_env=False)

    @classmethod
    def with_key(cls, address: str, key: Path, certificates: Path | None = None) -> Client:
        """With private.json of `agency keygen --use connect`. Raises `CallError`."""
        try:
            private = json.loads(key.read_text(encoding="utf-8"))["key"]
        except (OSError, ValueError, KeyError, TypeError):
            raise CallError(f"{key} is no private key of `wicketgate agency keygen`.") from None
        return cls(address, private, None if certificates is None else str(certificates))

    def get(self, path: str, **asked: object) -> Any:
        """One GET; parameters that are None are left out. Raises `CallError`."""
        named = {name: str(value) for name, value in asked.items() if value is not None}
        return self._call("GET", path + (f"?{urlencode(named)}" if named else ""), b"", {})

    def post(self, path: str, body: object, *, once: bool = False) -> Any:
        """One POST of JSON; with `once` under a fresh Idempotency-Key, and tried again when it is lost.

        Raises `CallError`.
        """
        return self.send(path, json.dumps(body, ensure_ascii=False).encode(), "application/json", once=once)

    def send(self, path: str, body: bytes, kind: str, *, once: bool = True) -> Any:
        """One POST of these bytes. Raises `CallError`."""
        headers = {"content-type": kind}
        if once:
            headers["idempotency-key"] = secrets.token_urlsafe(24)
        try:
            return self._call("POST", path, body, headers)
        except _LostError:
            if not once:
                raise
            return self._call("POST", path, body, headers)  # the same key: it is not done twice

    def pages(self, path: str, **asked: object) -> Iterator[Any]:
        """Every entry of a list, page by page. Raises `CallError`."""
        cursor: object = None
        while True:
            page = self.get(path, cursor=cursor, **asked)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        address = f"{self.address}{ROOT}{path}"
        signed = signed_headers(
            Message(method, address, headers),
            body,
            self.private_key,
            created=int(time.time()),
            nonce=secrets.token_urlsafe(24),
        )
        try:
            answer = self._http.request(method, address, content=body or None, headers={**headers, **signed})
        except httpx.HTTPError as error:
            raise _LostError(f"{self.address} was not reached ({type(error).__name__}).") from None
        try:
            found = answer.json()
        except ValueError:
            raise CallError(f"{self.address} gave no answer of a gate ({answer.status_code}).") from None
        if answer.status_code >= 400:
            raise CallError(_sentence(found, answer.status_code))
        return found


class _LostError(CallError):
    """No answer came; whether the call was done is not known."""


def _sentence(found: Any, status: int) -> str:
    """What a problem says, with the fields that it names."""
    if not isinstance(found, dict):
        return f"The gate refused the call ({status})."
    told = [
        f"{each['field']}: {each['problem']}"
        for each in found.get("errors") or ()
        if isinstance(each, dict) and each.get("field") and each.get("problem") != found.get("detail")
    ]
    more = f" ({'; '.join(told)})" if told else ""
    return f"{found.get('detail', 'The gate refused the call.')}{more}"
