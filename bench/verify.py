"""Identity verification: files in DuckDB beside Splink on the same people, and one request in PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bench.timing import micros
from tests.campaigns.identities import Part, Peer, population
from tests.keeping import keys_in
from tests.register.gate import Gate
from wicketgate.core.identifiers import Handle
from wicketgate.embedded import throw_away
from wicketgate.ledger import LogKey
from wicketgate.stages.verify_rule import Record
from wicketgate.store import register
from wicketgate.store.database import open_database
from wicketgate.store.migrate import migrate
from wicketgate.store.services import Service

PEERS = Path(".venv-peers") / "bin" / "python"


def verify(folder: Path, people: int, requests: int, copies: int) -> dict[str, Any]:
    """Decide a file over a register, beside Splink on the same; the same in copies; and one request."""
    here = folder / "verify"
    here.mkdir()
    peers = PEERS.exists()
    command = [sys.executable, "-m", "bench.verification", str(here), str(people), str(requests), str(copies)]
    subprocess.run([*command, *(["peer"] if peers else [])], check=True)
    runs: dict[str, Any] = json.loads((here / "verification.json").read_text())
    found = {f"{run['on_file']:,} people, {run['requests']:,} requests": run for run in runs.values()}
    found |= (
        splink_beside(Peer(here), here, runs["once"])
        if peers
        else {"splink": {"left_out": "there is no .venv-peers"}}
    )
    return found | one_request(here, people // 4)


def splink(peer: Peer, folder: Path) -> dict[str, Any]:
    """What Splink finds about the same people and requests, and what it costs."""
    result = folder / "splink.json"
    tables = (str(peer.register), str(peer.requests))
    subprocess.run([str(PEERS), "bench/linkage.py", *tables, str(result)], check=True)
    found: dict[str, Any] = json.loads(result.read_text())
    return found


def splink_beside(peer: Peer, folder: Path, ours: dict[str, Any]) -> dict[str, Any]:
    """Splink's figures, and what of its time and memory we need."""
    theirs = splink(peer, folder)
    rules = {f"splink, {name}": rates for name, rates in theirs.pop("rules").items()}
    ratios = {
        "decide_of_predict": round(ours["decide_seconds"] / theirs["predict_seconds"], 3),
        "decide_of_predict_cpu": round(ours["decide_cpu_seconds"] / theirs["predict_cpu_seconds"], 3),
        "memory_of_splink": round(ours["peak_mib"] / theirs["peak_mib"], 3),
    }
    return {"splink": theirs, **rules, "ratio": ratios}


def one_request(folder: Path, people: int, requests: int = 1_000) -> dict[str, Any]:
    """One committed question at a time, answered by the role that may, over a register in PostgreSQL."""
    part = Part.of(population(people, 1, 2 * requests / people))
    addresses: dict[str, list[Any]] = {}
    for address in part.addresses:
        addresses.setdefault(address.person_id, []).append(address)
    with throw_away() as server:
        database = open_database(server)
        migrate(database)
        with database.administer() as owner:
            owner.autocommit = True
            gate = Gate(database, owner, keys_in(folder, LogKey.generate("bench.example").vkey))
            gate.load([Record(p, tuple(addresses[p.person_id])) for p in part.persons])
            handles = gate.ask(part.questions[:requests])
            owner.execute("ANALYZE")
            with database.connect(Service.VERIFY) as connection:

                def answer(handle: Handle) -> None:
                    register.answer(connection, [handle])
                    connection.commit()

                figures = micros(partial(answer, handle) for handle in handles)
    return {f"{len(part.persons):,} people, one request": figures}
