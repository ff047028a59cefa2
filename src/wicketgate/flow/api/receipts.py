"""Receipts of one request for its agency's system: those of the agency's pages, under the names of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wicketgate.core.identifiers import Handle
from wicketgate.flow.agency.receipts import receipts
from wicketgate.flow.api.caller import Caller
from wicketgate.flow.api.reading import one
from wicketgate.flow.gate import Gate
from wicketgate.flow.pick_up import PICKED_UP
from wicketgate.flow.receipts import RECEIVED

_NAMES: Mapping[str, str] = {RECEIVED: "received", PICKED_UP: "pickup"}
"""What a receipt is called by its entry's kind; every other one is the answer's."""


@dataclass(frozen=True, slots=True)
class Given:
    """A receipt (c2sp.org/tlog-proof@v1) of one entry, and the openings of the fields its agency may know."""

    name: str
    receipt: str
    openings: Mapping[str, str] = field(repr=False)


def receipts_of(gate: Gate, caller: Caller, handle: Handle) -> list[Given]:
    """What the agency may check: that its request came in, and once an answer has left, that answer.

    Raises `CallRefusedError` (404) for a request that is not the agency's.
    """
    one(gate, caller, handle)
    found = receipts(gate, caller.agency, handle)
    return [Given(_NAMES.get(each.kind, "answer"), each.text, each.openings) for each in found]
