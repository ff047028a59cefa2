"""Who may send a large body, asked before a byte of it is read: a known system, or a person at their door."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.urls import resolve

from wicketgate.web.accounts.models import Account
from wicketgate.web.api.speaking import speech_of
from wicketgate.web.roles import SYSTEMS, may_open


def may_send(environ: dict[str, Any]) -> bool:
    """True for whoever the door would open to; whatever goes wrong is no."""
    request = WSGIRequest({**environ, "wsgi.input": BytesIO()})
    close_old_connections()
    try:
        door = resolve(request.path_info).view_name
        if door in SYSTEMS:
            speech_of(request)
            return True
        session = import_module(settings.SESSION_ENGINE).SessionStore(
            request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        )
        account = Account.objects.filter(pk=session.get(SESSION_KEY), is_active=True).first()
        return account is not None and may_open(account.gate_role, door)
    except Exception:  # noqa: BLE001 - a gate that cannot say who it is takes nothing large from them
        return False
    finally:
        close_old_connections()
