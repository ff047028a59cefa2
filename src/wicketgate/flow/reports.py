"""The yearly reports: counted from the ledger, as CSV and as accessible PDF, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from wicketgate.core.cells import safe_cell
from wicketgate.core.context import CUSTODIAN
from wicketgate.core.digest import Canonical
from wicketgate.flow.gate import Gate
from wicketgate.flow.letters.composed import Letter
from wicketgate.flow.letters.press import open_press
from wicketgate.law.report_words import report_words
from wicketgate.ledger import export_folder, public_leaf
from wicketgate.ledger.accounts import Opened, account_lines
from wicketgate.stages.accounting import LINES, OPENED, Counts, Line, count
from wicketgate.store import accounting, log
from wicketgate.store.log import Entry
from wicketgate.store.services import Service

PUBLIC = "public"
ACCOUNTS, LEDGER, ABOUT = "accounts.jsonl", "ledger", "reports.json"
_HEAD = ("report", "year", "agency", "figure", "detail", "number")


class ReportError(Exception):
    """A report cannot be made; one sentence."""


class Report(NamedTuple):
    """One report of one year."""

    name: str
    year: int
    lines: Sequence[Line]
    csv: bytes
    pdf: bytes


def counts(gate: Gate, year: int, size: int) -> Counts:
    """The counts of a year over the first `size` entries as the custodian reads them."""

    def entries() -> Iterator[Opened]:
        with gate.acting(Service.AUDIT) as connection:
            for entry, _ in log.opened_entries(connection, size):
                yield Opened(entry.index, entry.kind, entry.body)  # `count` reads what an account opens

    return count(entries, year)


def report(gate: Gate, name: str, year: int) -> Report:
    """One report, from the ledger as it is. Raises `ReportError` for a public one before its time."""
    size = _size(gate)
    return composed(name, year, counts(gate, year, size), gate.law.authority.name)


def years(gate: Gate) -> list[int]:
    """The years that have entries, the newest first."""
    with gate.acting(Service.AUDIT) as connection:
        return accounting.years(connection)


def closed_years(gate: Gate) -> list[int]:
    """The years whose public report can be made, the newest first."""
    size = _size(gate)
    with gate.acting(Service.AUDIT) as connection:
        return [year for year in accounting.years(connection) if accounting.is_closed(connection, year, size)]


def write_reports(gate: Gate, year: int, out: Path) -> list[Path]:
    """Write the year's reports with what every figure can be counted from again, and put them on record.

    The public report is left out before its time. What is written holds the ledger, and the opened
    entries by handle: it is for those who may examine the account. Each report is a public entry.
    """
    out.mkdir(parents=True, exist_ok=True)
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
        if latest is None:
            raise ReportError("There is no report: nothing is on record yet.")
        size, note = latest
        export_folder(log.entries(connection, 0, size), out / LEDGER, note, gate.key.vkey)
    found = counts(gate, year, size)
    with gate.acting(Service.AUDIT) as connection, (out / ACCOUNTS).open("w", encoding="utf-8") as file:
        opened = (
            (entry.index, entry.kind, entry.leaf, entry.body, entry.nonces, proof)
            for entry, proof in log.opened_entries(connection, size)
            if proof
        )
        file.writelines(account_lines(opened, OPENED))
    about = {"year": year, "authority": gate.law.authority.name, "entries": size}
    (out / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    written = []
    for name in LINES if found.closed else [each for each in LINES if each != PUBLIC]:
        made = composed(name, year, found, gate.law.authority.name)
        for suffix, content in (("csv", made.csv), ("pdf", made.pdf)):
            path = out / f"{year}-{name}.{suffix}"
            path.write_bytes(content)
            written.append(path)
        _put_on_record(gate, made)
    return written


def write_record(gate: Gate, out: Path) -> int:
    """Write the standardised record of all requests and disclosures as CSV; returns how many there are.

    It is made of the ledger, by handle. The reasons of a request stand in the request itself, whose digest
    is in the record.
    """
    number = 0
    draft = out.with_name(out.name + ".new")
    with gate.acting(Service.AUDIT) as connection, draft.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(accounting.RECORD)
        for record in accounting.records(connection):
            number += 1
            rows.writerow([safe_cell(cell or "") for cell in record])
    draft.replace(out)
    return number


def composed(name: str, year: int, found: Counts, authority: str) -> Report:
    """A report as it is printed. Raises `ReportError` for an unknown one and a public one before its time."""
    if name not in LINES:
        raise ReportError(f"There is no report {name!a}; there are {', '.join(LINES)}.")
    if name == PUBLIC and not found.closed:
        raise ReportError(
            f"The public report of {year} cannot be made yet: its last quarter is published"
            " a month after the year's end."
        )
    lines = LINES[name](found)
    made = (_csv(name, year, found, lines), _pdf(name, year, found, lines, authority))
    return Report(name, year, lines, *made)


def _put_on_record(gate: Gate, made: Report) -> None:
    fields: dict[str, Canonical] = {
        "report": made.name,
        "from": date(made.year, 1, 1).isoformat(),
        "to": date(made.year, 12, 31).isoformat(),
        "figures": _digest(made.csv),
        "document": _digest(made.pdf),
    }
    with gate.acting(Service.OVERSEE) as connection:
        gate.append(connection, [Entry("report", public_leaf("report", fields), None, fields)])


def _csv(name: str, year: int, found: Counts, lines: Sequence[Line]) -> bytes:
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(_HEAD)
    rows.writerow((name, year, "", "standing of the year", found.standing, ""))
    for line in lines:
        rows.writerow((name, year, *map(safe_cell, line)))
    return file.getvalue().encode()


def _pdf(name: str, year: int, found: Counts, lines: Sequence[Line], authority: str) -> bytes:
    words = report_words(authority, name)
    agencies = [
        {"name": agency, "lines": [each._asdict() for each in found]}
        for agency, found in groupby(lines, lambda line: line.agency)
    ]
    content = {
        "kind": f"report: {name}",
        "title": words.title if found.closed else f"{words.title} (partial year)",
        "custodian": CUSTODIAN,
        "reference_label": "year",
        "reference": str(year),
        "standing": found.standing,
        "citation": words.citation or "none is named",
        "opening": words.opening,
        "agencies": agencies,
        "notes": words.notes,
    }
    with open_press() as press:
        return press.pdf(Letter("report", content))


def _size(gate: Gate) -> int:
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
    return latest[0] if latest else 0


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()
