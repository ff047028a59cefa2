"""What is said through the socket: one JSON object each way, its length in four bytes before it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from socket import socket
from typing import Any, TypeAlias

from wicketgate.core.identity import NameKey, PlaceKey, Question
from wicketgate.keys.evidence import Evidence, Proved

Message: TypeAlias = dict[str, Any]
MOST_BYTES = 1 << 26


def send(connection: socket, message: Message) -> None:
    """Say one thing."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    if len(data) > MOST_BYTES:
        raise ValueError("too much for one message")
    connection.sendall(len(data).to_bytes(4, "big") + data)


def receive(connection: socket) -> Message | None:
    """Hear one thing; None at the end. Raises `ValueError` for anything that is no message."""
    head = _read(connection, 4)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > MOST_BYTES:
        raise ValueError("not a message")
    data = _read(connection, length)
    if len(data) != length:
        raise ValueError("a message was cut short")
    message = json.loads(data)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")  # noqa: TRY004  # what was sent is wrong, not our use of it
    return message


def _read(connection: socket, length: int) -> bytes:
    parts, missing = [], length
    while missing and (part := connection.recv(min(missing, 1 << 20))):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def text_of(data: bytes) -> str:
    """Bytes as text (base64)."""
    return b64encode(data).decode()


def bytes_of(text: str) -> bytes:
    """The bytes in a text that `text_of` made; raises `ValueError` for another."""
    return b64decode(text, validate=True)


def evidence_message(evidence: Evidence) -> Message:
    """Evidence as it is sent."""
    return {
        "note": evidence.note,
        "old": evidence.old,
        "consistency": [text_of(each) for each in evidence.consistency],
        "entries": [
            [
                each.index,
                each.version,
                each.kind,
                dict(each.fields),
                text_of(each.nonces),
                text_of(b"".join(each.path)),
            ]
            for each in evidence.entries
        ],
    }


def evidence_of(message: Message) -> Evidence:
    """Evidence as it was sent; raises `ValueError`, `TypeError` or `KeyError` for another form."""
    return Evidence(
        str(message["note"]),
        int(message["old"]),
        [bytes_of(each) for each in message["consistency"]],
        [
            Proved(
                int(index), int(version), str(kind), dict(fields), bytes_of(nonces), _hashes(bytes_of(path))
            )
            for index, version, kind, fields, nonces, path in message["entries"]
        ],
    )


def question_message(asked: Question) -> list[Any]:
    """What is compared of a question, as it is sent."""
    name, place = asked.name, asked.place
    return [
        [name.first, name.surnames, name.middle, name.suffix, name.first_near, name.surname_near],
        [place.point, place.unit, place.city, place.state, place.zip5],
        asked.tin,
        asked.birth_date,
    ]


def question_of(message: Sequence[Any]) -> Question:
    """What is compared of a question, as it was sent."""
    (first, surnames, middle, suffix, first_near, surname_near), place, tin, birth_date = message
    name = NameKey(first, tuple(surnames), middle, suffix, tuple(first_near), tuple(surname_near))
    return Question(name, PlaceKey(*place), tin, birth_date, (), period_bound=True)


def _hashes(path: bytes) -> list[bytes]:
    return [path[at : at + 32] for at in range(0, len(path), 32)]
