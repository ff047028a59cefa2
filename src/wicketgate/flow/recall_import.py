"""What another procedure has answered comes in, so that it can be judged again and called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wicketgate.core.actor import Actor
from wicketgate.core.digest import Canonical, digest
from wicketgate.flow import recall_campaign
from wicketgate.flow.gate import Gate
from wicketgate.flow.progress import Progress, silent
from wicketgate.flow.recall_campaign import RecallRefusedError, require_proposer
from wicketgate.flow.receive_file import receive_file
from wicketgate.flow.review_file import reviewed
from wicketgate.store import requests
from wicketgate.store.services import Service


@dataclass(frozen=True, slots=True)
class Imported:
    """The submission that a file became, how many of it were noted just now, and how many rows were none."""

    submission: int
    noted: int
    malformed: int


def import_answered(
    gate: Gate, actor: Actor, file: Path, procedure: str, on: date, progress: Progress = silent
) -> Imported:
    """Receive a file of requests, every one of which was answered elsewhere by this procedure on this day.

    They are held here, and nothing about them goes on by itself. What was interrupted goes on when it is
    done again. Raises `RecallRefusedError`, and `SubmissionError` for a file that is none.
    """
    require_proposer(actor, "import what was disclosed elsewhere")
    name = procedure.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise RecallRefusedError("Name the procedure in 1 to 100 characters: recalls are chosen by it.")
    if on > gate.clock.now().date():
        raise RecallRefusedError("The day of the disclosures lies in the future; correct it.")
    with reviewed(file, gate.law, gate.context, progress) as review:
        known = receive_file(gate, file, review, None, progress=progress, elsewhere=True)
        malformed = review.workspace.count("malformed")
    with gate.acting(Service.AUDIT) as connection:
        rows = [each.row for each in requests.standings(connection, known.submission)]
    progress("note what was disclosed", 0)
    noted = recall_campaign.import_disclosures(gate, known.submission, rows, name, on)
    fields: dict[str, Canonical] = {
        "number": 0,
        "act": "import",
        "actor": actor.handle,
        "proof_digest": digest({"file": known.digest, "procedure": name, "on": on.isoformat()}),
    }
    with gate.acting(Service.OVERSEE) as connection:
        gate.record_apart(connection, "recall.act", fields)
    return Imported(known.submission, noted, malformed)
