"""Numbers and bytes as text, each with exactly one spelling, so that no changed byte goes unseen."""

from __future__ import annotations

import base64
import binascii
import re

from wicketgate.ledger.errors import LedgerError

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def decimal(text: str, what: str) -> int:
    """A number of at most 19 ASCII digits without leading zeros."""
    if not _DECIMAL.fullmatch(text):
        raise LedgerError(f"The {what} is not a plain decimal number.")
    return int(text)


def base64_text(data: bytes) -> str:
    """Standard base64 (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def from_base64(text: str, what: str) -> bytes:
    """Read standard base64; padding is required and the unused bits are zero."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64_text(data) != text:
        raise LedgerError(f"The {what} is not canonical base64.")
    return data
