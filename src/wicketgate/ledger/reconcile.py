"""Two sides' receipts laid beside the public log: what one has and the other has not, and what differs.

Both sides keep the same form: folders with receipts (`NAME.tlog-proof`) and the openings of their entries
(`NAME.FIELD.json`). An agency's side may have `acknowledgements.jsonl`: what its officers say they picked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from wicketgate.core.digest import Canonical
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import VerifierKey
from wicketgate.ledger.opening import Opening, verify_opening
from wicketgate.ledger.proof import Receipt
from wicketgate.ledger.prove import Prover

ACKNOWLEDGEMENTS = "acknowledgements.jsonl"
RECEIVED, PICKUP = "request.received", "pickup"
What: TypeAlias = Literal["missing here", "missing there", "different", "not proved"]


class Difference(NamedTuple):
    """One difference, by handle or number; no value is repeated."""

    what: What
    subject: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.subject}: {self.why}"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as one side holds it, proved to stand in the public log."""

    handle: str
    kind: str
    index: int
    leaf: bytes
    fields: Mapping[str, Canonical] = field(repr=False)


@dataclass(slots=True)
class Side:
    """What one side holds: its entries by handle and kind, and what could not be proved."""

    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    faults: list[Difference] = field(default_factory=list)

    def numbers(self, agency: str) -> dict[int, str]:
        """The handles of an agency's requests by its count."""
        return {
            int(str(item.fields["agency_sequence"])): item.handle
            for item in self.items.values()
            if item.kind == RECEIVED and _of(item, agency) and "agency_sequence" in item.fields
        }

    def of(self, agency: str) -> dict[tuple[str, str], Item]:
        """The entries about one agency's requests."""
        handles = {each.handle for each in self.items.values() if each.kind == RECEIVED and _of(each, agency)}
        return {key: item for key, item in self.items.items() if item.handle in handles}


def reconcile(
    own: Path, theirs: Path, ledger: Path, agency: str, vkey: str | None = None
) -> list[Difference]:
    """Compare the agency's receipts (`own`, here) with the custodian's statement (`theirs`, there).

    Everything on either side is first proved against the public log in `ledger`. Raises
    `LedgerError` when one of the three cannot be read at all.
    """
    prover = Prover(ledger, vkey)
    key = VerifierKey.parse(prover.vkey)
    here, there = _read(own, prover, key), _read(theirs, prover, key)
    found = [*here.faults, *there.faults]
    found += _numbers(here.numbers(agency), there.numbers(agency), agency)
    mine, others = here.of(agency), there.of(agency)
    for handle, kind in sorted(others.keys() - mine.keys()):
        if kind != PICKUP:
            found.append(Difference("missing here", handle, f"there is no receipt of {kind} here"))
    for handle, kind in sorted(mine.keys() - others.keys()):
        found.append(Difference("missing there", handle, f"{kind} is receipted here and not stated"))
    for handle, kind in sorted(mine.keys() & others.keys()):
        found += _differing(mine[handle, kind], others[handle, kind])
    pickups = {item.handle: item for item in others.values() if item.kind == PICKUP}
    known = {handle for handle, _ in {**mine, **others}}
    of_others = {item.handle for item in here.items.values()} - known
    found += _acknowledged(own / ACKNOWLEDGEMENTS, pickups, known, of_others)
    return found


def _of(item: Item, agency: str) -> bool:
    return item.fields.get("agency") == agency


def _numbers(here: Mapping[int, str], there: Mapping[int, str], agency: str) -> Iterator[Difference]:
    """Gaps in the agency's count, and numbers that stand for different requests."""
    last = max([*here, *there], default=0)
    for number in range(1, last + 1):
        subject = f"request {number} of {agency}"
        if number not in there:
            yield Difference("missing there", subject, "the statement has a gap")
        if number not in here:
            yield Difference("missing here", subject, "no receipt with this number is here")
        elif number in there and here[number] != there[number]:
            yield Difference("different", subject, f"{here[number]} here, {there[number]} there")


def _differing(mine: Item, other: Item) -> Iterator[Difference]:
    if (mine.index, mine.leaf) != (other.index, other.leaf):
        where = f"entry {mine.index} here, entry {other.index} there"
        yield Difference("different", mine.handle, f"{mine.kind} is {where}")
    for name in sorted(mine.fields.keys() & other.fields.keys()):
        if mine.fields[name] != other.fields[name]:
            yield Difference("different", mine.handle, f"{mine.kind} says another {name}")


def _acknowledged(
    path: Path, pickups: Mapping[str, Item], known: set[str], of_others: set[str]
) -> Iterator[Difference]:
    """What the log says was picked up, and what the agency's officers acknowledge."""
    acknowledged: dict[str, Mapping[str, object]] = {}
    if path.is_file():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                document = json.loads(line)
                acknowledged[str(document["handle"])] = document
            except (ValueError, KeyError, TypeError):
                yield Difference("not proved", f"line {number} of {path.name}", "this is no acknowledgement")
    for handle in sorted(pickups.keys() - acknowledged.keys()):
        yield Difference("missing here", handle, "the log has a pick-up and nobody here acknowledges it")
    for handle in sorted(acknowledged.keys() - pickups.keys() - of_others):
        request = "a pick-up" if handle in known else "a pick-up of a request that nobody knows"
        yield Difference("missing there", handle, f"{request} is acknowledged here and the log has none")
    for handle in sorted(pickups.keys() & acknowledged.keys()):
        for name in ("package_digest", "recipient"):
            if acknowledged[handle].get(name) != pickups[handle].fields.get(name):
                yield Difference("different", handle, f"the acknowledgement says another {name}")


def _read(folder: Path, prover: Prover, key: VerifierKey) -> Side:
    if not folder.is_dir():
        raise LedgerError(f"{folder} is no folder of receipts.")
    side = Side()
    for path in sorted(folder.rglob("*.tlog-proof")):
        try:
            item = _item(path, prover, key)
        except (LedgerError, OSError, ValueError) as problem:
            name = str(path.relative_to(folder))
            side.faults.append(Difference("not proved", name, str(problem).rstrip(".")))
            continue
        known = side.items.setdefault((item.handle, item.kind), item)
        if known != item:
            side.faults.append(Difference("different", item.handle, f"two receipts of {item.kind} differ"))
    return side


def _item(path: Path, prover: Prover, key: VerifierKey) -> Item:
    """A receipt with its openings, all of one entry that the public log has at the same place."""
    receipt = Receipt.parse(path.read_text(encoding="utf-8"))
    name = path.name.removesuffix(".tlog-proof")
    openings = [
        Opening.from_text(each.read_text(encoding="utf-8"))
        for each in sorted(path.parent.glob(f"{name}.*.json"))
    ]
    if not openings:
        raise LedgerError("no opening lies beside the receipt")
    leaf, kind = openings[0].leaf, openings[0].kind
    if not all(each.kind == kind and verify_opening(leaf, each) for each in openings):
        raise LedgerError("the openings are not of one entry")
    receipt.verify(leaf, key)
    if receipt.index >= prover.size or prover.entry(receipt.index) != leaf:
        raise LedgerError(f"the public log has another entry {receipt.index}")
    fields = {each.name: each.value for each in openings if each.present}
    subject = fields.get("handle") or fields.get("submission")
    if not isinstance(subject, str):
        raise LedgerError("the handle is not opened")
    return Item(subject, kind, receipt.index, leaf, fields)
