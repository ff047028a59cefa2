"""Whose word is enough: the logs, the witnesses and the quorum of a policy file (C2SP tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wicketgate.ledger.encoding import decimal
from wicketgate.ledger.errors import LedgerError
from wicketgate.ledger.keys import Kind, VerifierKey

NONE = "none"
"""The quorum that asks for no witness."""
ALWAYS = 2**63 - 1
MAX_BYTES = 1_000_000
_BAD = re.compile(r"[^\t\n\x20-\x7e\x80-\xff]")
_SPACE = re.compile(r"[ \t]+")
_URL = re.compile(r"https?://[^\s/?#]+[^\s?#]*")
_COSIGNING = (Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44)


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness under the policy's own name for it, with the prefix to which requests are sent."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that was read whole; see `parse`."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """How many of which members make each group."""
    quorum: str = ""

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Read a policy file; raises `LedgerError` with the line that cannot be understood.

        Names are opaque bytes, held here as one character each.
        """
        text = data.decode("latin-1")
        if len(data) > MAX_BYTES or _BAD.search(text):
            raise LedgerError("A policy is at most a megabyte of text without control characters.")
        policy = cls()
        for number, line in enumerate(text.split("\n"), 1):
            words = [word for word in _SPACE.split(line) if word]
            if words and not words[0].startswith("#"):
                try:
                    policy = policy._with(words)
                except LedgerError as problem:
                    raise LedgerError(f"Line {number} of the policy: {problem}") from None
        if not policy.quorum:
            raise LedgerError("The policy has no quorum line.")
        return policy

    def __bytes__(self) -> bytes:
        """A policy file that says this."""
        lines = [f"log {key}" for key in self.logs]
        lines += [
            " ".join(filter(None, ("witness", each.name, str(each.key), each.url))) for each in self.witnesses
        ]
        lines += [
            f"group {name} {least} {' '.join(members)}" for name, (least, members) in self.groups.items()
        ]
        return "".join(f"{line}\n" for line in (*lines, f"quorum {self.quorum}")).encode("latin-1")

    def witnessed_at(self, times: Mapping[VerifierKey, int]) -> int | None:
        """Since when the quorum stands, given when each witness cosigned; None when too few did.

        A group of k members stands since its k-th latest; `ALWAYS` when no witness is asked for.
        """
        return self._since(self.quorum, {w.name: times[w.key] for w in self.witnesses if w.key in times})

    def _since(self, name: str, times: Mapping[str, int]) -> int | None:
        if name == NONE:
            return ALWAYS
        if name not in self.groups:
            return times.get(name)
        least, members = self.groups[name]
        found = [at for member in members if (at := self._since(member, times)) is not None]
        return sorted(found, reverse=True)[least - 1] if len(found) >= least else None

    def _with(self, words: list[str]) -> Policy:
        """This policy and one more line."""
        names = {NONE, *self.groups, *(witness.name for witness in self.witnesses)}
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                log = _key(vkey, (Kind.ED25519,), self.logs)
                return replace(self, logs=(*self.logs, log))
            case ["witness", name, vkey, *url] if name not in names and len(url) <= 1:
                key = _key(vkey, _COSIGNING, tuple(w.key for w in self.witnesses))
                witness = PolicyWitness(name, key, _prefix(*url))
                return replace(self, witnesses=(*self.witnesses, witness))
            case ["group", name, least, *members] if name not in names and members:
                taken = {member for _, several in self.groups.values() for member in several}
                if len(set(members)) < len(members) or not set(members) <= names - {NONE} - taken:
                    raise LedgerError("a group's members are defined above it, and belong to one group once.")
                count = {"any": 1, "all": len(members)}.get(least) or decimal(least, "threshold")
                if not 1 <= count <= len(members):
                    raise LedgerError("a threshold lies between 1 and the number of members.")
                return replace(self, groups={**self.groups, name: (count, tuple(members))})
            case ["quorum", name] if not self.quorum and name in names:
                return replace(self, quorum=name)
        raise LedgerError("it is no log, witness, group or (only one) quorum line with names that fit.")


def _key(vkey: str, kinds: tuple[Kind, ...], others: tuple[VerifierKey, ...]) -> VerifierKey:
    try:
        key = VerifierKey.parse(vkey.encode("latin-1").decode())
    except UnicodeDecodeError:
        raise LedgerError("a key is UTF-8 text.") from None
    if key.kind not in kinds or any(other.public == key.public for other in others):
        raise LedgerError("the key is of a wrong kind for its place, or stands twice.")
    return key


def _prefix(url: str | None = None) -> str | None:
    if url is not None and not _URL.fullmatch(url):
        raise LedgerError("a witness is reached by an http or https URL without query.")
    return url.rstrip("/") if url else None
