"""A call that changes something is done once, however often it is sent under the same key of its sender's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from wicketgate.core.digest import digest
from wicketgate.flow.api.caller import Caller, as_text
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.gate import Gate
from wicketgate.store import api_calls
from wicketgate.store.services import Service

KEY_PATTERN = "^[!-~]{16,100}$"
"""What such a key looks like."""
KEPT = timedelta(hours=24)
"""How long the answer to a call is given again; the key itself is never free again."""
AT_WORK = timedelta(seconds=60)
"""A call that was begun and not answered for so long is carried on by whoever sends it again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body."""

    status: int
    body: object = field(repr=False)
    again: bool = False
    """True when it is the answer that was given before."""


def once(
    gate: Gate, caller: Caller, key: str | None, asked: tuple[str, str, str], work: Callable[[], Answer]
) -> Answer:
    """Do `work` under this key, or give the answer that it had. `asked` is method, address, body's digest.

    `work` must carry on what an earlier try has begun. Raises `CallRefusedError`: 400 without a key, 409
    while the first is at work and for a stale key, 422 when the key stands for another call.
    """
    if key is None or not re.fullmatch(KEY_PATTERN, key):
        raise CallRefusedError(
            400,
            "idempotency-key-missing",
            "Send an Idempotency-Key of 16 to 100 characters, new for each call.",
        )
    now, wanted = gate.clock.now(), digest(list(asked))
    with gate.acting(Service.PORTAL) as connection:
        known = api_calls.begin(connection, caller.agency, key, wanted, now)
        if known is not None:
            if known.asked != wanted:
                raise CallRefusedError(
                    422,
                    "idempotency-key-reused",
                    "This Idempotency-Key stands for another call; use a new one.",
                )
            if known.status is not None and now - known.began_at > KEPT:
                raise CallRefusedError(
                    409,
                    "idempotency-key-stale",
                    "This Idempotency-Key is older than a day and its answer is gone; nothing was done.",
                )
            if known.status is not None:
                return Answer(known.status, json.loads(known.answer or "null"), again=True)
            if now - known.began_at < AT_WORK or not api_calls.take_over(
                connection, caller.agency, key, known.began_at, now
            ):
                raise CallRefusedError(
                    409, "idempotency-key-at-work", "This call is being worked on; ask again in a minute."
                )
    answer = work()
    with gate.acting(Service.PORTAL) as connection:
        api_calls.answer(connection, caller.agency, key, answer.status, as_text(answer.body))
    return answer
