"""The append-only log in the database: its entries commit with what they record, or neither does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wicketgate.core.digest import Canonical
from wicketgate.core.identifiers import Handle
from wicketgate.ledger.logkey import LogKey
from wicketgate.ledger.record import Committed
from wicketgate.ledger.tree import Frontier, leaf_hash
from wicketgate.store.copy_binary import (
    END,
    HEADER,
    bigint_cell,
    cell,
    jsonb_cell,
    moment_cell,
    row_of,
    text_cell,
)
from wicketgate.store.database import Connection
from wicketgate.store.vault import Piece, Seal


class LogError(RuntimeError):
    """The log cannot be written; the message is one sentence. The transaction is to be rolled back."""


class FencedError(LogError):
    """Somebody else took the log over; this writer signs nothing more."""


_DURABLE = {"fsync": "on", "full_page_writes": "on", "data_sync_retry": "off"}
"""How a server keeps what it acknowledges; after a failed flush it must stop, never try again."""
_json = json.JSONEncoder(ensure_ascii=False).encode
_COPY = "COPY log.entry (idx, leaf, kind, handle, body, nonces, proof, sealed, at) FROM STDIN (FORMAT binary)"
_ROW = row_of(9)
_AT_ONCE = 64
"""Entries that are sealed and sent together, while the server writes those before them."""
_SETTINGS = ", ".join(f"current_setting('{name}')" for name in _DURABLE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A public leaf with the private record behind it.

    A leaf in clear (an event with no person in it) has no nonces, and its body is its own text. What is
    about a request is kept `sealed`; `proof` stays and proves of what kind it is.
    """

    kind: str
    leaf: bytes
    handle: Handle | None
    body: Mapping[str, Canonical] = field(repr=False)
    nonces: bytes = field(default=b"", repr=False)
    proof: bytes = field(default=b"", repr=False)
    text: str = field(init=False, repr=False)
    """The body as it is kept: written here, by whoever submits, so that the one writer need not."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _json(self.body))

    @classmethod
    def of(cls, handle: Handle | None, fields: Mapping[str, Canonical], committed: Committed) -> Entry:
        """The entry of a record about a request."""
        return cls(committed.kind, committed.leaf, handle, fields, committed.nonces, committed.kind_proof)


def append(
    connection: Connection,
    entries: Sequence[Entry],
    key: LogKey,
    at: datetime,
    *,
    epoch: int | None = None,
    throw_away: bool = False,
) -> range:
    """Append entries in the caller's transaction and return their indexes.

    Call it last: from here to the commit every other writer waits. Entries,
    head and signed checkpoint become durable with the business rows, or none
    of them. Raises `LogError` when the log carries another key's signatures,
    its stored right edge is damaged, or the server may lose what it
    acknowledges; `throw_away` allows that for data nobody relies on. Raises
    `FencedError` when the log's epoch is not `epoch` any more; None asks for none.
    """
    lots = [entries[at : at + _AT_ONCE] for at in range(0, len(entries), _AT_ONCE)]
    hashes = [leaf_hash(entry.leaf) for entry in entries]
    # Before the lock: behind a key process that does not answer, an order must not wait.
    seal = connection.vault.sealing([entry.handle for entry in entries if entry.handle is not None])
    row = connection.execute(
        f"SELECT size, root, frontier, epoch, vkey, set_config('synchronous_commit', %s, true), {_SETTINGS}"
        " FROM log.head FOR UPDATE",
        ["off" if throw_away else "on"],
    ).fetchone()
    if row is None:
        raise LogError("The log has no head; the database was not migrated.")
    size, root, edge, present, vkey, _, *durable = row
    if epoch not in (None, present):
        raise FencedError(
            "The log is not written: another writer took it over meanwhile; open the gate again."
        )
    if not throw_away and durable != list(_DURABLE.values()):
        wanted = ", ".join(f"{name} {value}" for name, value in _DURABLE.items())
        raise LogError(
            f"The log is not written: the server may lose what it acknowledges; set {wanted}, and restart it."
        )
    if vkey is not None and vkey != key.vkey:
        raise LogError("The log is not written: its earlier checkpoints were signed with another key.")
    frontier = Frontier.from_bytes(edge)
    if frontier.size != size or frontier.root() != root:
        raise LogError(
            "The log is not written: its stored right edge does not give its root; restore and verify it."
        )
    if not entries:
        return range(size, size)
    frontier.extend(hashes)
    head = [frontier.size, frontier.root(), frontier.to_bytes(), key.vkey]
    note = key.sign_checkpoint(frontier.size, frontier.root())
    connection.execute("SELECT log.advance(%s, %s, %s, %s, %s, %s)", [*head, note, at])
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(HEADER)
        for number, lot in enumerate(lots):  # the server writes one while the next is sealed
            copy.write(_rows(size + number * _AT_ONCE, lot, seal, at))
        copy.write(END)
    return range(size, frontier.size)


def _rows(size: int, entries: Sequence[Entry], seal: Seal, at: datetime) -> bytes:
    """Entries as the rows of `_COPY`, sealed."""
    sealed = iter(seal([_piece(entry) for entry in entries if entry.handle is not None]))
    moment, nothing, blank = moment_cell(at), cell(None), cell(b"")
    parts: list[bytes] = []
    for index, entry in enumerate(entries, size):
        parts += (_ROW, bigint_cell(index), cell(entry.leaf), text_cell(entry.kind))
        if entry.handle is None:
            said = jsonb_cell(entry.text)
            parts += (nothing, said, cell(entry.nonces), cell(entry.proof), nothing, moment)
        else:
            handle = cell(entry.handle.text.encode())
            parts += (handle, nothing, blank, cell(entry.proof), cell(next(sealed)), moment)
    return b"".join(parts)


def entries(connection: Connection, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The public leaves from `start` on, in order, as `gate_audit`; what the exporter publishes.

    With `stop`, the size of a checkpoint, exactly the leaves that it covers.
    """
    with connection.cursor(name="leaves") as cursor:
        cursor.itersize = 10_000
        cursor.execute(
            "SELECT leaf FROM log.entry WHERE idx >= %s AND (%s::bigint IS NULL OR idx < %s) ORDER BY idx",
            [start, stop, stop],
        )
        for (leaf,) in cursor:
            yield leaf


def take_over(connection: Connection) -> int:
    """Raise the log's epoch, as `gate_oversee`: from the commit on nobody who had begun before appends."""
    row = connection.execute("SELECT log.take_over()").fetchone()
    if row is None or row[0] is None:
        raise LogError("The log has no head; the database was not migrated.")
    return int(row[0])


def latest_checkpoint(connection: Connection) -> tuple[int, str] | None:
    """The newest checkpoint's size and signed note, as `gate_audit`; None for an empty log."""
    row = connection.execute("SELECT size, note FROM log.checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    return None if row is None else (row[0], row[1])


def having(connection: Connection, kind: str, handles: Sequence[Handle]) -> frozenset[Handle]:
    """Those of the requests that have an entry of this kind, as `gate_audit`."""
    cursor = connection.execute(
        "SELECT DISTINCT handle FROM log.entry WHERE kind = %s AND handle = ANY (%s)",
        [kind, [handle.text for handle in handles]],
    )
    return frozenset(Handle(handle) for (handle,) in cursor)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry as the custodian keeps it; one that was expunged has neither body nor nonces."""

    index: int
    kind: str
    at: datetime
    leaf: bytes
    body: Mapping[str, Canonical] = field(repr=False)
    nonces: bytes = field(repr=False)

    @property
    def expunged(self) -> bool:
        """True when what it said is gone, and only its leaf and its kind are left."""
        return not self.body


def accounting(connection: Connection, handle: Handle) -> list[Recorded]:
    """Everything on record about one request, in order, as `gate_audit`."""
    return about(connection, [handle]).get(handle, [])


def about(
    connection: Connection, handles: Sequence[Handle], kinds: Sequence[str] | None = None
) -> dict[Handle, list[Recorded]]:
    """What is on record about each request, in order, as `gate_audit`; with `kinds`, only of those."""
    cursor = connection.execute(
        "SELECT handle, idx, kind, at, leaf, body, nonces, sealed FROM log.entry"
        " WHERE handle = ANY (%s) AND (%s::text[] IS NULL OR kind = ANY (%s::text[])) ORDER BY idx",
        [[handle.text for handle in handles], kinds, kinds],
    )
    rows = cursor.fetchall()
    said = opened(
        connection, [(Handle(handle), leaf, sealed) for handle, _, _, _, leaf, _, _, sealed in rows]
    )
    found: dict[Handle, list[Recorded]] = {}
    for (handle, index, kind, at, leaf, *_), (body, nonces) in zip(rows, said, strict=True):
        found.setdefault(Handle(handle), []).append(Recorded(index, kind, at, leaf, body, nonces))
    return found


def opened(
    connection: Connection, sealed: Sequence[tuple[Handle, bytes, bytes]]
) -> list[tuple[Mapping[str, Canonical], bytes]]:
    """Body and nonces of entries (request, leaf, sealed); empty where they were expunged."""
    found = connection.vault.open([(handle, leaf.hex(), data) for handle, leaf, data in sealed])
    return [({}, b"") if plain is None else _parted(plain) for plain in found]


def _piece(entry: Entry) -> Piece:
    assert entry.handle is not None  # noqa: S101  # only entries about a request are sealed
    plain = len(entry.nonces).to_bytes(4, "big") + entry.nonces + entry.text.encode()
    return entry.handle, entry.leaf.hex(), plain


def _parted(plain: bytes) -> tuple[Mapping[str, Canonical], bytes]:
    end = 4 + int.from_bytes(plain[:4], "big")
    return json.loads(plain[end:]), plain[4:end]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries of each kind a stretch of the log has, where it ends, and between which times."""

    last: int
    since: datetime
    until: datetime
    kinds: Mapping[str, int]


def counts(connection: Connection, first: int) -> Counts | None:
    """What the entries from `first` on are, as `gate_audit`; None when there are none."""
    rows = connection.execute(
        "SELECT kind, count(*), max(idx), min(at), max(at) FROM log.entry WHERE idx >= %s GROUP BY kind",
        [first],
    ).fetchall()
    if not rows:
        return None
    return Counts(
        max(row[2] for row in rows),
        min(row[3] for row in rows),
        max(row[4] for row in rows),
        {row[0]: row[1] for row in rows},
    )


def latest_of(connection: Connection, kind: str) -> Recorded | None:
    """The newest entry of a kind that is about no request, as `gate_audit`."""
    row = connection.execute(
        "SELECT idx, kind, at, leaf, body, nonces FROM log.entry WHERE kind = %s AND handle IS NULL"
        " ORDER BY idx DESC LIMIT 1",
        [kind],
    ).fetchone()
    return None if row is None else Recorded(*row)


def private_entries(connection: Connection, size: int) -> Iterator[tuple[int, str, bytes, bytes]]:
    """Index, kind, leaf and proof of the kind of the private ones among the first, as `gate_audit`."""
    with connection.cursor(name="private") as cursor:
        cursor.itersize = 5_000
        cursor.execute(
            "SELECT idx, kind, leaf, proof FROM log.entry"
            " WHERE idx < %s AND get_byte(leaf, 0) = 1 ORDER BY idx",
            [size],
        )
        yield from cursor


def opened_entries(connection: Connection, size: int) -> Iterator[tuple[Recorded, bytes]]:
    """The first entries of all kinds, opened, in order, each with the proof of its kind, as `gate_audit`."""
    with connection.cursor(name="opened") as cursor:
        cursor.itersize = 2_000
        cursor.execute(
            "SELECT handle, idx, kind, at, leaf, body, nonces, proof, sealed FROM log.entry"
            " WHERE idx < %s ORDER BY idx",
            [size],
        )
        while rows := cursor.fetchmany(2_000):
            sealed = [(Handle(row[0]), row[4], row[8]) for row in rows if row[0] is not None]
            said = iter(opened(connection, sealed))
            for handle, index, kind, at, leaf, body, nonces, proof, _ in rows:
                content = (body, nonces) if handle is None else next(said)
                yield Recorded(index, kind, at, leaf, *content), proof
