"""The file of the custodian's custody facilities: one address a row, read whole or refused."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

from wicketgate.address import Address, facility_list
from wicketgate.core.context import FacilityList

COLUMNS = ("line1", "line2", "city", "state", "postal_code")
_LARGEST = 64 * 1024 * 1024


def read_facilities(path: Path, name: str, version: str) -> FacilityList:
    """The list in a CSV file with `COLUMNS` (UTF-8, header row); its digest is part of its version.

    Raises `ValueError` with one sentence.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig")
        rows = list(csv.reader(text.splitlines(), strict=True))
    except OSError as problem:
        raise ValueError(f"cannot be read: {problem.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise ValueError("is no CSV in UTF-8") from None
    if len(data) > _LARGEST:
        raise ValueError(f"is larger than {_LARGEST:,} bytes")
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ValueError(f"must have the columns {','.join(COLUMNS)}")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(COLUMNS):
            raise ValueError(f"has another number of columns in row {number}")
    digest = hashlib.sha256(data).hexdigest()
    addresses = (Address(*[cell.strip() or None for cell in row]) for row in rows[1:])
    return facility_list(name, f"{version}, sha256 {digest[:12]}", addresses)
