"""The API held against its own description by schemathesis: every call signed, every check on.

Calls that the description allows and calls that it does not, in one process with the real database. No
answer may be a fault, an undocumented status, another content type, or another shape than was described.
"""

from __future__ import annotations

import io
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import seed as seeded
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.web.desk import Desk
from tests.web.site import open_site
from tests.web.speaker import KeyPair
from wicketgate.stages.http_signature import Message, signed_headers
from wicketgate.store.database import Database
from wicketgate.store.migrate import migrate

schemathesis.serializer.alias("application/jsonl", "text/plain")

PLEASE = "please-sign-this-call"
"""What stands where a signature belongs until `Signing` puts one there."""
DESCRIPTION = "/api/v1/openapi.json"
CONFIGURATION: dict[str, Any] = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 422]}}
}
"""A signature that does not hold is refused, and no description can say which ones do."""
WSGI = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


@dataclass
class Found:
    """How many calls were made, and how they were answered."""

    cases: int = 0
    answers: Counter[str] = field(default_factory=Counter)


class Signing:
    """An application that signs what asks for it, with many keys: none of them may call too often."""

    def __init__(self, application: WSGI, keys: Sequence[KeyPair]) -> None:
        self._application, self._keys = application, cycle(keys)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_SIGNATURE") == PLEASE:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            made = signed_headers(
                message_of(environ),
                body,
                next(self._keys).private,
                created=int(time.time()),
                nonce=secrets.token_urlsafe(16),
            )
            environ |= {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in made.items()}
        return self._application(environ, start_response)


def message_of(environ: WSGIEnvironment) -> Message:
    """The call as the gate will see it."""
    from django.core.handlers.wsgi import WSGIRequest

    request = WSGIRequest({**environ, "wsgi.input": io.BytesIO()})
    headers = {name.lower(): text for name, text in request.headers.items()}
    if not int(environ.get("CONTENT_LENGTH") or 0):
        headers.pop("content-type", None)
    return Message(request.method or "", request.build_absolute_uri(), headers)


def office(
    database: Database, folder: Path, cases: int, more: Callable[[], bool], say: Callable[[str], None]
) -> Found:
    """An office of its own, called until there are so many `cases` and `more` says no."""
    migrate(database)
    folder.joinpath("site").mkdir()
    total, seed = Found(), 0
    with open_site(database, folder / "site") as site:
        from wicketgate.web.wsgi import application

        desk = Desk(site, folder)
        keys = [KeyPair(f"schemathesis {n}").known(desk.gate) for n in range(60)]
        while total.cases < cases or more():
            seed += 1
            found = run(application, keys, 25, seed)
            total.cases += found.cases
            total.answers += found.answers
            say(f"  seed {seed}: {total.cases:,} cases")
    return total


def run(application: WSGI, keys: Sequence[KeyPair], cases: int, seed: int) -> Found:
    """Make about `cases` calls of each operation and kind. Raises what schemathesis finds, shrunk."""
    schema = schemathesis.openapi.from_wsgi(
        DESCRIPTION,
        Signing(application, keys),
        headers={"Host": "localhost"},
        config=schemathesis.Config.from_dict(CONFIGURATION),
    )
    found = Found()
    for made in schema.get_all_operations():
        operation: Any = made.ok()  # type: ignore[union-attr]  # a description that cannot be read raises
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _call(found, operation, mode, cases, seed)
    return found


def _vanishes(value: object) -> bool:
    """Whether nothing of it would stand in an address: what is wrong with it would never be sent."""
    return value is None or (isinstance(value, list | dict) and all(map(_vanishes, value)))


def _call(found: Found, operation: Any, mode: GenerationMode, cases: int, seed: int) -> None:
    checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names()]

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def calls(case: Any) -> None:
        assume(not any(map(_vanishes, (case.query or {}).values())))
        answer = case.call_and_validate(
            base_url="http://localhost", headers={"Signature": PLEASE, "Host": "localhost"}, checks=checks
        )
        found.cases += 1
        found.answers[f"{operation.method.upper()} {operation.path} {answer.status_code}"] += 1

    seeded(seed)(calls)()
