"""At the agency: what its officials and officers make for the API with their own keys, and open with them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from wicketgate.core.identifiers import Handle
from wicketgate.core.request import COLUMNS
from wicketgate.flow.api.client import CallError
from wicketgate.flow.pick_up import SignedPickUp
from wicketgate.flow.recall import Certificate
from wicketgate.stages.disclose import PackageError, open_package
from wicketgate.stages.intake import read_batches
from wicketgate.stages.signing import DESTRUCTION, PICK_UP, key_id_of, sign

SOON = timedelta(minutes=10)
"""How long a signed pick-up counts."""


@dataclass(frozen=True, slots=True)
class Held:
    """A private key and whose it is."""

    holder: str
    agency: str
    key: Mapping[str, str] = field(repr=False)

    @property
    def key_id(self) -> str:
        """The key's name."""
        return key_id_of(self.key)

    @classmethod
    def read(cls, path: Path) -> Held:
        """private.json of `agency keygen`. Raises `CallError`."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls(found["official"], found["agency"], dict(found["key"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise CallError(f"{path} is no private key of `wicketgate agency keygen`.") from None


def lines(file: Path, signatures: Path | None) -> Iterator[dict[str, Any]]:
    """What is sent for each good row of a file, in order: the request, and its signature where there is one.

    Raises `SubmissionError` for a file that cannot be read, and `CallError` for signatures that are none.
    """
    signed: dict[int, dict[str, Any]] = {}
    if signatures is not None:
        try:
            for line in signatures.read_text(encoding="utf-8").splitlines():
                made = json.loads(line)
                signed[int(made.pop("row"))] = made
        except (OSError, ValueError, KeyError, TypeError):
            raise CallError(f"{signatures} holds no signatures of `wicketgate agency sign`.") from None
    for row, _, values in (each for batch in read_batches(file) for each in batch.rows):
        request = {name: text for name, text in zip(COLUMNS, values, strict=True) if text is not None}
        yield {"request": request, "signature": signed.get(int(row))}


def wish(handle: Handle, officer: Held, package_key: str) -> dict[str, object]:
    """An officer's signed wish to pick up one package."""
    expires = datetime.now(UTC).replace(microsecond=0) + SOON
    unsigned = SignedPickUp(officer.key_id, secrets.token_urlsafe(24), expires, "")
    return {
        "handle": str(handle),
        "package_key": package_key,
        "key": officer.key_id,
        "nonce": unsigned.nonce,
        "expires": expires.isoformat(),
        "jws": sign(unsigned.document(handle, package_key), officer.key, PICK_UP),
    }


def certificate(
    handle: Handle, officer: Held, copies: int, media: str, method: str, day: date
) -> dict[str, object]:
    """An officer's signed certificate that every copy is destroyed."""
    made = Certificate(handle, officer.holder, copies, media, method, day, officer.key_id, "")
    signed = sign(made.document(), officer.key, DESTRUCTION)
    return {**made.document(), "key": officer.key_id, "jws": signed}


def opened(package: Path, receiving: Held) -> dict[str, str]:
    """The address in a package that was picked up; the officer's own key opens it. Raises `CallError`."""
    try:
        found = json.loads(package.read_text(encoding="utf-8"))
        handle, share = Handle(found["handle"]), bytes.fromhex(found["share"])
        return open_package(found["jwe"], receiving.key, handle, share)
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, PackageError):
            raise CallError(str(error)) from None
        raise CallError(f"{package} is no package of `wicketgate agency pickup`.") from None
