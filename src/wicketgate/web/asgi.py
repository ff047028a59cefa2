"""The application that the server's processes run: the pages behind the adapter that receives bodies."""

from __future__ import annotations

from wicketgate.web.configuration import served
from wicketgate.web.server.adapter import Adapter
from wicketgate.web.wsgi import application as pages

THREADS = 4
"""Requests that one process answers at a time: they wait for the database more than they work."""
WAITING = 100
"""Requests that may wait for a thread; whoever comes then is told to come again."""


def _made() -> Adapter:
    from wicketgate.web.server.senders import may_send

    folder = served().uploads
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Adapter(pages, THREADS, WAITING, may_send, folder)


application = _made()
