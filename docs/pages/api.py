"""The reference of the agencies' API, from its own description."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from docs.pages.markdown import page, table

_INTRODUCTION = """How to sign, with the example client and with curl:
[Connect an agency's system](../how-to/connect-an-agencys-system.md). The gate serves this description as
OpenAPI 3.1 at `/api/v1/openapi.json`."""


def api() -> str:
    """Every operation, and every shape that is sent or answered."""
    # In a process of its own: Django is set up once in a process, and this is no gate that is served.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found = pool.submit(_description).result()
    parts = [
        f"The API under `/api/v1/`, version {found['info']['version']}. {found['info']['description']}",
        _INTRODUCTION,
        "## Operations",
    ]
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            parts += _operation(path, method, operation)
    parts.append("## Shapes")
    for name, shape in sorted(found["components"]["schemas"].items()):
        parts += _shape(name, shape)
    return page("The agencies' API", *parts)


def _description() -> dict[str, Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "wicketgate.web.settings"
    import django

    django.setup()
    from wicketgate.web.api.addresses import description_of

    return description_of()


def _operation(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    parts = [f"### {method.upper()} {path}", operation["description"]]
    asked = [
        [
            f"`{each['name']}`",
            each["in"],
            "yes" if each.get("required") else "no",
            each.get("description", ""),
        ]
        for each in operation.get("parameters", ())
    ]
    if asked:
        parts.append(table(["parameter", "in", "required", "meaning"], asked))
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"Body: `{kind}`, {_kind(content['schema'])}.")
    answers = [
        [status, _kind(next(iter(answer["content"].values()))["schema"]), answer["description"]]
        for status, answer in sorted(operation["responses"].items())
    ]
    parts.append(table(["status", "body", "meaning"], answers))
    return parts


def _shape(name: str, shape: dict[str, Any]) -> list[str]:
    needed = shape.get("required", ())
    rows = [
        [f"`{field}`", _kind(each), _yes(field in needed)]
        for field, each in shape.get("properties", {}).items()
    ]
    return [f"### {name}", shape.get("description", ""), table(["field", "kind", "always there"], rows)]


def _yes(answer: object) -> str:
    return "yes" if answer else "no"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type") or schema.get("description", "anything"))
