"""Ten hostile clients of a served gate: each refused with the right status, nothing lost, nothing leaked.

The server runs with its own limits; what is slow or many is so over real connections.
"""

from __future__ import annotations

import asyncio
import json
import resource
import secrets
import socket
import ssl
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.web.agency_gate import OFFICER, OFFICIAL, TODAY, AgencyGate
from tests.web.speaker import KeyPair
from wicketgate.core.digest import digest
from wicketgate.flow.api.agency_desk import Held
from wicketgate.stages.http_signature import Message, signed_headers
from wicketgate.store.services import Service

pytestmark = pytest.mark.xdist_group("served agency gate")

STALLED, CONNECTIONS = 12, 1_000
HUGE = 10 * 10**9
REQUESTS = "/api/v1/requests"
SOMEBODY_ELSE = {
    "request_id": "H",
    "taxpayer_first_name": "Ines",
    "taxpayer_last_name": "Drummond",
    "taxpayer_tin": "900-70-0777",
    "address_line1": "77 Cedar Road",
    "matter_number": "DHS-2026-00077",
}
"""Another person than the story's: a second request for one person goes to a person of the custodian."""


@dataclass
class Agency:
    """An agency's system that may do everything wrong on purpose."""

    gate: AgencyGate
    key: Mapping[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        return self.gate.served.url

    def signed(self, method: str, path: str, body: bytes = b"", **words: Any) -> dict[str, str]:
        """The headers of a call as it should be, or with some of its words changed."""
        headers = {"content-type": "application/json"} if body else {}
        if method == "POST":
            headers["idempotency-key"] = words.pop("once", secrets.token_urlsafe(16))
        told = {"created": int(time.time()), "nonce": secrets.token_urlsafe(16), **words}
        return headers | signed_headers(Message(method, self.url + path, headers), body, self.key, **told)

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> httpx.Response:
        with httpx.Client(verify=self.context(), trust_env=False, timeout=60) as client:
            return client.request(method, self.url + path, headers=headers, content=body or None)

    def call(self, method: str, path: str, body: bytes = b"", **words: Any) -> httpx.Response:
        return self.send(method, path, self.signed(method, path, body, **words), body)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.gate.served.certificate))

    @contextmanager
    def opened(self, head: str) -> Iterator[ssl.SSLSocket]:
        """A connection on which these lines were sent."""
        place = urlsplit(self.url)
        with (
            socket.create_connection((place.hostname or "", place.port or 0), timeout=60) as plain,
            self.context().wrap_socket(plain, server_hostname=place.hostname) as connection,
        ):
            connection.sendall(head.encode())
            yield connection

    def head(self, method: str, path: str, headers: Mapping[str, str]) -> str:
        """A request's head as it goes over the line."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}"]
        return "\r\n".join([*lines, *(f"{name}: {text}" for name, text in headers.items()), "", ""])


@pytest.fixture(scope="module")
def agency(gate_served: AgencyGate) -> Agency:
    return Agency(gate_served, Held.read(gate_served.folder / "system" / "private.json").key)


@pytest.fixture(scope="module")
def handle(gate_served: AgencyGate, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A request that is in, and must be there after everything."""
    from tests.stories.people import write_submission
    from wicketgate.flow.agency_signing import read_registration

    gate, folder = gate_served, tmp_path_factory.mktemp("sent")
    signing = gate.key("hostile-official", OFFICIAL, "sign")
    receiving = gate.key("hostile-receiving", OFFICER, "receive")
    to = read_registration(receiving.with_name("registration.json")).key_id
    file = write_submission(folder / "r.csv", [TODAY | SOMEBODY_ELSE])
    made = gate.run("sign", file, "--key", signing, "--recipient-key", to, "--out", folder / "s")
    assert made.exit_code == 0, made.output
    sent = gate.run("submit", file, "--signatures", folder / "s")
    assert sent.exit_code == 0, sent.output
    return str(sent.output.split("\t")[1])


def code(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert not any(each in answer.text for each in ("Rosa", "Quintero", "Juniper", "Traceback"))
    return str(answer.json()["type"]).rsplit(":", 1)[-1]


def test_ten_hostile_clients(agency: Agency, handle: str) -> None:
    gate = agency.gate
    before = held(gate)
    body = json.dumps({"request": {**TODAY, "request_id": "X"}}).encode()
    with ExitStack() as open_ones:
        # 5. Slow uploads, three times as many as the process has threads; they hold none of them.
        path, length = "/api/v1/submissions", "100000"
        slow = [
            open_ones.enter_context(
                agency.opened(
                    agency.head("POST", path, agency.signed("POST", path, b"x") | {"Content-Length": length})
                    + "{"
                )
            )
            for _ in range(STALLED)
        ]
        began = time.monotonic()
        assert agency.call("GET", f"{REQUESTS}/{handle}").status_code == 200
        assert time.monotonic() - began < 10

        # 1. The same message twice.
        headers = agency.signed("GET", REQUESTS)
        assert agency.send("GET", REQUESTS, headers).status_code == 200
        assert code(agency.send("GET", REQUESTS, headers), 401) == "replayed"
        # 2. Another body than the one that was signed, and another digest than the signed one.
        headers = agency.signed("POST", REQUESTS, body)
        assert (
            code(agency.send("POST", REQUESTS, headers, body.replace(b'"X"', b'"Y"')), 401) == "changed-body"
        )
        other = {
            **agency.signed("POST", REQUESTS, body),
            "Content-Digest": headers["Content-Digest"][:-9] + "AAAAAAA=:",
        }
        assert code(agency.send("POST", REQUESTS, other, body), 401) == "not-authenticated"
        # 3. A key that nobody registered, and one that only one person has.
        stranger = Agency(gate, KeyPair("stranger").private)
        half = gate.key("half", "half system", "connect", known=False)
        for each in (stranger, Agency(gate, Held.read(half).key)):
            assert code(each.call("GET", REQUESTS), 401) == "not-authenticated"
        # 4. Another agency's numbers look like nobody's.
        doj = Agency(gate, Held.read(gate.key("doj", "doj system", "connect", "DOJ")).key)
        theirs, nobodys = (doj.call("GET", f"{REQUESTS}/{each}") for each in (handle, "WG-2222-2222-2222"))
        assert code(theirs, 404) == "unknown"
        assert (theirs.text, shape(theirs)) == (nobodys.text, shape(nobodys))
        # 6. Ten gigabytes: refused by what it says, or once it is more than is taken.
        for who in (agency, stranger):
            huge = agency.head("POST", path, who.signed("POST", path, b"x") | {"Content-Length": str(HUGE)})
            with agency.opened(huge) as connection:
                assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
        # 8. A key that stands for a call of yesterday, and one that stands for another call.
        assert (
            code(agency.call("POST", REQUESTS, body, once=stale(gate, body)), 409) == "idempotency-key-stale"
        )
        once = secrets.token_urlsafe(16)
        checked = agency.call("POST", REQUESTS, body, once=once)
        assert code(checked, 422) == "not-signed"
        # 9. A certificate that no proxy of ours has seen.
        forged = agency.signed("GET", REQUESTS) | {
            "Client-Cert": ":AAAA:",
            "Wicketgate-Proxy-Secret": "x" * 50,
        }
        assert code(agency.send("GET", REQUESTS, forged), 401) == "not-authenticated"
        # 10. Clocks apart.
        for apart in (-3600, 3600):
            late = agency.call("GET", REQUESTS, created=int(time.time()) + apart)
            assert code(late, 401) == "clock-skew"
        # 7. A thousand at once: each gets an answer, and whoever comes by right is served.
        assert set(asyncio.run(many(agency))) <= {401, 503}
        assert agency.call("GET", f"{REQUESTS}/{handle}").status_code == 200

        for connection in slow:
            assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")
    assert held(gate) == before
    log = gate.served.log.read_text()
    assert not any(each in log for each in ("Rosa", "Quintero", "Juniper", handle, "Traceback"))


async def many(agency: Agency) -> Counter[int]:
    """A thousand connections that are all open before any of them asks."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4 * CONNECTIONS)), hard))
    place, context = urlsplit(agency.url), agency.context()

    async def one(opened: asyncio.Barrier) -> int:
        reader, writer = await asyncio.open_connection(place.hostname, place.port, ssl=context)
        await opened.wait()
        writer.write(agency.head("GET", REQUESTS, {"Connection": "close"}).encode())
        await writer.drain()
        line = await asyncio.wait_for(reader.readline(), 120)
        writer.close()
        return int(line.split(b" ")[1])

    barrier = asyncio.Barrier(CONNECTIONS)
    return Counter(await asyncio.gather(*(one(barrier) for _ in range(CONNECTIONS))))


def shape(answer: httpx.Response) -> tuple[tuple[str, str], ...]:
    """The headers that could tell something: all but the clock's and the caller's own count."""
    return tuple((name, value) for name, value in answer.headers.items() if name not in ("date", "ratelimit"))


def held(gate: AgencyGate) -> tuple[int, ...]:
    """How many requests and entries there are, keys apart: keys were registered on the way."""
    with gate.gate.acting(Service.AUDIT) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM gate.request), count(*) FROM log.entry WHERE kind <> 'official.key'"
        ).fetchone()
    return tuple(row or ())


def stale(gate: AgencyGate, body: bytes) -> str:
    """A key under which the agency made this very call more than a day ago."""
    key = secrets.token_urlsafe(16)
    asked = digest(["POST", REQUESTS, sha256(body).hexdigest()])
    began = datetime.now(UTC) - timedelta(hours=25)
    with gate.gate.acting(Service.PORTAL) as connection:
        connection.execute(
            "INSERT INTO gate.api_call (agency, call_key, asked, began_at, status, answer)"
            " VALUES ('DHS', %s, %s, %s, 201, '{}')",
            [key, asked, began],
        )
    return key
