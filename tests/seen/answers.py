"""Middleware of the tests: what every answer shows to somebody beside its reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tests.seen.kept import keep

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_CLASS = re.compile(r'class="[^"]*"')
_FORM_IN_ERROR = 422
"""A form of a case with its mistakes is a page of that case, not an error page."""


class Watch:
    """Keeps the address, the headers that name something, the title, and the whole of an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        where = f"{request.method} {request.path}: {response.status_code}"
        keep("address", request.get_full_path(), where)
        for name in ("Location", "Content-Disposition"):
            if name in response.headers:
                keep("address", response.headers[name], f"{where}, {name}")
        if not isinstance(response, HttpResponse) or not response.headers.get("Content-Type", "").startswith(
            "text/html"
        ):
            return response
        text = response.content.decode()
        for title in _TITLE.findall(text):
            keep("title", title, where)
        if response.status_code >= 400 and response.status_code != _FORM_IN_ERROR:
            keep("error page", _without_own_words(text, request), where)
        return response


def _without_own_words(text: str, request: HttpRequest) -> str:
    """The page without what its reader had just written: that goes back to nobody else."""
    text = _CLASS.sub("", text)
    for name, values in request.POST.lists():
        for value in values:
            if name != "csrfmiddlewaretoken" and value.strip():
                text = text.replace(escape(value), "").replace(escape(value.replace("\r\n", "\n")), "")
    return text
