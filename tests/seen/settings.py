"""The gate's own settings, watched: every answer, log line and mail is kept for the search after the run."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage

from tests.seen.kept import keep, log_file
from wicketgate.web.settings import *  # noqa: F403 - the same settings
from wicketgate.web.settings import LOGGING, MIDDLEWARE

MIDDLEWARE = ["tests.seen.answers.Watch", *MIDDLEWARE]

if (_file := log_file()) is not None:
    _handler = {"class": "logging.FileHandler", "formatter": "plain", "filename": str(_file), "delay": True}
    LOGGING["handlers"]["seen"] = _handler  # type: ignore[index]
    LOGGING["loggers"]["django"]["handlers"].append("seen")  # type: ignore[index]
    LOGGING["root"]["handlers"].append("seen")  # type: ignore[index]

_send = EmailMessage.send


def _kept(message: EmailMessage, *arguments: Any, **words: Any) -> int:
    keep("mail", message.message().as_bytes().decode(), "subject, headers and body")
    return _send(message, *arguments, **words)


EmailMessage.send = _kept  # type: ignore[method-assign, assignment]
