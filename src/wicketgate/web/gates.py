"""The gate that the pages work on, and who acts on it: `gate()`, `kin()`, `actor_of(request)`.

One gate for each process, opened anew when a new day changes what the law says; the day of a demonstration
stays. A page calls one function of `flow` with them and renders what comes back.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from threading import Lock

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from wicketgate.core.actor import Actor
from wicketgate.flow.gate import Gate
from wicketgate.flow.standing import kin_of, open_standing
from wicketgate.flow.work.kin import Kin
from wicketgate.web.accounts.models import Account
from wicketgate.web.configuration import served

_LOCK = Lock()
_OPEN: dict[date, Gate] = {}


def gate() -> Gate:
    """Today's gate. Raises one of `flow.refusals.REFUSALS` when it cannot be opened: then nothing passes."""
    standing = served().standing
    today = standing.day or datetime.now(UTC).date()
    with _LOCK:
        if today not in _OPEN:
            opened = open_standing(standing)
            # Pages that still use yesterday's finish with it.
            _close()
            _OPEN[today] = opened
        return _OPEN[today]


@cache
def kin() -> Kin:
    """The custodian's key by which a request is found beside others. Raises `HouseError` without it."""
    return kin_of(served().standing)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, for every function of `flow.work`; raises `PermissionDenied` for whoever takes no part."""
    actor = signed_in(request).actor
    if actor is None:
        raise PermissionDenied
    return actor


def signed_in(request: HttpRequest) -> Account:
    """The account behind a door that needs one. Raises `PermissionDenied` without."""
    account = request.user
    if not isinstance(account, Account):
        raise PermissionDenied
    return account


def close() -> None:
    """Close what is open: for the end of a process, and after a writer of the log has stopped."""
    with _LOCK:
        _close()


def _close() -> None:
    for opened in _OPEN.values():
        opened.close()
    _OPEN.clear()
