"""The gate's side of the key process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeAlias

from wicketgate.core.identifiers import Handle
from wicketgate.core.identity import Question
from wicketgate.keys.blinding import Blinding
from wicketgate.keys.evidence import Evidence
from wicketgate.keys.messages import (
    Message,
    bytes_of,
    evidence_message,
    question_message,
    question_of,
    receive,
    send,
)
from wicketgate.keys.problem import KeysRefusedError, KeysUnreachableError
from wicketgate.keys.sealing import KEY_BYTES

Exchange: TypeAlias = Callable[[Message], Message]
"""Ask one thing and hear the answer."""
Prove: TypeAlias = Callable[[int], Evidence]
"""Evidence for somebody who has seen that many entries of the log."""
_ATTEMPTS = 5
SECONDS = 30.0
"""How long an answer may take."""


class Share(NamedTuple):
    """Half of what opens a package: for whoever seals it, and as the database keeps it until the pick-up."""

    share: bytes
    sealed: str


class Loading(NamedTuple):
    """What seals a register that is about to be loaded."""

    load: int
    key: bytes
    blinding: Blinding


@dataclass(frozen=True, slots=True)
class Keys:
    """Asks the key process. Every question raises `KeysRefusedError` or `KeysUnreachableError`."""

    exchange: Exchange = field(repr=False)
    close: Callable[[], None] = field(default=lambda: None, repr=False)
    """Hang up; the next question calls again."""

    def seen(self) -> int:
        """How many entries of the log it has seen."""
        return int(self._ask({"ask": "seen"})["size"])

    def blind(self, questions: Sequence[Question]) -> list[Question]:
        """Questions to the register in tokens."""
        if not questions:
            return []
        answer = self._ask({"ask": "blind", "questions": [question_message(each) for each in questions]})
        return [
            replace(question_of(blinded), periods=asked.periods, period_bound=asked.period_bound)
            for asked, blinded in zip(questions, answer["questions"], strict=True)
        ]

    def begin_load(self) -> Loading:
        """Begin a load of the register, as its loader."""
        answer = self._ask({"ask": "begin load"})
        return Loading(int(answer["load"]), bytes_of(answer["key"]), Blinding(bytes_of(answer["blinding"])))

    def end_load(self, load: int) -> None:
        """The register of that load is in use; the keys of all before it are destroyed."""
        self._ask({"ask": "end load", "load": load})

    def shares(self, handles: Sequence[Handle], on: date) -> dict[Handle, Share]:
        """A fresh share for each package that is about to be sealed."""
        if not handles:
            return {}
        answer = self._ask(
            {"ask": "shares", "on": on.isoformat(), "handles": [str(each) for each in handles]}
        )
        made = (Share(bytes_of(share), sealed) for share, sealed in answer["shares"])
        return dict(zip(handles, made, strict=True))

    def subject_keys(self, handles: Sequence[str], *, make: bool) -> list[bytes | None]:
        """The key under which each request is kept; with `make`, made where there never was one.

        None for a request that was expunged.
        """
        answer = self._ask({"ask": "subject keys", "handles": list(handles), "make": make})
        keys, gone = bytes_of(answer["keys"]), frozenset(answer["gone"])
        if len(keys) != KEY_BYTES * sum(name not in gone for name in handles):
            raise KeysRefusedError("Nothing is opened: the key process gave another number of keys.")
        found = (keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES))
        return [None if name in gone else next(found) for name in handles]

    def destroy_shares(self, sealed_on: Mapping[Handle, date]) -> None:
        """Nobody opens these packages any more, whatever copy of the database is brought back."""
        if sealed_on:
            shares = [[str(handle), day.isoformat()] for handle, day in sealed_on.items()]
            self._ask({"ask": "destroy shares", "shares": shares})

    def record_keys(self, evidence: Prove, loads: Sequence[int]) -> list[bytes]:
        """The key of the one record that each proved intent names, in a load of the register each."""
        return self._reveal(evidence, [{"load": load} for load in loads])

    def open_shares(self, evidence: Prove, shares: Sequence[tuple[str, date]]) -> list[bytes]:
        """The share of the package whose pick-up each entry proves: one entry, one share.

        A share is named by its sealed text and the day on which its package was sealed.
        """
        wanted = [{"share": sealed, "on": day.isoformat()} for sealed, day in shares]
        return self._reveal(evidence, wanted)

    def expunge(self, evidence: Prove, handles: Sequence[str]) -> None:
        """Destroy the keys of requests whose disposition is proved; harmless where it was done before."""
        self._shown(evidence, {"ask": "expunge", "handles": list(handles)}, "destroyed")

    def _reveal(self, evidence: Prove, wanted: Sequence[Mapping[str, object]]) -> list[bytes]:
        if not wanted:
            return []
        answer = self._shown(evidence, {"ask": "reveal", "wanted": list(wanted)}, "keys")
        keys = [bytes_of(each) for each in answer.get("keys", ())]
        if len(keys) != len(wanted):
            raise KeysRefusedError("Nothing is revealed: the key process gave another number of keys.")
        return keys

    def _shown(self, evidence: Prove, message: Message, wanted: str) -> Message:
        """The answer to a question that brings evidence; others may show it more of the log."""
        seen, answer = self.seen(), Message()
        for _ in range(_ATTEMPTS):
            answer = self._ask({**message, "evidence": evidence_message(evidence(seen))})
            if wanted in answer:
                return answer
            seen = int(answer["seen"])
        raise KeysRefusedError("Nothing was done: others show the key process newer evidence all the time.")

    def _ask(self, message: Message) -> Message:
        answer = self.exchange(message)
        if "refused" in answer:
            raise KeysRefusedError(str(answer["refused"]))
        return answer


def through_socket(path: Path) -> Keys:
    """The key process that listens at a Unix socket. It is asked when it is needed, not before."""
    line = _Line(path)
    return Keys(line, line.hang_up)


class _Line:
    """One connection, opened again after it was lost; one question at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._socket: socket.socket | None = None

    def __call__(self, message: Message) -> Message:
        with self._lock:
            # The process may have been started anew since the last question: then it is asked once more.
            if self._socket is not None:
                try:
                    return self._exchanged(message)
                except (OSError, ValueError):
                    self._hang_up()
            try:
                return self._exchanged(message)
            except (OSError, ValueError) as problem:
                self._hang_up()
                raise KeysUnreachableError(
                    f"Nothing is revealed: the key process does not answer at {self._path}"
                    f" ({_reason(problem)}); start it with `wicketgate keys serve`."
                ) from None

    def _exchanged(self, message: Message) -> Message:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(SECONDS)
            self._socket.connect(str(self._path))
        send(self._socket, message)
        answer = receive(self._socket)
        if answer is None:
            raise ConnectionError("it hung up")
        return answer

    def hang_up(self) -> None:
        """Close the connection if there is one, once whoever is asking has heard the answer."""
        with self._lock:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _reason(problem: Exception) -> str:
    return (problem.strerror if isinstance(problem, OSError) else None) or str(problem) or "no answer"
