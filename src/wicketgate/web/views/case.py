"""The page of one request: everything that a person needs to judge it, and what they may do now."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wicketgate.core.identifiers import Handle
from wicketgate.flow.inspect.opening import UnopenedError
from wicketgate.flow.work.case import Alike, CaseView, Element
from wicketgate.flow.work.case import case as load
from wicketgate.flow.work.receipt import receipt as make_receipt
from wicketgate.web.gates import actor_of, gate, kin
from wicketgate.web.offers import offers
from wicketgate.web.words import CLOCKS, FIELDS, SAFEGUARDS, STANDINGS, STATES, entry


@dataclass(frozen=True, slots=True)
class Line:
    """One element in words, ready for a page that shows a hundred of them."""

    element: Element
    anchor: str
    word: Promise
    standing: str
    code: str
    title: str
    citation: str
    sense: str


@dataclass(frozen=True, slots=True)
class Part:
    """The elements of one part of the law: those that stand out, and those that are simply met."""

    name: str
    open: Sequence[Line]
    met: SafeString
    """Ready for the page: what is met reads the same on every page under the same law."""
    met_number: int


@require_safe
def case(request: HttpRequest, handle: Handle) -> HttpResponse:
    """The case page; an inspector who has not stated a purpose is led to where it is stated."""
    try:
        view = load(gate(), actor_of(request), handle, kin())
    except UnopenedError:
        return redirect("inspect_case", handle)
    return render(request, "desk/case.html", about(view, request))


def about(view: CaseView, request: HttpRequest) -> dict[str, Any]:
    """What every page about one request shows of it."""
    found = offers(view, actor_of(request))
    return {
        "view": view,
        "state": STATES[view.state],
        "clock": CLOCKS[view.clock],
        "safeguards": SAFEGUARDS.get(view.safeguards or "", _("Unknown agency")),
        "groups": groups(view),
        "parts": parts(view.elements, "return" in found.doors),
        "may_return": "return" in found.doors,
        "counts": counts(view.elements),
        "alike": [(each, *passages(view, each)) for each in view.alike],
        "steps": [(step, entry(step.kind, step.act)) for step in view.timeline],
        "offers": found,
    }


def groups(view: CaseView) -> list[tuple[Promise, list[tuple[Promise, str | None]]]]:
    """The request as it was written, in the order in which a person reads it; None for what is withheld."""
    found = []
    for name, columns in FIELDS:
        rows: list[tuple[Promise, str | None]] = []
        for column, label in columns:
            if column in view.withheld:
                rows.append((label, None))
            elif column in view.fields:
                rows.append((label, view.fields[column]))
        if rows:
            found.append((name, rows))
    return found


def counts(elements: Iterable[Element]) -> list[tuple[str, int]]:
    """How many elements stand how, those that stand out first."""
    found = Counter(str(element.standing) for element in elements)
    return [(name, found[name]) for name in reversed(STANDINGS) if found[name]]


def parts(elements: Iterable[Element], may_return: bool) -> list[Part]:
    """The elements by part of the law, in its order."""
    by_part: dict[str, list[Element]] = {}
    for element in elements:
        by_part.setdefault(element.part, []).append(element)
    return [
        Part(
            name,
            [_line(each) for each in found if _stands_out(each)],
            _met(
                tuple(
                    Met(_anchor(e), e.code, e.title, e.citation, e.sense) for e in found if not _stands_out(e)
                ),
                may_return,
                get_language() or "",
            ),
            sum(not _stands_out(each) for each in found),
        )
        for name, found in by_part.items()
    ]


class Met(NamedTuple):
    """An element that is met, without anything of the request in it."""

    anchor: str
    code: str
    title: str
    citation: str
    sense: str


@lru_cache(maxsize=512)
def _met(elements: tuple[Met, ...], may_return: bool, _language: str) -> SafeString:
    return render_to_string("desk/met.html", {"elements": elements, "may_return": may_return})


def _anchor(element: Element) -> str:
    return "element-" + re.sub(r"[^A-Za-z0-9]+", "-", element.id)


def _line(element: Element) -> Line:
    return Line(
        element=element,
        anchor=_anchor(element),
        word=STANDINGS[element.standing],
        standing=element.standing,
        code=element.code,
        title=element.title,
        citation=element.citation,
        sense=element.sense,
    )


def _stands_out(element: Element) -> bool:
    return element.standing != "met" or bool(element.spoken)


def passages(view: CaseView, alike: Alike) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both reasons, cut where the common text begins and ends."""
    return _cut(view.fields.get("reasons", ""), alike.here), _cut(alike.reasons, alike.there)


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    found, at = [], 0
    for start, end in spans:
        found += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*found, (text[at:], False)) if piece[0]]


@require_safe
def receipt(request: HttpRequest, handle: Handle, index: int) -> HttpResponse:
    """A receipt of one entry of the timeline, with what opens it, to be checked offline."""
    given = make_receipt(gate(), actor_of(request), handle, index)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{index}.tlog-proof", given.receipt)
        for name, text in given.openings.items():
            file.writestr(f"{index}.{name}.json", text)
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{handle}-{index}.zip"'},
    )
