"""The files that a simulation leaves behind (interface: "Commands", `simulate`)."""

from __future__ import annotations

import csv
import heapq
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from wicketgate.core.cells import safe_cell
from wicketgate.core.context import Order
from wicketgate.core.states import State
from wicketgate.flow.agency_side import AgencySide
from wicketgate.flow.gate import Gate
from wicketgate.flow.house import House
from wicketgate.flow.pick_up import Collector, pick_up
from wicketgate.flow.progress import Progress
from wicketgate.flow.release import recipient
from wicketgate.flow.witnessing import ask_witnesses, witnessed
from wicketgate.flow.workspace import Workspace
from wicketgate.ledger import export_folder, published
from wicketgate.ledger.export import VKEY
from wicketgate.stages.answer import Held, outward_answer
from wicketgate.stages.disclose import open_package
from wicketgate.store import answers, log, packages, register, requests
from wicketgate.store.requests import StoredRequest, Submission
from wicketgate.store.services import Service

OUTCOMES = ("deficient", "referred", "not_verified", "held", "disclosed", "malformed")
_OUTCOME = {
    State.DEFICIENT: "deficient",
    State.REFERRED: "referred",
    State.NOT_VERIFIED: "not_verified",
    State.HELD: "held",
    State.RELEASED: "disclosed",
    State.PICKED_UP: "disclosed",
}
_PAGE = 2_000


class End(NamedTuple):
    """How one row of the file ended, what its requester is sent, and who was meant if it was disclosed."""

    row: int
    request_id: str
    outcome: str
    line: str
    person: str | None


def write_outcomes(house: House, known: Submission, workspace: Workspace, out: Path) -> dict[str, int]:
    """Write `outcomes.csv`, `disclosed.csv` and `outward.jsonl`; returns the counts of outcomes.

    Every file appears whole or not at all.
    """
    counts = dict.fromkeys(OUTCOMES, 0)
    with (
        _whole(out / "outcomes.csv") as outcomes,
        _whole(out / "disclosed.csv") as disclosed,
        _whole(out / "outward.jsonl") as outward,
    ):
        outcome_rows, disclosed_rows = _csv(outcomes), _csv(disclosed)
        outcome_rows.writerow(("row", "request_id", "outcome"))
        disclosed_rows.writerow(("request_id", "person_id"))
        ends = heapq.merge(_decided(house.gate, known), _malformed(workspace), key=lambda end: end.row)
        for row, request_id, outcome, line, person in ends:
            counts[outcome] += 1
            outcome_rows.writerow((row, safe_cell(request_id), outcome))
            outward.write(line + "\n")
            if person is not None:
                disclosed_rows.writerow((safe_cell(request_id), person))
    return counts


def pick_up_all(house: House, known: Submission, progress: Progress) -> int:
    """Each recipient officer picks up and opens what was released; returns how many packages were."""
    gate, agency = house.gate, AgencySide(house.folder)
    done = 0
    for page in _pages(gate, known):
        with gate.acting(Service.RELEASE) as connection:
            # What was picked up before a crash may not have been handed out yet.
            here = packages.sealed(connection, [each.standing.handle for each in page])
        waiting = [each for each in page if each.standing.handle in here]
        collectors = {
            each.standing.handle: Collector(officer, agency.key_id(officer))
            for each in waiting
            if (officer := recipient(each))
        }
        collected_now = pick_up(gate, collectors)
        agency.acknowledge(collectors, collected_now)
        for handle, collected in collected_now.items():
            open_package(
                collected.jwe, agency.private_key(collectors[handle].officer), handle, collected.share
            )
            done += 1
        progress("pick up", done)
    return done


def _decided(gate: Gate, known: Submission) -> Iterator[End]:
    for page in _pages(gate, known):
        handles = [each.standing.handle for each in page]
        with gate.acting(Service.AUDIT) as connection:
            stored_answers = answers.given(connection, handles)
        with gate.acting(Service.RELEASE) as connection:
            sealed = packages.sealed(connection, handles)
        with gate.acting(Service.LOAD) as connection:
            meant = register.persons(connection, handles)
        for each in page:
            standing = each.standing
            outcome = _OUTCOME.get(standing.state)
            if outcome is None:
                raise RuntimeError(f"Request {standing.handle} is {standing.state} and has no outcome yet.")
            body = stored_answers.get(standing.handle)
            answer = json.loads(body) if body else _standing_answer(gate, each)
            if token := sealed.get(standing.handle):
                answer["package"] = token
            person = meant.get(standing.handle) if outcome == "disclosed" else None
            line = json.dumps(answer, ensure_ascii=False)
            yield End(standing.row, standing.request_id, outcome, line, person)


def _standing_answer(gate: Gate, stored: StoredRequest) -> dict[str, object]:
    """What is told of a request that waits: referred to a person, or suspended by order."""
    orders: tuple[Order, ...] = gate.context.orders_for(stored.request.requesting_agency or "")
    findings = gate.law.findings(gate.law.evaluate(stored.facts))
    return outward_answer(stored.standing.request_id, stored.standing.state, findings, Held(orders))


def _pages(gate: Gate, known: Submission) -> Iterator[list[StoredRequest]]:
    with gate.acting(Service.AUDIT) as connection:
        last = requests.last_row(connection, known.submission)
    for first in range(1, last + 1, _PAGE):
        with gate.acting(Service.AUDIT) as connection:
            yield requests.between(connection, known.submission, first, first + _PAGE - 1)


def _malformed(workspace: Workspace) -> Iterator[End]:
    for row, reference, problem in workspace.malformed():
        request_id = "" if reference is None else str(reference)
        answer = {"request_id": request_id, "answer": "malformed", "row": row, "text": problem}
        yield End(int(str(row)), request_id, "malformed", json.dumps(answer, ensure_ascii=False), None)


def publish(gate: Gate, folder: Path) -> int:
    """Publish the log as it stands, continuing what an earlier run published; another log's folder goes.

    Returns the size that the folder shows.

    With witnesses, what is published carries their cosignatures: the newest
    checkpoint that the policy accepts, or the newest of all as long as there is none.
    """
    if gate.witnessing is not None:
        ask_witnesses(gate)
    if (folder / VKEY).is_file() and (folder / VKEY).read_text().strip() != gate.key.vkey:
        shutil.rmtree(folder)
    with gate.acting(Service.AUDIT) as connection:
        latest = log.latest_checkpoint(connection)
        accepted = None if gate.witnessing is None else witnessed(gate)
        if latest is None:
            return 0
        size, note = latest if accepted is None else (accepted.size, accepted.note)
        before = published(folder, gate.key.vkey)
        if before is not None and size < before.size:
            return before.size
        leaves = log.entries(connection, before.size if before else 0, size)
        return export_folder(leaves, folder, note, gate.key.vkey).size


@contextmanager
def _whole(path: Path) -> Iterator[IO[str]]:
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _csv(file: IO[str]) -> Any:
    return csv.writer(file, lineterminator="\n")
