"""Counts the figures of reports again, from the ledger alone: no database, no word of whoever made them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from wicketgate.flow.reports import ABOUT, ACCOUNTS, LEDGER, PUBLIC, ReportError, composed
from wicketgate.ledger import LedgerError, Prover
from wicketgate.ledger.accounts import Opened, read_accounts
from wicketgate.ledger.tiles import WIDTH, Tile, unbundle
from wicketgate.ledger.verify import verify_folder
from wicketgate.stages.accounting import LINES, Counts, count


def check_reports(folder: Path, vkey: str | None = None) -> tuple[list[str], list[str]]:
    """What holds and what does not, each a sentence; without `vkey` the key in the folder is believed.

    Raises `LedgerError` or `ReportError` when the reports cannot be checked at all.
    """
    year, authority = _about(folder)
    ledger = folder / LEDGER
    audit = verify_folder(ledger, vkey=vkey)
    if not audit.ok:
        raise LedgerError(f"The ledger in {ledger} does not hold: {audit.failures[0]}")
    try:
        found = count(lambda: _entries(folder, vkey), year)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise LedgerError(f"An entry of the account cannot be counted: {problem}.") from None
    good, bad = [f"The ledger holds: {line}" for line in audit.checked], list[str]()
    good.append(f"The year {year} is {found.standing}.")
    for name in LINES:
        for verdict, told in _checked(folder, name, year, found, authority):
            (good if verdict else bad).append(told)
    return good, bad


def _checked(folder: Path, name: str, year: int, found: Counts, authority: str) -> Iterator[tuple[bool, str]]:
    path = folder / f"{year}-{name}.csv"
    if name == PUBLIC and not found.closed:
        if path.exists():
            yield False, f"{path.name} tells a year whose last quarter is not published."
        return
    again = composed(name, year, found, authority)
    for suffix, content in (("csv", again.csv), ("pdf", again.pdf)):
        path = folder / f"{year}-{name}.{suffix}"
        try:
            stated = path.read_bytes()
        except OSError as problem:
            yield False, f"{path.name} cannot be read: {problem.strerror}."
            continue
        if stated == content:
            yield True, f"{path.name}: {len(again.lines)} figures counted again."
        elif suffix == "csv":
            yield from ((False, line) for line in _differences(path.name, stated, content))
        else:
            yield False, f"{path.name} does not print the figures that the ledger gives."


def _differences(name: str, stated: bytes, again: bytes) -> Iterator[str]:
    said, right = stated.decode(errors="replace").splitlines(), again.decode().splitlines()
    for line in sorted(set(said) - set(right)):
        yield f"{name} says {line!a}; the ledger does not."
    for line in sorted(set(right) - set(said)):
        yield f"{name} does not say {line!a}; the ledger does."
    if set(said) == set(right):
        yield f"{name} has the right figures in another form."


def _entries(folder: Path, vkey: str | None) -> Iterator[Opened]:
    prover = Prover(folder / LEDGER, vkey)

    @lru_cache(maxsize=2)
    def bundle(index: int) -> list[bytes]:
        tile = Tile(None, index, min(WIDTH, prover.size - index * WIDTH))
        return unbundle((folder / LEDGER / tile.path).read_bytes())

    try:
        with (folder / ACCOUNTS).open(encoding="utf-8") as file:
            yield from read_accounts(file, prover.size, lambda index: bundle(index // WIDTH)[index % WIDTH])
    except (OSError, UnicodeDecodeError):
        raise LedgerError(f"{folder / ACCOUNTS} cannot be read.") from None


def _about(folder: Path) -> tuple[int, str]:
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return int(about["year"]), str(about["authority"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ReportError(f"{folder} holds no reports; name a folder of `wicketgate report make`.") from None
