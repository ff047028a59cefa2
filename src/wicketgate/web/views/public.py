"""The page for everybody, in English and in Spanish: what the gate is, what it does, and how to check it."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from wicketgate.flow.public_view import PublicView, law_in_force, proofs_of_law, public_view, verifier
from wicketgate.flow.public_view import checkpoint as newest_checkpoint
from wicketgate.flow.statistics import LEAST, Figure
from wicketgate.web.gates import gate
from wicketgate.web.limits import public
from wicketgate.web.plots import Bar, bars

_OTHER = {"en": ("es", "public_es"), "es": ("en", "public")}
_TOPICS = {"agency": "agencies", "element": "elements", "time": "times", "recall": "recalls"}
"""Of each topic the name of its table among the words."""


@require_safe
@public
def english(request: HttpRequest) -> HttpResponse:
    """In English."""
    return _page(request, "en")


@require_safe
@public
def spanish(request: HttpRequest) -> HttpResponse:
    """In Spanish."""
    return _page(request, "es")


@require_safe
@public
def figures(request: HttpRequest) -> HttpResponse:
    """Every published figure, for programs. A row's name is an agency's code or an element: no formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    lines = csv.writer(response)
    lines.writerow(("topic", "row", "part", "count", "first_day", "last_day"))
    for each in public_view(gate()).figures:
        lines.writerow((each.topic, each.row, each.part, each.count, each.first, each.last))
    return response


@require_safe
@public
def law(request: HttpRequest) -> HttpResponse:
    """The law in force, element by element; it is written in English."""
    view = public_view(gate())
    shown = {"view": view, "parts": law_in_force(gate()), "proofs": proofs_of_law(gate())}
    return render(request, "public_law.html", shown)


@require_safe
@public
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, to be kept: it proves later that nothing before it was changed."""
    return HttpResponse(newest_checkpoint(gate()), content_type="text/plain; charset=utf-8")


@require_safe
@public
def verify(request: HttpRequest) -> HttpResponse:
    """The verifier, one file."""
    headers = {"Content-Disposition": 'attachment; filename="wicketgate-verify.pyz"'}
    return HttpResponse(verifier(), content_type="application/zip", headers=headers)


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The page's words by language."""
    found: dict[str, dict[str, str]] = tomllib.loads(
        files("wicketgate.web").joinpath("public_words.toml").read_text(encoding="utf-8")
    )
    return found


def _page(request: HttpRequest, language: str) -> HttpResponse:
    view, said = public_view(gate()), words()[language]
    other_language, other = _OTHER[language]
    shown = {
        "view": view,
        "words": said,
        "language": language,
        "other": other,
        "other_language": other_language,
        "small": said["small"].format(least=LEAST),
        "tables": [*_tables(view, said)],
        "residue": _residue(view),
    }
    return render(request, "public.html", shown)


def _tables(
    view: PublicView, said: Mapping[str, str]
) -> Iterable[tuple[str, SafeString | str, list[tuple[str, str, Figure]]]]:
    for topic, name in _TOPICS.items():
        found = [each for each in view.figures if each.topic == topic]
        if found:
            rows = [
                (_row(each, said), said.get(each.part or "total", each.part), each)
                for each in found
                if not (topic == "recall" and each.part)  # a row of recalls has no parts
            ]
            yield said[name], _plot(topic, said, found), rows


def _row(figure: Figure, said: Mapping[str, str]) -> str:
    """The name of a row: an agency or an element as it is, what became of a recall in words."""
    return said[figure.row.replace(" ", "_")] if figure.topic == "recall" else figure.row


def _residue(view: PublicView) -> int | None:
    """What was asked back and is not certified, of what is published; None before anything is."""
    told = [each for each in view.figures if each.topic == "recall" and not each.part]
    asked = sum(each.count for each in told if each.row == "asked back")
    certified = sum(each.count for each in told if each.row == "destruction certified")
    return asked - certified if asked else None


def _plot(topic: str, said: Mapping[str, str], found: Iterable[Figure]) -> SafeString | str:
    """The newest total of each row."""
    newest: dict[str, Figure] = {}
    for each in found:
        if not each.part:
            newest.setdefault(each.row, each)
    listed = sorted(newest.values(), key=lambda each: (-each.count, each.row))
    found_bars = [Bar(_row(each, said), each.count, f"{each.count:,}") for each in listed]
    return bars(topic, said[_TOPICS[topic]], found_bars)
