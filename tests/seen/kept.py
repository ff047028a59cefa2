"""Keeps what any process of a test run lets out, and the people whom nothing of it may name."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from wicketgate.core.identifiers import Handle
from wicketgate.flow.gate import Gate
from wicketgate.store import requests
from wicketgate.store.services import Service

VARIABLE = "SEEN_IN_TESTS"
"""Names the folder; processes that the tests start have it from the one that started them."""
Kind: TypeAlias = Literal["address", "title", "error page", "mail", "log"]

_ABOUT = ("first_name", "middle_name", "last_name", "suffix", "tin", "birth_date")
_WANTED = (
    *(f"taxpayer_{name}" for name in _ABOUT),
    *("address_line1", "address_line2", "signatory_name", "engaged_officers"),
)


def folder() -> Path | None:
    """Where things are kept; None outside a test run."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def keep(kind: Kind, text: str, where: str = "") -> None:
    """Keep something that left a process; `where` is for whoever must find it again."""
    _write(kind, {"where": where, "text": text})


def keep_log(path: Path) -> None:
    """Keep a log that a server wrote."""
    if path.is_file():
        keep("log", path.read_text("utf-8", errors="replace"), path.name)


def keep_people(gate: Gate) -> None:
    """Keep whom the requests in a gate are about, and who is named in them."""
    if folder() is None:
        return
    with gate.acting(Service.AUDIT) as connection:
        handles = [handle for (handle,) in connection.execute("SELECT handle FROM gate.request")]
        for handle in handles:
            stored = requests.get(connection, Handle(handle))
            body = stored.request.as_mapping() if stored is not None else {}
            _person({name: str(body[name]) for name in _WANTED if body.get(name)})


def keep_register(register: Path) -> None:
    """Keep the people of a register directory."""
    for file in ("persons.csv", "addresses.csv"):
        with (register / file).open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                _person({f"taxpayer_{name}": row[name] for name in _ABOUT if row.get(name)})
                _person({f"address_{name}": row[name] for name in ("line1", "line2") if row.get(name)})


def kept(kept_in: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that was kept, by kind; people are of the kind `person`."""
    for path in sorted(kept_in.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield path.name.split("~")[0], json.loads(line)


def log_file() -> Path | None:
    """The file to which a process writes its own log beside wherever else it goes."""
    kept_in = folder()
    return None if kept_in is None else kept_in / f"{os.getpid()}.log"


def logged(kept_in: Path) -> Iterable[str]:
    """The lines of every process's own log."""
    for path in sorted(kept_in.glob("*.log")):
        yield from path.read_text("utf-8").splitlines()


def _person(found: Mapping[str, str]) -> None:
    if found:
        _person_once(json.dumps(found))


@cache
def _person_once(found: str) -> None:
    _write("person", json.loads(found))


def _write(kind: str, value: object) -> None:
    kept_in = folder()
    if kept_in is None:
        return
    line = json.dumps(value) + "\n"
    # One write at the end of the file: threads and forked processes do not cut each other short.
    with (kept_in / f"{kind}~{os.getpid()}.jsonl").open("ab", buffering=0) as file:
        file.write(line.encode())
