"""What stands beside an activated version: how it compares, what was proved, what every engine says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from wicketgate.flow.engines import engines
from wicketgate.flow.progress import Progress
from wicketgate.law import Authority, CompiledLaw, compile_authority, load
from wicketgate.law.activation import ActivationError, require_conformance, require_proofs
from wicketgate.law.compare import Comparison, compare
from wicketgate.law.conformance import FILE, Row, read_suite, replay, row_of
from wicketgate.law.prove import prove
from wicketgate.law.prove.report import FORMAT
from wicketgate.law.prove.witness import complete_request

_LARGEST = 64 * 1024 * 1024


def compared(
    before: CompiledLaw | None, now: CompiledLaw, root: Path, words: Callable[[Comparison], str]
) -> tuple[str, bool]:
    """The comparison in words, and whether more requests may pass under `now` than under `before`.

    The solvers decide about equal facts. Another vocabulary reads other facts from the same
    request, so it counts as admitting more. Without a version before, everything that
    passes is new. Raises `ProofError`.
    """
    if before is None:
        passing = now.authority.route == "some"
        return "Nothing was in force before: every request that passes newly passes.\n", passing
    found = compare(before, now, base=complete_request(now, root))
    same_reading = before.authority.vocabulary == now.authority.vocabulary
    return words(found) + "\n", found.relation in ("looser", "neither") or not same_reading


def proved(authority: Authority, root: Path, given: Path | None, progress: Progress) -> bytes:
    """The report of proofs, made now or `given`, as it is kept.

    Raises `ActivationError` unless it is of this very version and everything holds, and `ProofError`.
    """
    if given is not None:
        content, digest, failures = _given(given)
    else:
        names = [overlay.name for overlay in authority.overlays]
        report = prove(
            authority.name, names, on=authority.on, switches=authority.switches, root=root, progress=progress
        )
        content, digest = report.to_json().encode() + b"\n", report.digest
        failures = [
            " ".join((outcome.kind, outcome.subject, *outcome.why[:1])) for outcome in report.failures
        ]
        if not report.obligations:
            failures = ["there is no obligation"]
    require_proofs(authority.digest, digest, failures)
    return content


def _given(path: Path) -> tuple[bytes, str, list[str]]:
    """A report from a file, the version that it is of, and what does not hold."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as problem:
        raise ActivationError(f"the proofs {path.name!a} cannot be read: {problem.strerror}.") from None
    read = _read(content) if len(content) <= _LARGEST else None
    if read is None:
        raise ActivationError(
            f"the proofs {path.name!a} are no report of the form {FORMAT}; "
            "make one with `wicketgate authority prove --json`."
        )
    return content, *read


def _read(content: bytes) -> tuple[str, list[str]] | None:
    """The version that a report is of and what does not hold; None for what is no report."""
    try:
        report = json.loads(content)
        outcomes = report["obligations"]
        failures = [f"{o['kind']} {o['subject']}".strip() for o in outcomes if o["holds"] is not True]
        if not failures and (report["all_hold"] is not True or not outcomes):
            failures = ["the report does not say that all hold"]
        return (str(report["authority_digest"]), failures) if report["format"] == FORMAT else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def conforming(law: CompiledLaw, root: Path, engine_names: Sequence[str], progress: Progress) -> bytes:
    """The result of replaying the conformance suite on every engine, as it is kept.

    Each row must come out as it is written, under the overlays and switches that it names,
    and as the Python function says under those of `law`. Raises `ActivationError` when an
    engine differs, `AuthorityError` when there is no suite, and what `engines` raises.
    """
    name, on = law.authority.name, law.authority.on
    suite = read_suite(name, root)
    asked: list[tuple[CompiledLaw, Sequence[Row]]] = []
    for setting in suite.settings:
        stands = load(name, setting.overlays, on=on, switches=setting.switches, root=root)
        asked.append((compile_authority(stands), setting.rows))
    asked.append((law, [row_of(law, row.facts, row.tells) for _, rows in asked for row in rows]))
    found: dict[str, list[str]] = {}
    with engines(engine_names) as started:
        for number, (engine, masks) in enumerate(started.items()):
            progress("replay the conformance suite", number, len(started))
            found[engine] = [
                problem for each, rows in asked for problem in replay(each, rows, partial(masks, each))
            ]
    require_conformance(suite.rows, found)
    result: Mapping[str, object] = {
        "authority_digest": law.authority.digest,
        "suite": FILE,
        "rows": sum(len(rows) for _, rows in asked),
        "engines": list(found),
        "problems": 0,
    }
    return json.dumps(result, indent=1).encode() + b"\n"
