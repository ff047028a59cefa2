"""Check a published ledger, a receipt or an opened field without trusting whoever publishes it.

    python verify.py FOLDER [--policy FILE] [--vkey KEY] [--since OLD-CHECKPOINT]
                     [--proof RECEIPT]... [--opening OPENING]... [--kinds LIST]
    python verify.py --bundle FOLDER-OF-EVIDENCE [--policy FILE] [--vkey KEY]

This one file needs Python 3.11 and the package `cryptography`, and nothing else of
Wicketgate. It was written apart from the code that writes the ledger, by other
algorithms where there is a choice, so that one mistake does not hide another:
repeating a few functions here is the point.

It shows that the folder is one unbroken log as signed. It cannot show that
everything was logged, nor that what was logged is true. A key read from the
folder itself shows only that the folder is consistent, not whose log it is: get
the key, or a policy with witnesses, from somebody else.

Formats: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof,
tlog-policy; trees as in RFC 6962.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

WIDTH = 256
HASH = 32
PADDING = bytes(29)
"""How a private entry ends."""
MAX_FILE = WIDTH * (2 + 0xFFFF)
"""No file of a log is longer than a bundle of the longest entries."""

P = ParamSpec("P")
T = TypeVar("T")


class Broken(Exception):  # noqa: N818  # says what does not hold
    """Something does not hold; the text is one sentence."""


# ---------------------------------------------------------------- bytes, numbers, hashes


def unbase64(text: str, what: str) -> bytes:
    """Canonical base64 only: every byte of text has one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Broken(f"the {what} is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Broken(f"the {what} is not canonical base64")
    return data


def number(text: str, what: str) -> int:
    """A decimal number below 2^63, without leading zeros."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise Broken(f"the {what} is not a plain decimal number below 2^63")
    return int(text)


def sha256(*parts: bytes) -> bytes:
    """SHA-256 of the parts one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def tree_root(nodes: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees: pair them up; one left over moves up as it is."""
    if not nodes:
        return sha256()
    row, digest = list(nodes), hashlib.sha256
    while len(row) > 1:
        left_over = row[len(row) // 2 * 2 :]
        row = [
            digest(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)
        ]
        row += left_over
    return row[0]


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which an audit path leads, by the recursive definition of RFC 6962, 2.1.1."""
    if not 0 <= index < size or any(len(value) != HASH for value in path):
        raise Broken("the proof does not fit its index and size")
    if size == 1:
        if path:
            raise Broken("the proof is too long")
        return leaf
    if not path:
        raise Broken("the proof is too short")
    left = 2 ** ((size - 1).bit_length() - 1)
    if index < left:
        return sha256(b"\x01", root_from_path(index, left, leaf, path[:-1]), path[-1])
    return sha256(b"\x01", path[-1], root_from_path(index - left, size - left, leaf, path[:-1]))


# ---------------------------------------------------------------- keys, notes, checkpoints

ED25519, COSIGNED_ED25519, COSIGNED_MLDSA44 = 0x01, 0x04, 0x06
KEY_BYTES = {ED25519: 32, COSIGNED_ED25519: 32, COSIGNED_MLDSA44: 1312}


class Key(NamedTuple):
    """A public key that somebody was given beforehand."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode(), b"\n", bytes([self.kind]), self.public)[:4]


class Head(NamedTuple):
    """A checkpoint: whose log, how many entries, which root."""

    origin: str
    size: int
    root: bytes


def read_key(vkey: str) -> Key:
    """A verifier key ``name+hash+base64``."""
    parts = vkey.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"\S{1,255}", parts[0]):
        raise Broken("a key reads NAME+HASH+BASE64")
    data = unbase64(parts[2], "key")
    if not data or len(data) - 1 != KEY_BYTES.get(data[0]):
        raise Broken(f"the key of {parts[0]} is of no known kind and length")
    key = Key(parts[0], data[0], data[1:])
    if key.id.hex() != parts[1]:
        raise Broken(f"the key of {key.name} is damaged: its hash does not fit it")
    return key


def read_head(text: str) -> Head:
    """The three lines of a checkpoint, and no more."""
    match = re.fullmatch(r"([^\s+\x00-\x1f\x7f]{1,255})\n([0-9]+)\n([A-Za-z0-9+/]{43}=)\n", text)
    if match is None:
        raise Broken("it is not a checkpoint of exactly three lines: origin, size and root")
    return Head(match[1], number(match[2], "size"), unbase64(match[3], "root"))


def check_signature(key: Key, text: str, signature: bytes) -> None:
    """Raise `Broken` unless the signature of this key under this note is valid."""
    raw = signature if key.kind == ED25519 else signature[8:]
    at = signature[:8]
    if key.kind != ED25519 and at[:1] >= b"\x80":
        raise Broken(f"the signature of {key.name} states a time beyond 2^63")
    try:
        if key.kind == ED25519:
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw, text.encode())
        elif key.kind == COSIGNED_ED25519:
            message = f"cosignature/v1\ntime {int.from_bytes(at, 'big')}\n{text}".encode()
            Ed25519PublicKey.from_public_bytes(key.public).verify(raw, message)
        else:
            head, name = read_head(text), key.name.encode()
            origin = head.origin.encode()
            span = bytes(8) + head.size.to_bytes(8, "big")
            message = b"subtree/v1\n\0" + bytes([len(name)]) + name + at
            message += bytes([len(origin)]) + origin + span + head.root
            MLDSA44PublicKey.from_public_bytes(key.public).verify(raw, message)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        raise Broken(f"the signature of {key.name} is not valid") from None


def signers(note: str, keys: Iterable[Key]) -> tuple[str, set[Key]]:
    """The text of a signed note and those of `keys` that signed it; lines of other keys are ignored."""
    if re.search(r"[\x00-\x09\x0b-\x1f]", note) or "\n\n" not in note or not note.endswith("\n"):
        raise Broken("it is not a signed note: a text, an empty line, signature lines")
    body, _, below = note.rpartition("\n\n")
    text, known, found = body + "\n", {(key.name, key.id): key for key in keys}, set()
    for line in below[:-1].split("\n"):
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        if match is None:
            raise Broken("a line below the empty line is not a signature line")
        data = unbase64(match[2], "signature")
        key = known.get((match[1], data[:4]))
        if key in found:
            raise Broken(f"{match[1]} signed twice with one key")
        if key is not None:
            check_signature(key, text, data[4:])
            found.add(key)
    return text, found


# ---------------------------------------------------------------- whom to believe


@dataclass(frozen=True)
class Trust:
    """The logs' keys, the witnesses' keys by name, and the rule how many must have cosigned."""

    logs: tuple[Key, ...]
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = "none"

    def read(self, note: str) -> Head:
        """The checkpoint in a note that a trusted log signed and enough witnesses cosigned."""
        text, signed = signers(note, (*self.logs, *self.witnesses.values()))
        head = read_head(text)
        if not any(key in self.logs and key.name == head.origin for key in signed):
            raise Broken(f"no trusted key of {head.origin} signed it")
        if not self._holds(self.quorum, signed):
            raise Broken(f"too few witnesses cosigned it for the quorum {self.quorum!r}")
        return head

    def _holds(self, name: str, signed: set[Key]) -> bool:
        if name in self.groups:
            least, members = self.groups[name]
            return sum(self._holds(member, signed) for member in members) >= least
        return name == "none" or self.witnesses[name] in signed


def read_policy(data: bytes) -> Trust:
    """A policy file (C2SP tlog-policy): log, witness, group and quorum lines."""
    text = data.decode("latin-1")  # names are opaque bytes
    if re.search(r"[^\t\n\x20-\x7e\x80-\xff]", text):
        raise Broken("it has control characters")
    logs: list[Key] = []
    trust = Trust((), {}, {}, "")
    quorum, members_so_far = "", set[str]()
    for count, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        names = {"none", *trust.witnesses, *trust.groups}
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                logs.append(_policy_key(vkey, (ED25519,), logs, count))
            case ["witness", name, vkey] | ["witness", name, vkey, _] if name not in names:
                kinds = (COSIGNED_ED25519, COSIGNED_MLDSA44)
                trust.witnesses[name] = _policy_key(vkey, kinds, trust.witnesses.values(), count)
            case ["group", name, least, *members] if name not in names and members:
                if len(set(members)) < len(members) or not set(members) <= names - {"none"} - members_so_far:
                    raise Broken(
                        f"line {count}: a group's members are defined above it and belong to one group"
                    )
                needed = {"any": 1, "all": len(members)}.get(least) or number(
                    least, f"threshold in line {count}"
                )
                if not 1 <= needed <= len(members):
                    raise Broken(f"line {count}: the threshold is between 1 and the number of members")
                trust.groups[name] = (needed, tuple(members))
                members_so_far |= set(members)
            case ["quorum", name] if not quorum and name in names:
                quorum = name
            case _:
                raise Broken(f"line {count} is not a log, witness, group or (only one) quorum line in order")
    if not quorum:
        raise Broken("it has no quorum line")
    return Trust(tuple(logs), trust.witnesses, trust.groups, quorum)


def _policy_key(vkey: str, kinds: tuple[int, ...], others: Iterable[Key], line: int) -> Key:
    try:
        key = read_key(vkey.encode("latin-1").decode())
    except (Broken, UnicodeDecodeError) as problem:
        raise Broken(f"line {line}: {problem}") from None
    if key.kind not in kinds or any(other.public == key.public for other in others):
        raise Broken(f"line {line}: the key is of a wrong kind for its place or stands twice")
    return key


# ---------------------------------------------------------------- entries


def canonical(value: object) -> bytes:
    """Canonical JSON (RFC 8785) without floating point."""

    def ordered(item: object) -> object:
        if isinstance(item, dict):
            return {
                key: ordered(item[key]) for key in sorted(item, key=lambda text: text.encode("utf-16-be"))
            }
        if isinstance(item, list):
            return [ordered(part) for part in item]
        if item is None or isinstance(item, str | bool) or (isinstance(item, int) and abs(item) < 2**53):
            return item
        raise Broken("a value has no canonical JSON")

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def check_entry(entry: bytes) -> None:
    """Raise `Broken` unless the entry has one of the two shapes that this ledger publishes."""
    if entry[:1] == b"\x01":
        if len(entry) != 64 or entry[1:3] == b"\0\0" or any(entry[35:]):
            raise Broken("is not a private entry of 64 bytes that ends in zeros")
    elif entry[:1] == b"\x02":
        document = read_json(entry[1:])
        if not isinstance(document, dict) or not isinstance(document.get("event"), str):
            raise Broken("is not a public entry: it names no event")
    else:
        raise Broken("is neither a private (0x01) nor a public (0x02) entry")


def read_json(data: bytes) -> Any:
    """A JSON text that is written canonically, and in no other way."""
    try:
        document = json.loads(data)
        if canonical(document) == data:
            return document
    except (ValueError, RecursionError, Broken):
        pass
    raise Broken("is not canonical JSON")


# ---------------------------------------------------------------- the folder


@dataclass(frozen=True)
class Place:
    """One file of the tree: level -1 for entries; a partial one has fewer than 256 members."""

    level: int
    index: int
    width: int

    @property
    def path(self) -> str:
        number = f"{self.index % 1000:03}"
        rest = self.index // 1000
        while rest:
            number, rest = f"x{rest % 1000:03}/{number}", rest // 1000
        level = "entries" if self.level < 0 else self.level
        return f"tile/{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")


def read_place(path: str) -> Place | None:
    """The place that a path names; None for a path that no log has."""
    match = re.fullmatch(r"tile/(entries|[0-7])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", path)
    if match is None:
        return None
    index = int(match[2].replace("x", "").replace("/", ""))
    place = Place(-1 if match[1] == "entries" else int(match[1]), index, int(match[3] or WIDTH))
    return place if place.path == path else None


@dataclass
class Report:
    """What was found: `ok` only when nothing failed and something was checked."""

    failures: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.checked) and not self.failures

    def fail(self, what: object, problem: object) -> None:
        """Note that a file does not hold."""
        self.failures.append(f"{what}: {problem}.")

    def attempt(self, what: object, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T | None:
        """The result of a piece of work; None when it failed, noted under the file it is about."""
        try:
            return work(*args, **more)
        except Broken as problem:
            self.fail(what, problem)
        except UnicodeDecodeError:
            self.fail(what, "it is not UTF-8 text")
        except OSError as problem:
            self.fail(what, f"it cannot be read ({problem.strerror})")
        return None


def bytes_of(path: Path) -> bytes:
    """The content of one ordinary file."""
    if path.is_symlink() or not path.is_file():
        raise Broken("it is missing, or no ordinary file")
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise Broken("it is longer than any file of a log")
    return data


def text_of(path: Path) -> str:
    """The content of one UTF-8 file."""
    return bytes_of(path).decode()


class Folder:
    """One pass over the entries of a folder; everything above them is computed anew and compared."""

    def __init__(self, root: Path, size: int, report: Report) -> None:
        self.root, self.size, self.report = root, size, report
        self.kept: dict[int, bytes] = {}
        """Entries to remember, by index; filled by `audit` where it meets them."""
        self.roots: dict[int, bytes] = {}
        """Roots to remember, by size."""
        self.public: dict[int, bytes] = {}
        """The entries in clear, by index."""
        self._earlier: dict[tuple[int, int], list[Place]] = {}

    def audit(self) -> bytes | None:
        """Compare every file with what the entries say; the root that they make, None if some are missing."""
        self._list()
        row: list[bytes] = []
        for index in range(-(-self.size // WIDTH)):
            place = Place(-1, index, min(WIDTH, self.size - index * WIDTH))
            data = self.report.attempt(place.path, bytes_of, self.root / place.path)
            if data is None:
                return None
            leaves = self._bundle(place, data)
            for size in self.roots:
                if index * WIDTH < size <= self.size:
                    self.roots[size] = tree_root([*row, tree_root(leaves[: size - index * WIDTH])])
            row.append(tree_root(leaves))
            self._compare(Place(0, index, place.width), leaves, place.path)
        whole, level = row[: self.size // WIDTH], 1
        while whole:
            tiles = [whole[start : start + WIDTH] for start in range(0, len(whole), WIDTH)]
            for index, hashes in enumerate(tiles):
                self._compare(Place(level, index, len(hashes)), hashes, f"the tiles in tile/{level - 1}")
            whole = [tree_root(hashes) for hashes in tiles if len(hashes) == WIDTH]
            level += 1
        return tree_root(row)

    def _bundle(self, place: Place, data: bytes) -> list[bytes]:
        """The leaf hashes of a bundle, whose entries and earlier partial forms are checked too."""
        ends, leaves, end, digest = [0], list[bytes](), 0, hashlib.sha256
        for number in range(place.index * WIDTH, place.index * WIDTH + place.width):
            start = end + 2
            end = start + int.from_bytes(data[end:start], "big")
            if start > len(data) or end > len(data):
                self.report.fail(place.path, f"it ends before its {place.width} entries do")
                return leaves
            entry = data[start:end]
            if not (end - start == 64 and entry[0] == 1 and entry[35:] == PADDING and entry[1:3] != b"\0\0"):
                self.report.attempt(f"{place.path}, entry {number}", check_entry, entry)
                self.public[number] = entry
            leaves.append(digest(b"\x00" + entry).digest())
            ends.append(end)
        for number in self.kept.keys() & range(place.index * WIDTH, place.index * WIDTH + place.width):
            at = number - place.index * WIDTH
            self.kept[number] = data[ends[at] + 2 : ends[at + 1]]
        if ends[-1] != len(data):
            self.report.fail(place.path, f"it goes on after its {place.width} entries")
        for part in self._earlier.pop((-1, place.index), []):
            self._same(part, data[: ends[part.width]], place.path)
        return leaves

    def _compare(self, place: Place, hashes: Sequence[bytes], source: str) -> None:
        self._same(place, b"".join(hashes), source)
        for part in self._earlier.pop((place.level, place.index), []):
            self._same(part, b"".join(hashes[: part.width]), source)

    def _same(self, place: Place, expected: bytes, source: str) -> None:
        data = self.report.attempt(place.path, bytes_of, self.root / place.path)
        if data is not None and data != expected:
            self.report.fail(place.path, f"it does not agree with {source}, so one of them was changed")

    def _list(self) -> None:
        """Sort the files: those that the size demands, earlier partial ones, and strays."""
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            place = read_place(name)
            if path.is_symlink() or not (path.is_dir() or place or name in ("checkpoint", "vkey")):
                self.report.fail(name, "it does not belong to a log")
            elif place and not path.is_dir():
                members = self.size >> 8 * max(place.level, 0)
                width = min(WIDTH, members - place.index * WIDTH)
                if place.width > width:
                    self.report.fail(name, f"it lies beyond the {self.size} entries of the checkpoint")
                elif place.width < width:
                    self._earlier.setdefault((place.level, place.index), []).append(place)


# ---------------------------------------------------------------- receipts and openings


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands, the audit path, and the checkpoint as a signed note."""

    index: int
    path: list[bytes]
    note: str


def read_receipt(text: str) -> Receipt:
    """A ``c2sp.org/tlog-proof@v1`` file."""
    pattern = r"c2sp\.org/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index ([0-9]+)\n((?:[^\n]+\n)*)\n(.+)"
    match = re.fullmatch(pattern, text, re.DOTALL)
    if match is None:
        raise Broken("it is not a receipt of the form c2sp.org/tlog-proof@v1")
    unbase64(match[1] or "", "extra data")
    path = [unbase64(line, "proof") for line in match[3].split("\n")[:-1]]
    return Receipt(number(match[2], "index"), path, match[4])


class Opened(NamedTuple):
    """One field that was opened, and the leaf to which it belongs."""

    leaf: bytes
    said: str
    kind: str
    name: str
    value: object


def read_opening(path: Path) -> Opened:
    """An opening whose field, nonces and path make its leaf; raises `Broken` for any other."""
    document = read_json(bytes_of(path).removesuffix(b"\n"))
    form = "it is not an opening of the form wicketgate-opening/1"
    match document:
        case {
            "opening": "wicketgate-opening/1",
            "leaf": str(leaf64),
            "kind": str(kind),
            "fields": list(names),
            "head_nonce": str(head_nonce64),
            "field": str(name),
            "present": bool(present),
            "value": value,
            "nonce": str(nonce64),
            "path": list(path64),
        }:
            leaf, way = unbase64(leaf64, "leaf"), [unbase64(str(item), "path") for item in path64]
            nonce, head_nonce = unbase64(nonce64, "nonce"), unbase64(head_nonce64, "head nonce")
        case _:
            raise Broken(form)
    # A name that stood twice in the list could have two values.
    if len(set(map(str, names))) < len(names) or name not in names or not (present or value is None):
        raise Broken(form)
    check_entry(leaf)
    data, encoded = canonical(value) if present else b"", name.encode()
    prefix = b"wicketgate/field/v1\0" + len(encoded).to_bytes(2, "big") + encoded
    committed = sha256(prefix, nonce, len(data).to_bytes(4, "big"), data)
    root = root_from_path(names.index(name), len(names), committed, way)
    head = sha256(b"wicketgate/head/v1\0", head_nonce, canonical([kind, *names]))
    commitment = sha256(b"wicketgate/record/v1\0", leaf[1:3], head, root)
    if {len(nonce), len(head_nonce)} != {32} or leaf != b"\x01" + leaf[1:3] + commitment + bytes(29):
        raise Broken("the field and its nonces do not make its leaf")
    said = f"{kind!a}, {name!a}: {json.dumps(value) if present else 'absent'}"
    return Opened(leaf, said, kind, name, value)


# ---------------------------------------------------------------- statistics counted again


def statistics_in(public: dict[int, bytes]) -> dict[int, tuple[range, dict[str, int]]]:
    """The published counts by the index of their entry: over which entries, and how many of each kind."""
    found = {}
    for index, entry in public.items():
        match read_json(entry[1:]) if entry[:1] == b"\x02" else None:
            case {
                "event": "statistics",
                "fields": {"first": int(first), "last": int(last), "counts": dict(counts)},
            }:
                found[index] = (
                    range(first, last + 1),
                    {str(kind): int(count) for kind, count in counts.items()},
                )
    return found


def check_statistics(public: dict[int, bytes], report: Report, kinds: Sequence[str] | None) -> None:
    """Every count must be about the entries before it and add up; with `kinds`, it is counted again."""
    after = 0
    for index, (counted, counts) in statistics_in(public).items():
        what = f"entry {index}, statistics"
        if counted.start != after or not counted or counted.stop > index:
            report.fail(what, "it is not about the entries that follow those counted before")
        elif sum(counts.values()) != len(counted):
            report.fail(what, f"its counts do not add up to {len(counted)} entries")
        elif kinds is not None:
            again = dict.fromkeys(counts, 0)
            for kind in kinds[counted.start : counted.stop]:
                again[kind if kind in again else "other"] = (
                    again.get(kind if kind in again else "other", 0) + 1
                )
            if again != counts:
                report.fail(what, f"counted again, it is {again}")
            else:
                report.checked.append(f"{what}: counted again, {len(counted)} entries")
        after = counted.stop


def read_kinds(path: Path, entries: Callable[[int], bytes | None], size: int) -> list[str]:
    """The kind of each entry: of private ones as the list proves it, of others as they say; else `Broken`."""
    found = [""] * size
    try:
        with path.open(encoding="utf-8") as file:
            form = json.loads(file.readline())
            if form["kinds"] != "wicketgate-kinds/1":
                raise Broken("it is not a list of kinds of the form wicketgate-kinds/1")
            known = [(str(kind), canonical([kind, *fields])) for kind, *fields in form["known"]]
            for line in file:
                index, at, head_nonce, root = json.loads(line)
                kind, text = known[at]
                check_kind(entries(index) or b"", text, head_nonce, root)
                found[index] = kind
    except (KeyError, IndexError, TypeError, ValueError):
        raise Broken("it is not a list of kinds of the form wicketgate-kinds/1") from None
    for index in range(size):
        entry = entries(index) or b""
        if entry[:1] == b"\x02":
            found[index] = str(read_json(entry[1:])["event"])
        elif not found[index]:
            raise Broken(f"it does not state of which kind entry {index} is")
    return found


def check_kind(entry: bytes, text: bytes, head_nonce: str, root: str) -> None:
    """Raise `Broken` unless a private entry commits to a record of this kind and list of fields."""
    salt, fields = unbase64(head_nonce, "head nonce"), unbase64(root, "root")
    head = sha256(b"wicketgate/head/v1\0", salt, text)
    commitment = sha256(b"wicketgate/record/v1\0", entry[1:3], head, fields)
    if (len(salt), len(fields), entry[:1], entry[3:35]) != (32, 32, b"\x01", commitment):
        raise Broken("an entry is not of the kind that it states, or is not in the folder")


# ---------------------------------------------------------------- all together


class Proof(NamedTuple):
    """A receipt that was read, and its trusted checkpoint."""

    path: Path
    receipt: Receipt
    head: Head


def verify_folder(
    folder: Path | None,
    *,
    vkey: str | None = None,
    policy: Path | None = None,
    since: Path | None = None,
    proofs: Sequence[Path] = (),
    openings: Sequence[Path] = (),
    kinds: Path | None = None,
) -> Report:
    """Check a folder, and receipts and openings given beside it; each failure is a sentence with its file.

    Without a folder, a receipt is checked offline for the entry of an opening.
    """
    report = Report()
    trust = report.attempt(policy or "key", find_trust, folder, vkey, policy, report)
    if trust is None:
        return report
    read = [report.attempt(path, read_proof, path, trust) for path in proofs]
    given = [proof for proof in read if proof]
    old = report.attempt(since, lambda path: trust.read(text_of(path)), since) if since else None
    opened = [(path, report.attempt(path, read_opening, path)) for path in openings]
    entries: dict[int, bytes] = {}
    if folder:
        older = [(proof.path, proof.head) for proof in given] + ([(since, old)] if since and old else [])
        wanted = [proof.receipt.index for proof in given]
        entries = (
            report.attempt("checkpoint", check_folder, folder, trust, report, wanted, older, kinds) or {}
        )
    elif since or kinds:
        report.fail(since or kinds, "a folder is needed to compare it with")
    leaves = [opening.leaf for _, opening in opened if opening]
    proved: set[bytes] = set()
    for proof in given:
        entry = entries.get(proof.receipt.index)
        proved |= (
            report.attempt(proof.path, check_proof, proof, leaves if entry is None else [entry]) or set()
        )
        report.checked.append(f"{proof.path}: entry {proof.receipt.index} of {proof.head.origin}")
    for path, opening in opened:
        if opening and opening.leaf not in proved:
            report.fail(path, "no receipt given with it proves its entry")
        elif opening:
            report.checked.append(f"{path}: {opening.said}")
    return report


def verify_bundle(folder: Path, *, vkey: str | None = None, policy: Path | None = None) -> Report:
    """Check a bundle of evidence: receipts, openings, and the documents that opened digests name.

    Without a key or a policy the key in the bundle is believed, with a remark.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_symlink() or not path.is_dir()]
    own = None if vkey or policy else Report().attempt("vkey", text_of, folder / "vkey")
    report = verify_folder(
        None,
        vkey=vkey or (own.removesuffix("\n") if own else None),
        policy=policy,
        proofs=[path for path in files if path.name.endswith(".tlog-proof")],
        openings=[path for path in files if path.match("requests/*/*.json")],
    )
    if own:
        report.remarks.append("The key comes from the bundle itself: get it from somebody else.")
    read = Report()
    opened = [read.attempt(path, read_opening, path) for path in files if path.match("requests/*/*.json")]
    named = {str(each.value) for each in opened if each and each.name.endswith("_digest")}
    there = {f"sha256:{path.name}" for path in files if path.match("content/*")}
    for each in (each for each in opened if each and each.kind == "dissent" and each.value is not None):
        if each.name.endswith("_digest") and each.value not in there:
            report.fail("content", f"the {each.name.removesuffix('_digest')} of a dissent is not in it")
    for path in files:
        if path.match("content/*"):
            report.attempt(path, check_content, path, named)
            report.checked.append(f"{path}: the document that an opened entry names")
    report.attempt("SHA256SUMS", check_sums, folder, files)
    return report


def check_content(path: Path, named: set[str]) -> None:
    """A document bears the SHA-256 of its bytes as its name, and an opened entry names it."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if path.name != found:
        raise Broken("it is not the document of that digest")
    if f"sha256:{found}" not in named:
        raise Broken("no opened entry names it")


def check_sums(folder: Path, files: Sequence[Path]) -> None:
    """Every file is listed with its SHA-256, and no other: a bundle that lost a file is seen."""
    lines = (line.partition("  ") for line in text_of(folder / "SHA256SUMS").splitlines())
    listed = {name: digest for digest, _, name in lines}
    there = {path.relative_to(folder).as_posix(): path for path in files if path.name != "SHA256SUMS"}
    for name in sorted(listed.keys() ^ there.keys()):
        raise Broken(f"{name} is {'missing' if name in listed else 'not in the list'}")
    for name, path in there.items():
        if listed[name] != hashlib.sha256(path.read_bytes()).hexdigest():
            raise Broken(f"{name} was changed")


def find_trust(folder: Path | None, vkey: str | None, policy: Path | None, report: Report) -> Trust:
    """Whom to believe: the policy, then the key given, then, with a remark, the folder's own key."""
    own = None
    if folder and (folder / "vkey").exists():
        own = report.attempt("vkey", read_key_file, folder / "vkey")
    trust = read_policy(bytes_of(policy)) if policy else Trust(())
    if vkey:
        key = read_key(vkey)
        if trust.logs and key not in trust.logs:
            raise Broken("the key given with --vkey is not one of its logs")
        trust = replace(trust, logs=(key,))
    if not trust.logs and own:
        report.remarks.append(
            "The key comes from the folder itself: this shows one unbroken log, not whose it is."
        )
        trust = replace(trust, logs=(own,))
    if not trust.logs:
        raise Broken("there is none: give --vkey or --policy")
    if own and own not in trust.logs:
        report.fail("vkey", "it is not the key that is trusted here")
    return trust


def read_key_file(path: Path) -> Key:
    """The key in a file: its text and a newline."""
    text = text_of(path)
    if not text.endswith("\n"):
        raise Broken("it does not end with a newline")
    return read_key(text[:-1])


def check_folder(
    folder: Path,
    trust: Trust,
    report: Report,
    wanted: Iterable[int],
    older: Sequence[tuple[Path, Head]],
    kinds: Path | None = None,
) -> dict[int, bytes]:
    """Check every file of a folder and that older checkpoints begin it; the wanted entries by index."""
    head = trust.read(text_of(folder / "checkpoint"))
    audit = Folder(folder, head.size, report)
    audit.kept = {index: b"" for index in (range(head.size) if kinds else wanted) if index < head.size}
    audit.roots = {old.size: sha256() for _, old in older}
    root = audit.audit()
    if root is not None and root != head.root:
        report.fail("checkpoint", "its root is not the one that the entries make")
    for path, old in older:
        if old.origin != head.origin:
            report.fail(path, f"it is of another log, {old.origin}")
        elif old.size > head.size:
            report.fail(path, f"it has {old.size} entries, more than the folder's {head.size}")
        elif root is not None and audit.roots[old.size] != old.root:
            report.fail(path, f"the folder's first {old.size} entries are not those it was signed for")
    stated = report.attempt(kinds, read_kinds, kinds, audit.kept.get, head.size) if kinds and root else None
    report.attempt("statistics", check_statistics, audit.public, report, stated)
    report.checked.append(f"{head.origin}: {head.size} entries, root {base64.b64encode(head.root).decode()}")
    return audit.kept


def check_proof(proof: Proof, candidates: Iterable[bytes]) -> set[bytes]:
    """The candidate entry that the receipt proves; raises `Broken` when it proves none."""
    index, size, path = proof.receipt.index, proof.head.size, proof.receipt.path
    for entry in candidates:
        if root_from_path(index, size, sha256(b"\x00", entry), path) == proof.head.root:
            return {entry}
    raise Broken(f"it does not prove the entry at index {index}; give the folder or the entry's opening")


def read_proof(path: Path, trust: Trust) -> Proof:
    """A receipt whose checkpoint is trusted."""
    receipt = read_receipt(text_of(path))
    return Proof(path, receipt, trust.read(receipt.note))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 only when everything holds."""
    parser = argparse.ArgumentParser(description="Check a published ledger without trusting its publisher.")
    parser.add_argument("folder", nargs="?", type=Path, help="the published log")
    parser.add_argument("--vkey", help="the log's key, as text, from somebody you trust")
    parser.add_argument("--policy", type=Path, help="a C2SP tlog-policy file: logs, witnesses, quorum")
    parser.add_argument("--since", type=Path, help="an older checkpoint, which the log must continue")
    parser.add_argument("--proof", type=Path, action="append", default=[], help="a receipt; repeatable")
    parser.add_argument(
        "--opening", type=Path, action="append", default=[], help="an opened field; repeatable"
    )
    parser.add_argument("--kinds", type=Path, help="the kinds of all entries, to count statistics again")
    parser.add_argument("--bundle", type=Path, help="a folder of evidence, unpacked")
    given = parser.parse_args(arguments)
    if given.bundle:
        return tell(verify_bundle(given.bundle, vkey=given.vkey, policy=given.policy))
    report = verify_folder(
        given.folder,
        vkey=given.vkey,
        policy=given.policy,
        since=given.since,
        proofs=given.proof,
        openings=given.opening,
        kinds=given.kinds,
    )
    return tell(report)


def tell(report: Report) -> int:
    """Say what was found; 0 only when everything holds."""
    for line in (*report.failures, *report.remarks):
        print(line, file=sys.stderr)  # noqa: T201
    if report.ok:
        print(*report.checked, "Everything holds.", sep="\n")  # noqa: T201
        return 0
    print("It does not hold.", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
