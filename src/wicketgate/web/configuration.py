"""What a standing gate is told: one TOML file, read by whitelist, refused with one sentence."""

from __future__ import annotations

import ipaddress
import os
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from wicketgate.flow.founding import make_secret
from wicketgate.flow.standing import Place, Standing

VARIABLE = "WICKETGATE_CONFIG"
"""Names the file for the server's processes."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SHORTEST_KEY = 50

T = TypeVar("T")


class ConfigurationError(RuntimeError):
    """The file cannot be relied on; one sentence names the key and what is allowed there."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The custodian's OpenID Connect provider, and where its tokens say role and agency."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role_claim: str = "wicketgate_role"
    agency_claim: str = "wicketgate_agency"
    officer_claim: str = "wicketgate_officer"
    """How requests name a recipient officer: Name|badge|agency."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the server listens. `proxies` is how many trusted ones stand in front of it."""

    address: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    proxies: int = 0
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """True when people reach the gate over TLS: ended here, or at a trusted proxy."""
        return self.certificate is not None or self.proxies > 0


@dataclass(frozen=True, slots=True)
class Mail:
    """How notices leave: by a server, or in a demonstration into a folder."""

    sender: str
    host: str = ""
    port: int = 0
    encryption: str = "tls"
    """``tls``, ``starttls``, or ``none`` on this machine."""
    user: str = ""
    password: str = field(default="", repr=False)
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class ClientCertificates:
    """Which proxies verify clients' certificates, and the secret by which they are known."""

    proxies: tuple[str, ...]
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything the web room is told."""

    hosts: tuple[str, ...]
    secret_key: str = field(repr=False)
    state: Path
    standing: Standing
    origin: str
    """The name of the log, such as ``gate.example.gov/ledger``."""
    listen: Listen
    sign_in: SignIn | None
    demonstration: bool
    """Local accounts with passwords; only on this machine, only with made-up people."""
    mail: Mail | None = None
    client_certificates: ClientCertificates | None = None
    """Without it nobody's certificate is believed; agencies' systems sign their messages."""

    @property
    def uploads(self) -> Path:
        """The folder of the files that agencies send."""
        return self.state / "submissions"

    @property
    def address(self) -> str:
        """What links in notices begin with."""
        plain = f"http://{self.hosts[0]}:{self.listen.port}"
        return f"https://{self.hosts[0]}" if self.listen.tls else plain


def read(path: Path, *, make: bool = False) -> Configuration:
    """The configuration in the file; `make` makes a missing secret key. Raises `ConfigurationError`."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"The configuration {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise ConfigurationError(f"The configuration {path} is not TOML in UTF-8.") from None
    root = _Table(values, path, "")
    found = _configuration(root, make=make)
    root.close()
    return found


def current() -> Configuration | None:
    """The configuration of this process, or None where no file is named."""
    named = os.environ.get(VARIABLE)
    return read(Path(named)) if named else None


def served() -> Configuration:
    """The configuration that this process serves. Raises `ConfigurationError` where none is named."""
    found: Configuration | None = settings.GATE
    if found is None:
        raise ConfigurationError(f"Nothing is served: {VARIABLE} names no configuration.")
    return found


def provider() -> SignIn:
    """The identity provider. Raises `ConfigurationError` where people sign in otherwise."""
    found = served().sign_in
    if found is None:
        raise ConfigurationError("No identity provider is configured: `sign_in` is missing.")
    return found


def _configuration(root: _Table, *, make: bool) -> Configuration:
    hosts = root.words("hosts")
    if not hosts or "*" in hosts:
        raise root.error("hosts", "must list the names under which people reach the gate, and no `*`")
    database, gate = root.table("database"), root.table("gate")
    demo = root.table("demonstration") if root.has("demonstration") else None
    standing = Standing(
        place=Place(database.text("url"), database.path("secrets")),
        authority=gate.text("authority"),
        overlays=gate.words("overlays") if gate.has("overlays") else (),
        context=gate.path("context") if gate.has("context") else None,
        log_key=gate.path("log_key"),
        kin_key=gate.path("kin_key"),
        day=demo.day("day") if demo is not None and demo.has("day") else None,
        keys=gate.path("keys") if gate.has("keys") else None,
        signed_only=demo is None,
        proofs=gate.path("proofs") if gate.has("proofs") else None,
    )
    listen = _listen(root.table("listen")) if root.has("listen") else Listen()
    sign_in = _sign_in(root.table("sign_in")) if root.has("sign_in") else None
    if demo is None and sign_in is None:
        raise root.error("sign_in", "is missing: people sign in with the custodian's OpenID Connect provider")
    if demo is not None and (set(hosts) - LOOPBACK or not _is_loopback(listen.address)):
        raise root.error(
            "demonstration", "is for this machine only: hosts and listen.address must be loopback"
        )
    if demo is None and not listen.tls:
        raise root.error("listen", "must say how TLS is ended: `certificate` and `key`, or `proxies = 1`")
    origin = gate.text("origin")
    for table in (database, gate, demo):
        if table is not None:
            table.close()
    return Configuration(
        hosts=hosts,
        secret_key=_key(root, make=make),
        state=root.path("state"),
        standing=standing,
        origin=origin,
        listen=listen,
        sign_in=sign_in,
        demonstration=demo is not None,
        mail=_mail(root.table("mail"), demonstration=demo is not None) if root.has("mail") else None,
        client_certificates=_certificates(root.table("client_certificates"))
        if root.has("client_certificates")
        else None,
    )


def _key(root: _Table, *, make: bool) -> str:
    if make:
        make_secret(root.path("secret_key_file"), secrets.token_urlsafe(_SHORTEST_KEY))
    text = _secret(root, "secret_key_file")
    if len(text) < _SHORTEST_KEY:
        raise root.error("secret_key_file", f"must name a file of at least {_SHORTEST_KEY} random characters")
    return text


def _listen(table: _Table) -> Listen:
    found = Listen(
        table.text("address") if table.has("address") else "127.0.0.1",
        table.number("port", 65535) if table.has("port") else 8000,
        table.number("workers", 64) if table.has("workers") else 1,
        table.number("proxies", 8) if table.has("proxies") else 0,
        table.path("certificate") if table.has("certificate") else None,
        table.path("key") if table.has("key") else None,
    )
    if (found.certificate is None) != (found.key is None):
        raise table.error("certificate", "and `key` belong together")
    table.close()
    return found


def _sign_in(table: _Table) -> SignIn:
    issuer = table.text("issuer")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        raise table.error("issuer", "must be an https address")
    found = SignIn(table.text("name"), issuer, table.text("client_id"), _secret(table, "client_secret_file"))
    names = ("role_claim", "agency_claim", "officer_claim")
    claims = {name: table.text(name) for name in names if table.has(name)}
    table.close()
    return SignIn(found.name, found.issuer, found.client_id, found.client_secret, **claims)


def _mail(table: _Table, *, demonstration: bool) -> Mail:
    sender = table.text("sender")
    if table.has("folder"):
        if not demonstration:
            raise table.error("folder", "is for demonstrations: name a server with `host` and `port`")
        found = Mail(sender, folder=table.path("folder"))
        table.close()
        return found
    host, encryption = table.text("host"), table.text("encryption")
    if encryption not in ("tls", "starttls", "none"):
        raise table.error("encryption", "must be `tls`, `starttls`, or on this machine `none`")
    if encryption == "none" and not _is_loopback(host):
        raise table.error("encryption", "must be `tls` or `starttls`: notices cross a network")
    user = table.text("user") if table.has("user") else ""
    found = Mail(
        sender,
        host,
        table.number("port", 65535),
        encryption,
        user,
        _secret(table, "password_file") if user else "",
    )
    table.close()
    return found


def _certificates(table: _Table) -> ClientCertificates:
    found = ClientCertificates(table.words("proxies"), _secret(table, "secret_file"))
    if not found.proxies:
        raise table.error("proxies", "must list the addresses of the proxies that verify certificates")
    if len(found.secret) < _SHORTEST_KEY:
        raise table.error("secret_file", f"must name a file of at least {_SHORTEST_KEY} random characters")
    table.close()
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(table: _Table, name: str) -> str:
    path = table.path(name)
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise table.error(name, "names a file that cannot be read") from None


class _Table:
    """A TOML table that is read key by key and then closed."""

    def __init__(self, values: dict[str, Any], file: Path, at: str) -> None:
        self._values, self._file, self._at = values, file, at
        self._asked: set[str] = set()

    def error(self, name: str, problem: str) -> ConfigurationError:
        return ConfigurationError(f"In {self._file}, `{self._at}{name}` {problem}.")

    def has(self, name: str) -> bool:
        self._asked.add(name)
        return name in self._values

    def text(self, name: str) -> str:
        found = self._of(name, str, "must be a text")
        if not found:
            raise self.error(name, "must not be empty")
        return found

    def path(self, name: str) -> Path:
        path = Path(self.text(name))
        if not path.is_absolute():
            raise self.error(name, "must be a path that begins with /")
        return path

    def day(self, name: str) -> date:
        return self._of(name, date, "must be a date, such as 2026-03-01")

    def number(self, name: str, largest: int) -> int:
        found = self._of(name, int, f"must be a whole number from 0 to {largest}")
        if isinstance(found, bool) or not 0 <= found <= largest:
            raise self.error(name, f"must be a whole number from 0 to {largest}")
        return found

    def words(self, name: str) -> tuple[str, ...]:
        found = self._of(name, list, "must be a list of texts")
        if not all(isinstance(word, str) and word for word in found):
            raise self.error(name, "must be a list of texts")
        return tuple(found)

    def table(self, name: str) -> _Table:
        return _Table(self._of(name, dict, "must be a table"), self._file, f"{self._at}{name}.")

    def close(self) -> None:
        for name in self._values:
            if name not in self._asked:
                raise self.error(name, "is not a key that the gate knows")

    def _of(self, name: str, kind: type[T], problem: str) -> T:
        if not self.has(name):
            raise self.error(name, "is missing")
        found = self._values[name]
        if not isinstance(found, kind):
            raise self.error(name, problem)
        return found
