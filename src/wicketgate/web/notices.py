"""Mail notices: that something waits, with a handle and a link, and never about whom.

This is the one place from which the gate writes to anybody. A notice that cannot leave is logged by the kind
of its error and dropped: what it says stands in the queue, too. No act waits for a mail server.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from enum import Enum
from queue import SimpleQueue
from threading import Lock, Thread

from django.core.mail import EmailMessage
from django.db import connections
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wicketgate.core.identifiers import Handle
from wicketgate.web.accounts.models import Account
from wicketgate.web.configuration import served

_LOG = logging.getLogger("wicketgate.notices")


class Notice(Enum):
    """What a notice says, in one sentence."""

    REFERRED = gettext_lazy("An examiner referred a request to counsel.")
    DISSENT = gettext_lazy("A colleague attached a dissent to a request on which you acted.")

    @property
    def sentence(self) -> str:
        """In the language of the reader."""
        words: Promise = self.value
        return str(words)


def tell(
    notice: Notice,
    handle: Handle,
    *,
    roles: Collection[str] = (),
    people: Collection[str] = (),
    but: str = "",
) -> None:
    """Send a notice to people by role and by handle, except to one; returns at once."""
    if served().mail is None:
        return
    asked = Account.objects.filter(Q(role__in=roles) | Q(handle__in=people), is_active=True)
    readers = asked.exclude(email="").exclude(handle=but).values_list("email", flat=True)
    for reader in sorted(set(readers)):
        _POST.put(written(notice, handle, reader))


def written(notice: Notice, handle: Handle, reader: str) -> EmailMessage:
    """The message to one reader: one address to a message, so that nobody learns who else reads."""
    link = served().address + reverse("case", args=[handle])
    body = render_to_string("mail/notice.txt", {"sentence": notice.sentence, "handle": handle, "link": link})
    return EmailMessage(_("Wicketgate: %s") % handle, body, to=[reader])


class _Post:
    """A thread that sends what was put in."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[EmailMessage | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()

    def put(self, message: EmailMessage) -> None:
        """Send it soon."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="notices", daemon=True)
                self._thread.start()
            self._waiting.put(message)

    def finish(self) -> None:
        """Wait until everything has left."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._waiting.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None:
            try:
                message.send()
            except Exception as error:  # noqa: BLE001 - whatever it was, the work goes on
                _LOG.error("a notice did not leave: %s", type(error).__name__)
        connections.close_all()


_POST = _Post()
finish = _POST.finish
