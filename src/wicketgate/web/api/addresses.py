"""The addresses of the API, under names that the table of rights knows."""

from __future__ import annotations

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja.openapi.schema import get_schema

from wicketgate.web.api.operations import api

ROOT = "api/v1/"


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The API's own description (OpenAPI 3.1), the same for everybody."""
    return HttpResponse(described(), content_type="application/json")


@cache
def described() -> str:
    """The description as JSON."""
    found = get_schema(api, path_prefix=f"/{ROOT}")
    return json.dumps(found, ensure_ascii=False, indent=1)


def _patterns() -> list[URLPattern]:
    """One for each address: the library names one of two methods twice, and a root that answers nothing."""
    found = {each.name: each for each in api.urls[0] if isinstance(each, URLPattern)}
    found.pop("api-root", None)
    return [
        path(f"{ROOT}{str(each.pattern).lstrip('/')}", each.callback, name=name)
        for name, each in found.items()
    ]


patterns = [path(f"{ROOT}openapi.json", description, name="api_description"), *_patterns()]
