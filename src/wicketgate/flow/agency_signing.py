"""What an agency's official does at their own desk: make a key, and sign a file of requests with it."""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from wicketgate.core.request import Request
from wicketgate.flow.official_keys import Registration, Use
from wicketgate.stages.intake import read_batches
from wicketgate.stages.signing import REQUEST, Terms, key_id_of, new_signing_key, sign

PRIVATE, REGISTRATION = "private.json", "registration.json"


def make_official_key(folder: Path, official: str, agency: str, use: Use = "sign") -> str:
    """Make a key pair: the private half for its holder alone, the registration for the custodian.

    Returns the key's name. Raises `FileExistsError` where there is a key already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    public, private = new_signing_key()
    with os.fdopen(os.open(folder / PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"official": official, "agency": agency, "use": use, "key": private}, file)
    made = Registration.made(official, agency, public, private, use)
    document = {"use": use, "official": official, "agency": agency, "jwk": public, "proof": made.proof}
    (folder / REGISTRATION).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return made.key_id


def read_registration(path: Path) -> Registration:
    """What an official handed in; raises `ValueError` for a file that is none."""
    try:
        return registration_of(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise ValueError(f"{path.name} is no registration.") from problem


def registration_of(text: str) -> Registration:
    """What an official handed in, as text; raises `ValueError` for a text that is none."""
    try:
        document = json.loads(text)
        words = {name: document[name] for name in ("official", "agency", "proof")}
        jwk = {str(name): str(value) for name, value in document["jwk"].items()}
        use = document.get("use", "sign")
    except (KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ValueError("This is no registration.") from problem
    if not all(isinstance(value, str) and value for value in (*words.values(), use)):
        raise ValueError("This is no registration.")
    return Registration(**words, jwk=jwk, use=use)


def sign_file(
    path: Path, private: Path, out: Path, *, recipient_key: str, first_sequence: int, expires: datetime
) -> int:
    """Sign every good row of a file of requests; returns the last number that was used, or one less.

    `out` appears whole or not at all, one line of JSON per row. Each row has a nonce of its own and the
    next number of this official's count. Raises `SubmissionError` for a file that cannot be read.
    """
    key = json.loads(private.read_text(encoding="utf-8"))["key"]
    draft, number = out.with_name(out.name + ".new"), first_sequence - 1
    with draft.open("w", encoding="utf-8") as file:
        for row, _, values in (each for batch in read_batches(path) for each in batch.rows):
            number += 1
            terms = Terms(secrets.token_urlsafe(24), expires, number, recipient_key)
            request = Request(*values)  # type: ignore[arg-type]  # intake refuses a row without a reference
            made = {
                "row": int(row),
                "key": key_id_of(key),
                "nonce": terms.nonce,
                "expires": expires.isoformat(),
                "sequence": number,
                "recipient_key": recipient_key,
                "jws": sign(terms.signed_part(request), key, REQUEST),
            }
            file.write(json.dumps(made) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(out)
    return number
