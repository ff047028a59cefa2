"""A row of a reviewed file as it comes in: what was written beside the facts and words that were found."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wicketgate.core.catalogue import CATALOGUE
from wicketgate.core.facts import FactSpec, FactValue
from wicketgate.core.remembered import Remembered
from wicketgate.core.request import Request
from wicketgate.flow.receive import Incoming
from wicketgate.law import CompiledLaw
from wicketgate.stages.intake import Values

_REPEATED = 4_096
"""Values of each fact whose reading is kept; a file repeats most of them again and again."""


def _reader(spec: FactSpec) -> Callable[[object], FactValue]:
    # A column of one type, so no truth can be taken for a number; lists are no keys.
    return spec.of_column if spec.type == "list" else Remembered(spec.of_column, _REPEATED).__getitem__


_READERS = tuple((name, _reader(spec)) for name, spec in CATALOGUE.items())


def judged(
    row: int, values: Values, facts: Sequence[object], words: Sequence[object], law: CompiledLaw
) -> Incoming:
    """`facts` in the catalogue's order, `words` of element bits in the law's."""
    named = {name: read(value) for (name, read), value in zip(_READERS, facts, strict=True)}
    request = Request(*values)  # type: ignore[arg-type]  # intake refuses a row without a reference
    return Incoming(row, request, named, law.shown(words))  # type: ignore[arg-type]  # whole numbers or nothing
