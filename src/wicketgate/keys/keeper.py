"""What the key process does when it is asked: one function per question, each durable before its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from threading import Lock

from wicketgate.core.identifiers import Handle
from wicketgate.keys.blinding import Blinding
from wicketgate.keys.disposal import require_disposition
from wicketgate.keys.evidence import Proved, judge
from wicketgate.keys.folder import KeyFolder
from wicketgate.keys.messages import Message, bytes_of, evidence_of, question_message, question_of, text_of
from wicketgate.keys.problem import KeysError, KeysRefusedError, NotProvedError
from wicketgate.keys.sealing import new_key, open_sealed, record_key, seal
from wicketgate.ledger import Policy, VerifierKey

GATE, LOAD = "gate", "load"
"""Who asks: the gate at work, or whoever loads the register."""
INTENT, PICKUP, OPENED = "disclosure.intended", "pickup", "access.opened"
_BLIND = "blind"
_NAMED: Mapping[str, tuple[str, ...]] = {
    INTENT: ("handle", "actor", "purpose", "subject", "recipient"),
    PICKUP: ("handle", "recipient", "purpose", "package_digest"),
    OPENED: ("handle", "actor", "purpose", "subject"),
}
"""What an entry must name before it opens anything: who acts, for what, about whom."""
SHARES_KEPT = timedelta(days=30)
"""A day's share key is destroyed by then; no package lives longer."""


class Keeper:
    """Answers questions about one gate's keys. Safe for several threads; see `answer`."""

    def __init__(self, folder: KeyFolder, log: VerifierKey, policy: Policy | None = None) -> None:
        self._folder, self._log, self._policy = folder, log, policy
        self._lock = Lock()
        self._blinding = Blinding(folder.made(_BLIND))
        self._questions: Mapping[str, tuple[str, Callable[[Message], Message]]] = {
            "seen": (GATE, self._seen),
            "blind": (GATE, self._blind),
            "subject keys": (GATE, self._subject_keys),
            "shares": (GATE, self._shares),
            "destroy shares": (GATE, self._destroy_shares),
            "reveal": (GATE, self._reveal),
            "expunge": (GATE, self._expunge),
            "begin load": (LOAD, self._begin_load),
            "end load": (LOAD, self._end_load),
        }

    def answer(self, message: Message, asks: frozenset[str]) -> Message:
        """The answer for a caller who is the gate, the loader or both; a refusal is an answer too.

        What an answer relies on is durable before it is given. `why` of a refusal is for a log: it names no
        person and repeats nothing of what was asked.
        """
        try:
            who, act = self._questions[message["ask"]]
            if who not in asks:
                raise KeysRefusedError(f"This account may not ask as the {who}.")
            with self._lock, self._folder.durably():
                return act(message)
        except KeysError as refusal:
            shown = isinstance(refusal, NotProvedError)
            return {"refused": str(refusal), "why": "what was shown is not proved" if shown else str(refusal)}
        except (KeyError, TypeError, ValueError, AttributeError):
            strange = "The key process was asked in a way that it does not know."
            return {"refused": strange, "why": strange}

    def _seen(self, _: Message) -> Message:
        return {"size": self._folder.seen().size}

    def _begin_load(self, _: Message) -> Message:
        """A new key for a new register. The blinding key stays: questions outlive a register."""
        number = 1 + max((int(name.partition("/")[2]) for name in self._folder.names("load/")), default=0)
        return {
            "load": number,
            "key": text_of(self._folder.made(f"load/{number}")),
            "blinding": text_of(self._folder.made(_BLIND)),
        }

    def _end_load(self, message: Message) -> Message:
        """That register is in use: the keys of all earlier ones die, and with them every copy of those."""
        number = int(message["load"])
        if self._folder.key(f"load/{number}") is None:
            raise KeysRefusedError(f"There is no load {number} of the register.")
        for name in self._folder.names("load/"):
            if int(name.partition("/")[2]) < number:
                self._folder.destroy(name)
        return {}

    def _blind(self, message: Message) -> Message:
        blinded = (self._blinding.question(question_of(each)) for each in message["questions"])
        return {"questions": [question_message(each) for each in blinded]}

    def _subject_keys(self, message: Message) -> Message:
        """The keys of requests, one after the other; those that were expunged are named instead."""
        names = [Handle(str(name)).text for name in message["handles"]]
        found = self._folder.subjects(names, make=message["make"] is True)
        gone = [name for name, key in zip(names, found, strict=True) if key is None]
        return {"keys": text_of(b"".join(key for key in found if key is not None)), "gone": gone}

    def _shares(self, message: Message) -> Message:
        """A fresh share per package, open for whoever seals and closed for the database."""
        today = date.fromisoformat(message["on"])
        for name in self._folder.names("share/"):
            if date.fromisoformat(name.partition("/")[2]) + SHARES_KEPT < today:
                self._folder.destroy(name)
        key, made = self._folder.made(f"share/{today}"), []
        for handle in message["handles"]:
            share = new_key()
            made.append([text_of(share), text_of(seal(key, share, str(handle)))])
        return {"shares": made}

    def _destroy_shares(self, message: Message) -> Message:
        for handle, day in message["shares"]:
            bucket = f"share/{date.fromisoformat(day)}"
            if self._folder.key(bucket) is not None:
                self._folder.end(bucket, str(handle))
        return {}

    def _reveal(self, message: Message) -> Message:
        """One key per entry, once everything about all of them was proved."""
        evidence = evidence_of(message["evidence"])
        seen = self._folder.seen()
        if evidence.old != seen.size:
            return {"seen": seen.size}
        head = judge(evidence, seen, self._log, self._policy)
        wanted = message["wanted"]
        if len(wanted) != len(evidence.entries):
            raise KeysRefusedError("No key is given: each key needs an entry of its own.")
        keys = [self._key(entry, want) for entry, want in zip(evidence.entries, wanted, strict=True)]
        self._folder.see(head)
        return {"keys": [text_of(key) for key in keys]}

    def _expunge(self, message: Message) -> Message:
        """Destroy the keys of requests that two people disposed of, once their entry is proved."""
        evidence = evidence_of(message["evidence"])
        seen = self._folder.seen()
        if evidence.old != seen.size:
            return {"seen": seen.size}
        head = judge(evidence, seen, self._log, self._policy)
        if len(evidence.entries) != 1:
            raise KeysRefusedError("No key is destroyed: one disposition at a time is carried out.")
        names = [Handle(str(name)).text for name in message["handles"]]
        require_disposition(evidence.entries[0], names)
        self._folder.destroy_subjects(names)
        self._folder.see(head)
        return {"destroyed": len(names)}

    def _key(self, entry: Proved, want: Mapping[str, object]) -> bytes:
        missing = [name for name in _NAMED.get(entry.kind, ()) if not entry.fields.get(name)]
        if entry.kind not in _NAMED or missing:
            lack = f"does not name its {missing[0]}" if missing else "allows no key"
            raise KeysRefusedError(f"No key is given: entry {entry.index} of the log {lack}.")
        handle = str(entry.fields["handle"])
        if entry.kind in (INTENT, OPENED):
            load = self._folder.key(f"load/{int(str(want['load']))}")
            if load is None:
                raise KeysRefusedError(f"No key is given: the register that {handle} asks has been replaced.")
            return record_key(load, str(entry.fields["subject"]))
        bucket = f"share/{date.fromisoformat(str(want['on']))}"
        key = self._folder.key(bucket)
        if key is None or not self._folder.spend(bucket, handle, entry.index):
            raise KeysRefusedError(f"No key is given: the share of {handle} was used or destroyed.")
        return open_sealed(key, bytes_of(str(want["share"])), handle)
