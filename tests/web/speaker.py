"""An agency's system that calls the API of the site: every message signed as a real one would be."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wicketgate.core.actor import Actor
from wicketgate.core.roles import Role
from wicketgate.flow.gate import Gate
from wicketgate.flow.official_keys import Registration, Use, confirm_key, register_key
from wicketgate.stages.http_signature import Message, signed_headers
from wicketgate.stages.signing import key_id_of, new_signing_key

if TYPE_CHECKING:
    from django.test import Client

CORA, SAM = Actor("cora", Role.COUNSEL), Actor("sam", Role.SAFEGUARDS_OFFICER)
HOST = "localhost"


@dataclass
class KeyPair:
    """Somebody's or some system's key."""

    holder: str
    agency: str = "DHS"
    use: Use = "connect"
    public: dict[str, str] = field(default_factory=dict, repr=False)
    private: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.public, self.private = new_signing_key()

    @property
    def key_id(self) -> str:
        return key_id_of(self.public)

    def registration(self) -> Registration:
        return Registration.made(self.holder, self.agency, self.public, self.private, self.use)

    def known(self, gate: Gate) -> KeyPair:
        """Registered by one person of the custodian and confirmed by another."""
        register_key(gate, CORA, self.registration())
        confirm_key(gate, SAM, self.key_id)
        return self


@dataclass
class Speaker:
    """Calls the API through Django's own client."""

    client: Client
    key: KeyPair

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        idempotency_key: str | None = None,
        created: int | None = None,
        nonce: str | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Any:
        """One signed call; `body` is sent as JSON, bytes as they are."""
        method, path, headers, sent, kind = self._made(method, path, body, idempotency_key, created, nonce)
        return self.client.generic(
            method, path, sent, content_type=kind if sent else "", headers={**headers, **(more or {})}
        )

    def prepared(self, method: str, path: str, body: object) -> tuple[str, str, dict[str, str]]:
        """What a call would send beside its body."""
        return self._made(method, path, body, None, None, None)[:3]

    def _made(
        self,
        method: str,
        path: str,
        body: object,
        idempotency_key: str | None,
        created: int | None,
        nonce: str | None,
    ) -> tuple[str, str, dict[str, str], bytes, str]:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": "application/json"}
        if method == "POST" and idempotency_key != "":
            headers["idempotency-key"] = idempotency_key or secrets.token_urlsafe(16)
        message = Message(method, f"http://{HOST}{path}", headers)
        signed = signed_headers(
            message,
            sent,
            self.key.private,
            created=int(time.time()) if created is None else created,
            nonce=nonce or secrets.token_urlsafe(16),
        )
        kind = headers.pop("content-type", "application/octet-stream")
        return method, path, {**headers, **signed}, sent, kind

    def get(self, path: str, **words: Any) -> Any:
        """A signed GET."""
        return self.call("GET", path, **words)

    def post(self, path: str, body: object, **words: Any) -> Any:
        """A signed POST of JSON."""
        return self.call("POST", path, body, **words)
