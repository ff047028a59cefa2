"""The addresses of the API, under names that the table of rights knows."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja.openapi.schema import get_schema

from wicketgate.flow.api.once import KEY_PATTERN
from wicketgate.web.api.operations import WORDS, api
from wicketgate.web.api.problems import PROBLEM

ROOT = "api/v1/"


SIGNED = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": "An HTTP message signature (RFC 9421), with Signature-Input and Content-Digest beside it.",
}


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The API's own description (OpenAPI 3.1), the same for everybody."""
    return HttpResponse(described(), content_type="application/json")


@cache
def described() -> str:
    """The description as JSON."""
    return json.dumps(description_of(), ensure_ascii=False, indent=1)


def description_of() -> dict[str, Any]:
    """The description, with what the library has no word for: signatures, keys of calls, problems."""
    found: dict[str, Any] = json.loads(json.dumps(get_schema(api, path_prefix=f"/{ROOT}")))
    found["components"]["securitySchemes"] = {"signature": SIGNED}
    for operations in found["paths"].values():
        for operation in operations.values():
            operation["operationId"] = operation["operationId"].rsplit("operations_", 1)[-1]
            for each in operation.get("parameters", ()):
                if each["name"] == "Idempotency-Key":
                    each |= {"required": True, "schema": {"type": "string", "pattern": KEY_PATTERN}}
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["description"] = WORDS[int(status)]
                    answer["content"] = {PROBLEM: answer["content"]["application/json"]}
    return found


def _patterns() -> list[URLPattern]:
    """One for each address: the library names one of two methods twice, and a root that answers nothing."""
    found = {each.name: each for each in api.urls[0] if isinstance(each, URLPattern)}
    found.pop("api-root", None)
    return [
        path(f"{ROOT}{str(each.pattern).lstrip('/')}", each.callback, name=name)
        for name, each in found.items()
    ]


patterns = [path(f"{ROOT}openapi.json", description, name="api_description"), *_patterns()]
