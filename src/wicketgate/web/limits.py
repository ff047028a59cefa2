"""How often one caller may ask for public pages: enough for people and programs, too little to wear it out.

Callers are told apart by a digest of their network address under a key of this process: no address is kept.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

P = ParamSpec("P")

MOST = 120
"""Public answers to one caller in one window."""
WINDOW = 60
"""Seconds."""
CACHED = 300
"""Seconds for which anybody may keep a public answer."""
_CALLERS = 10_000


class Limit:
    """Counts callers in fixed windows; forgets all of them when a window ends."""

    def __init__(
        self, most: int = MOST, window: int = WINDOW, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._window, self._now = most, window, now
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._began = now()
        self._seen: dict[bytes, int] = {}

    def wait(self, caller: str) -> int:
        """Count one answer; how many seconds this caller has to wait, 0 for none."""
        with self._lock:
            passed = self._now() - self._began
            if passed >= self._window:
                self._seen.clear()
                self._began, passed = self._now(), 0.0
            name = hmac.digest(self._key, caller.encode(errors="replace"), "sha256")[:16]
            number = self._seen.get(name, 0) + 1
            if name in self._seen or len(self._seen) < _CALLERS:
                self._seen[name] = number
            return 0 if number <= self._most else max(1, round(self._window - passed))


_LIMIT = Limit()


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A public page: limited for each caller, and kept by caches while nobody is signed in."""

    @wraps(view)
    def limited(request: HttpRequest, *arguments: P.args, **words: P.kwargs) -> HttpResponse:
        if wait := _LIMIT.wait(request.META.get("REMOTE_ADDR", "")):
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        response = view(request, *arguments, **words)
        if response.status_code == 200 and not request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", f"public, max-age={CACHED}")
        return response

    return limited
