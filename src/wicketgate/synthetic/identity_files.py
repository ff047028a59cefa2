"""A register and hard requests about it, as files: `synthetic.identity`, ready for a simulation."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from wicketgate.core.request import COLUMNS
from wicketgate.synthetic.identity import Asking, cases, homes
from wicketgate.synthetic.register import Record, write_records
from wicketgate.synthetic.requests import Drafting, as_row
from wicketgate.synthetic.submission import AS_OF
from wicketgate.synthetic.writing import Progress, SyntheticError

REQUESTS = "requests.csv"
TRUTH_COLUMNS = ("request_id", "kind", "person_id", "discriminators")


def make_identities(
    directory: Path, people: int, seed: int, share: float = 1.0, progress: Progress | None = None
) -> int:
    """Write a register of those on file among so many people, and requests about a share of the adults.

    Beside the register's files stand `requests.csv`, complete requests in which only identity varies,
    and `requests.csv.truth.csv`: for each its kind, the person meant (empty: nobody on file), and
    which true second discriminators it states. Returns the number of requests. The same arguments
    give the same bytes. Raises `SyntheticError` when there is nobody to make.
    """
    if people < 1:
        raise SyntheticError(f"A population needs at least 1 person, not {people}.")
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / REQUESTS
    number = 0
    with (
        file.open("w", encoding="utf-8", newline="") as requests,
        file.with_name(file.name + ".truth.csv").open("w", encoding="utf-8", newline="") as truth,
    ):
        written, meant = (csv.writer(each, lineterminator="\r\n") for each in (requests, truth))
        written.writerow(COLUMNS)
        meant.writerow(TRUTH_COLUMNS)

        def on_file() -> Iterator[Record]:
            nonlocal number
            asking, drafting = Asking(seed, share), Drafting(seed, AS_OF)
            for home in homes(people, seed):
                for case in cases(home, asking):
                    number += 1
                    draft = drafting.draft(number, case.asked)
                    written.writerow(as_row(draft))
                    meant.writerow((draft["request_id"], case.kind, case.person_id, case.told))
                yield from home.on_file

        write_records(directory, on_file(), "csv", progress)
    return number
