"""The address judge beside other address programs on the same addresses.

Four lists: ordinary addresses of the register, each one different; awkward ones and junk, made by the
grammars of the tests; and the submission's addresses row after row, as a file repeats them: what a peer
takes for a row does not hang on the rows before, what we take does, so the peers get the first of them
and we all. Times are of the processor, by one thread; `review` uses every core. Our own run is a program
of its own too, so that nothing is remembered from before.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from bench.address_peers import ENGINES
from bench.law import PEERS
from tests.campaigns.awkward import awkward
from tests.campaigns.junk import junk
from wicketgate.address import Address, judge
from wicketgate.address.model import FIELDS
from wicketgate.core.finding import Severity
from wicketgate.stages.intake import read_batches

EACH = 5_000
_FILE = "as in the file"
FIRST, LAST = 12, 18
"""Where the address stands among the columns."""
Lists = dict[str, list[dict[str, str]]]


def judges(submission: Path, folder: Path) -> dict[str, Any]:
    """Microseconds an address, and how often each accepts what; ratios to usaddress.

    `folder` holds the register of the submission.
    """
    written, whole = folder / "addresses.json", folder / "whole.json"
    lists = _lists(submission, folder / "register" / "addresses.csv")
    whole.write_text(json.dumps(lists))
    lists[_FILE] = lists[_FILE][: 4 * EACH]
    written.write_text(json.dumps(lists))
    peers = PEERS / "bin" / "python"
    found = {"wicketgate": _run([sys.executable, "-m", "bench.judge"], whole)}
    for name in ENGINES:
        if peers.exists():
            program = str(Path(__file__).with_name("address_peers.py"))
            found[name] = _run([str(peers), program, name], written)
        else:
            found[name] = {"not_run": "the peers are not installed"}
    if "us" in found["usaddress"]:
        ours, theirs = found["wicketgate"]["us"], found["usaddress"]["us"]
        found["wicketgate"]["times_usaddress"] = {name: round(theirs[name] / ours[name], 1) for name in ours}
    return found


def _lists(submission: Path, register: Path) -> Lists:
    rows = [values[FIRST:LAST] for batch in read_batches(submission) for _, _, values in batch.rows]
    stated = [row for row in rows if row[0] and row[2] and row[3] and row[4]]
    with register.open(encoding="utf-8", newline="") as file:
        homes = dict.fromkeys(tuple(row[field] for field in FIELDS) for row in csv.DictReader(file))
    return {
        "ordinary": [_fields(home) for home in islice(homes, EACH)],
        "awkward": [_fields(_values(address)) for _, address in awkward(EACH, seed=1)],
        "junk": [_fields(_values(address)) for _, address in junk(EACH, seed=1)],
        _FILE: [_fields(row) for row in stated],
    }


def _values(address: Address) -> tuple[str | None, ...]:
    return tuple(getattr(address, field) for field in FIELDS)


def _fields(values: Iterable[str | None]) -> dict[str, str]:
    return {field: value or "" for field, value in zip(FIELDS, values, strict=True)}


def _run(command: list[str], written: Path) -> dict[str, Any]:
    result = written.with_name("judged.json")
    done = subprocess.run(
        [*command, str(written), str(result)], capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        return {"not_run": (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1][:300]}
    found: dict[str, Any] = json.loads(result.read_text())
    counts = {name: len(addresses) for name, addresses in json.loads(written.read_text()).items()}
    seconds, accepted = found.pop("seconds"), found.pop("accepted")
    return found | {
        "us": {name: round(seconds[name] / counts[name] * 1e6, 1) for name in counts},
        "accepted_percent": {name: round(100 * accepted[name] / counts[name], 2) for name in counts},
    }


def main() -> None:
    """``python -m bench.judge ADDRESSES.json RESULT.json``: our own judge, in a program of its own."""
    lists: Lists = json.loads(Path(sys.argv[1]).read_text())
    result: dict[str, Any] = {"seconds": {}, "accepted": {}, "defect_percent": {}}
    judge(Address("12 Oak St", None, "Dayton", "OH", "45402"))  # reads the ZIP table
    for name, addresses in lists.items():
        asked = [Address(*(each[field] or None for field in FIELDS)) for each in addresses]
        started = time.process_time()
        verdicts = [judge(each) for each in asked]
        result["seconds"][name] = time.process_time() - started
        severities = [verdict.severity for verdict in verdicts]
        result["accepted"][name] = sum(each in (None, Severity.NOTE) for each in severities)
        defects = sum(each is Severity.DEFECT for each in severities)
        result["defect_percent"][name] = round(100 * defects / len(asked), 2)
    Path(sys.argv[2]).write_text(json.dumps(result))


if __name__ == "__main__":
    main()
