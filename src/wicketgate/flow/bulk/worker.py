"""A worker: takes up whatever upload is open, step by step, beside others of its kind, until it is ended."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Event
from typing import TypeAlias

import psycopg

from wicketgate.flow import recall_campaign
from wicketgate.flow.bulk.chunk import NICENESS, do_chunk
from wicketgate.flow.bulk.finish import finish, is_written, write_results
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.prepare import prepare
from wicketgate.flow.closures import EVERYBODY, Closure, closures
from wicketgate.flow.gate import Gate
from wicketgate.flow.receive import EngineDisagreementError
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.signed import UnsignedError
from wicketgate.flow.standing import Standing, kin_of, open_standing
from wicketgate.flow.work.kin import Kin
from wicketgate.stages.intake import SubmissionError
from wicketgate.store import chunks, requests
from wicketgate.store import uploads as store
from wicketgate.store.database import Connection
from wicketgate.store.requests import Submission
from wicketgate.store.services import Service
from wicketgate.store.uploads import Upload
from wicketgate.store.vault import SealedError

_OF_ONE = (SubmissionError, UnsignedError, EngineDisagreementError, SealedError)
"""What is wrong with one file, in our own words."""
_Work: TypeAlias = Callable[[Gate, Upload], None]
IDLE = 1.0
"""Seconds between two looks when there is nothing to do."""
LATER = 60.0
"""Before a file is tried again in which the gate itself had a fault."""
AGAIN = 5.0
"""After a failure."""


@dataclass(slots=True)
class Worker:
    """Works in one thread of one process. `ended` asks it to lay its work down."""

    standing: Standing
    uploads: Uploads
    ended: Event
    opened: Callable[[Standing], Gate] = open_standing
    _gates: dict[date | None, Gate] = field(default_factory=dict, repr=False)
    _not_before: dict[str, float] = field(default_factory=dict, repr=False)
    _kin: Kin | None = field(default=None, repr=False)

    def run(self) -> None:
        """Work until ended. While the gate cannot be opened, a line on standard error says why."""
        os.nice(NICENESS)
        gc.set_threshold(200_000, 50, 50)  # rows leave no cycles behind, so look for some rarely
        while not self.ended.is_set():
            try:
                wait = 0.0 if self.step() else IDLE
            except (*REFUSALS, psycopg.Error) as error:
                told = str(error) if isinstance(error, REFUSALS) else type(error).__name__
                sys.stderr.write(f"wicketgate: uploads wait: {told}\n")
                self.close()
                wait = AGAIN
            self.ended.wait(wait)
        self.close()

    def step(self) -> bool:
        """One step of the first upload that has one; False when there is nothing to do."""
        gate = self._gate(None)
        with gate.acting(Service.INTAKE) as connection:
            waiting = [*store.unfinished(connection), *store.open_ones(connection)]
            over = store.lately_over(connection)
        recalls = recall_campaign.under_way(gate)
        return (
            any(self._call_back(gate, number) for number in recalls)
            or any(self._try(gate, upload, self._step_of) for upload in waiting)
            or any(self._try(gate, upload, self._write_results_of) for upload in over)
        )

    def _try(self, gate: Gate, upload: Upload, work: Callable[[Gate, Upload], bool]) -> bool:
        """One step; a fault in one file keeps no other waiting, and is tried again later."""

        def complain(problem: str) -> None:
            if upload.state == "waiting":
                shutil.rmtree(self.uploads.of(upload.upload).spool, ignore_errors=True)
            with gate.acting(Service.INTAKE) as connection:
                store.complain(connection, upload.upload, problem)

        return self._guarded(f"upload {upload.upload}", lambda: work(gate, upload), complain)

    def _call_back(self, gate: Gate, number: int) -> bool:
        """Some more of a recall that was started."""
        return self._guarded(f"recall {number}", lambda: recall_campaign.go_on(gate, number) > 0)

    def _guarded(
        self, name: str, work: Callable[[], bool], complain: Callable[[str], object] = lambda _: None
    ) -> bool:
        if self._not_before.get(name, 0.0) > time.monotonic():
            return False
        try:
            return work()
        except Exception as error:
            if _is_of_the_gate(error):
                raise
            self._not_before[name] = time.monotonic() + LATER
            kind = type(error).__name__
            sys.stderr.write(f"wicketgate: {name} stands still: {kind}\n")
            # Other words than our own may hold what a row says.
            why = str(error) if isinstance(error, _OF_ONE) else f"the gate itself had a fault ({kind})."
            complain(f"It stands still: {why} It is tried again every minute.")
            return False

    def _write_results_of(self, gate: Gate, upload: Upload) -> bool:
        place = self.uploads.of(upload.upload)
        if upload.submission is None or is_written(place) or not place.malformed.is_file():
            return False
        with gate.acting(Service.INTAKE) as connection:
            submission = requests.submission(connection, upload.submission)
        return submission is not None and self._alone(
            gate, upload, lambda then, mine: write_results(then, place, mine, submission)
        )

    def _step_of(self, gate: Gate, upload: Upload) -> bool:
        if upload.state == "waiting":
            return self._alone(gate, upload, self._prepare)
        if upload.submission is None:
            return False
        with gate.acting(Service.INTAKE) as connection:
            submission = requests.submission(connection, upload.submission)
            done, all_of_them = chunks.progress(connection, upload.job)
        if submission is None:
            return False
        if upload.state == "cancelled" or done == all_of_them:
            return self._alone(gate, upload, lambda then, mine: self._finish(then, mine, submission))
        if self._stands_still(gate, upload, submission):
            return False
        then = self._gate(submission.as_of)
        if self._kin is None:
            self._kin = kin_of(self.standing)
        return do_chunk(then, self._kin, self.uploads.of(upload.upload), upload, submission)

    def _prepare(self, gate: Gate, upload: Upload) -> None:
        try:
            prepare(gate, self.uploads.of(upload.upload), upload, lambda: self._is_stopped(gate, upload))
        except (SubmissionError, UnsignedError) as error:
            with gate.acting(Service.INTAKE) as connection:
                store.end(connection, upload.upload, "unreadable", str(error))

    def _finish(self, gate: Gate, upload: Upload, submission: Submission) -> None:
        finish(self._gate(submission.as_of), self.uploads.of(upload.upload), upload, submission)

    def _is_stopped(self, gate: Gate, upload: Upload) -> bool:
        if self.ended.is_set():
            return True
        with gate.acting(Service.INTAKE) as connection:
            now = store.get(connection, upload.upload)
        return now is None or now.paused or now.state != "waiting"

    def _stands_still(self, gate: Gate, upload: Upload, submission: Submission) -> bool:
        """True while an order closes the gate to the agency, or the law of the submission is not in force."""
        problem = None
        if self._gate(submission.as_of).law.authority.digest != submission.authority_digest:
            problem = "The law's version changed after this file was read; cancel it and send the rest again."
        for closure in closures(gate):
            lines = (gate.context.line(upload.agency), gate.context.line(closure.scope))
            if closure.scope == EVERYBODY or closure.scope in lines[0] or upload.agency in lines[1]:
                problem = why_still(closure)
        if problem != upload.problem:
            with gate.acting(Service.INTAKE) as connection:
                store.complain(connection, upload.upload, problem)
        return problem is not None

    def _alone(self, gate: Gate, upload: Upload, work: _Work) -> bool:
        """Do what only one may do at a time; False when somebody else does it."""
        with self._own_connection(gate) as connection:
            if not store.hold(connection, upload.upload):
                return False
            now = store.get(connection, upload.upload)
            if now is None or (now.state, now.paused) != (upload.state, upload.paused):
                return True
            work(gate, upload)
        return True

    def _own_connection(self, gate: Gate) -> Connection:
        """A connection whose end gives back what it holds, however this process ends."""
        connection = gate.database.connect(Service.INTAKE)
        connection.autocommit = True
        return connection

    def _gate(self, day: date | None) -> Gate:
        """The gate of today, or as it stood when a file was read."""
        today = self.standing.day or datetime.now(UTC).date()
        if None in self._gates and self._gates[None].context.as_of != today:
            self.close()
        if day not in self._gates:
            self._gates[day] = self.opened(self.standing if day is None else replace(self.standing, day=day))
        return self._gates[day]

    def close(self) -> None:
        """Close every gate."""
        for gate in self._gates.values():
            gate.close()
        self._gates.clear()


def why_still(closure: Closure) -> str:
    """Why a file of this agency waits, and until when."""
    if closure.cause == "order":
        return f"It stands still by order of {closure.court}, {closure.docket}, and goes on after it."
    return (
        f"It stands still because the door of {closure.scope} is closed ({closure.docket}),"
        " and goes on when that is mended."
    )


def _is_of_the_gate(error: Exception) -> bool:
    """True for a fault that every file meets: the gate is opened anew then."""
    if isinstance(error, psycopg.Error):
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, REFUSALS) and not isinstance(error, _OF_ONE)
