"""A witness: cosigns the checkpoints of a log as long as each continues the one before (C2SP tlog-witness).

It keeps one thing per log, the last checkpoint that it cosigned, and that is enough
to make a log with two histories visible to whoever trusts the witness. The decision
is here; how the state survives a crash is the state's own business.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol, TypeAlias

from wicketgate.ledger.add_checkpoint import AddCheckpoint
from wicketgate.ledger.checkpoint import Checkpoint
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import Kind, SigningKey, VerifierKey
from wicketgate.ledger.note import Note
from wicketgate.ledger.tree import EMPTY_ROOT, verify_consistency

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


class Seen(NamedTuple):
    """The last checkpoint of one log that was cosigned, as the log signed it, and the time stated then."""

    note: str
    at: int

    @property
    def head(self) -> Checkpoint:
        """What the note says."""
        return Checkpoint.parse(Note.parse(self.note).text)


Fault: TypeAlias = Literal["fork", "unproved"]
"""`fork`: two signed roots for one size, proof by itself. `unproved`: a signed checkpoint that was
sent without a valid proof; the log may have two histories, or the sender made a mistake."""


class State(Protocol):
    """What a witness remembers."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Nobody else reads or writes the state inside."""
        ...

    def seen(self, origin: str) -> Seen | None:
        """The last checkpoint cosigned for this log."""
        ...

    def remember(self, origin: str, seen: Seen) -> None:
        """Replace what was seen; durable on return, or an exception."""
        ...

    def keep_evidence(self, fault: Fault, seen: Seen | None, request: AddCheckpoint) -> None:
        """Keep what was refused beside what had been seen."""
        ...


class Answer(NamedTuple):
    """An HTTP status with a text."""

    status: int
    text: str
    type: str = TEXT


class _Refused(Exception):  # noqa: N818  # an answer, not an error of ours
    def __init__(self, status: int, text: str, type_: str = TEXT) -> None:
        super().__init__(text)
        self.answer = Answer(status, text + "\n", type_)


class Witness:
    """One witness: its key, the logs that it watches, its memory.

    Raises `LedgerError` when the key cannot cosign or two keys claim one log.
    """

    def __init__(self, key: SigningKey, logs: Iterable[VerifierKey], state: State) -> None:
        chosen = list(logs)
        self._key, self._state = key, state
        self._logs = {log.name: log for log in chosen}
        if not key.kind.timed:
            raise LedgerError(
                "A witness signs with a key made for cosignatures; make one with `witness keygen`."
            )
        if len(self._logs) != len(chosen) or any(log.kind is not Kind.ED25519 for log in chosen):
            raise LedgerError("A witness knows one Ed25519 key (type 0x01) for each log.")

    def add_checkpoint(self, body: bytes, now: int) -> Answer:
        """The answer to a request at the time `now`, in seconds since 1970.

        200 with the cosignature; 400 for a malformed request or an old size beyond
        the new; 403 without the log's signature; 404 for another log; 409 with the
        size seen last, when the request begins elsewhere; 422 when the proof does
        not hold or the same size has another root. The state is durable before a 200.
        """
        try:
            request = _parsed(body)
            note, head = self._signed(request)
            with self._state.exclusive():
                return self._decide(request, note, head, now)
        except _Refused as refusal:
            return refusal.answer

    def _signed(self, request: AddCheckpoint) -> tuple[Note, Checkpoint]:
        """The checkpoint with nothing but its log's signature."""
        log = self._logs.get(request.note.partition("\n")[0])
        if log is None:
            raise _Refused(404, "This witness does not know the log.")
        try:
            note = Note.parse(request.note)
            head = Checkpoint.parse(note.text)
        except LedgerError as problem:
            raise _Refused(400, str(problem)) from None
        try:
            note.verify([log])
        except LedgerError as problem:
            raise _Refused(403, str(problem)) from None
        if request.old > head.size:
            raise _Refused(400, "The old size is beyond the size of the checkpoint.")
        own = [line for line in note.signatures if (line.name, line.key_id) == (log.name, log.id)]
        return Note(note.text, tuple(own)), head

    def _decide(self, request: AddCheckpoint, note: Note, head: Checkpoint, now: int) -> Answer:
        seen = self._state.seen(head.origin)
        before = seen.head if seen else Checkpoint(head.origin, 0, EMPTY_ROOT)
        if before.size == head.size and before.root != head.root:
            self._state.keep_evidence("fork", seen, request)
            if request.old == before.size:
                raise _Refused(422, "This size was cosigned with another root; both are kept as evidence.")
        if request.old != before.size:
            raise _Refused(409, str(before.size), SIZE)
        if not verify_consistency(before.size, head.size, request.proof, before.root, head.root):
            self._state.keep_evidence("unproved", seen, request)
            raise _Refused(422, "The proof does not show that the checkpoint continues the one seen last.")
        at = max(now, seen.at if seen else 0)
        cosigned = note.signed(self._key, at)
        self._state.remember(head.origin, Seen(str(note), at))
        return Answer(200, str(cosigned.signatures[-1]))


def _parsed(body: bytes) -> AddCheckpoint:
    try:
        return AddCheckpoint.parse(body)
    except LedgerError as problem:
        raise _Refused(400, str(problem)) from None
