"""The files that a review leaves behind (interface: "Commands", `review`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from wicketgate.core.context import Context
from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.flow.workspace import Workspace
from wicketgate.law import CompiledLaw


@dataclass(frozen=True, slots=True)
class Signature:
    """One distinct set of elements not shown, and how many requests have it."""

    words: tuple[int, ...]
    requests: int
    determination: Determination
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of defects and referrals, each once, in the authority's order."""
        return tuple(dict.fromkeys(f.code for f in self.findings if f.severity is not Severity.NOTE))


def signatures(workspace: Workspace, law: CompiledLaw) -> list[Signature]:
    """Every distinct outcome of the file, most frequent first."""
    rows = workspace.connection.execute(
        f"SELECT requests, {workspace.word_names(law)} FROM signature ORDER BY ALL DESC"
    ).fetchall()
    return distinct(rows, law)


def distinct(rows: Iterable[Sequence[int]], law: CompiledLaw) -> list[Signature]:
    """The outcomes of rows of (requests, words of element bits)."""
    found = []
    for requests, *words in rows:
        shown = law.shown(words)
        found.append(Signature(tuple(words), requests, law.determination(shown), law.findings(shown)))
    return found


def write_determinations(
    path: Path, workspace: Workspace, law: CompiledLaw, found: Iterable[Signature]
) -> None:
    """`determinations.csv`, in row order; a reference that a spreadsheet would run is made plain text."""
    names = workspace.word_names(law)
    columns = {"determination": "VARCHAR", "findings": "VARCHAR"} | dict.fromkeys(names.split(", "), "BIGINT")
    rows = [(str(s.determination), ";".join(s.codes), *s.words) for s in found]
    told = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in columns.items())
    values = [[row[place] for row in rows] for place in range(len(columns))]
    workspace.connection.execute(f"CREATE TABLE outcome AS SELECT {told}", values)
    workspace.connection.execute(
        f"""COPY (
            SELECT row, {SAFE_REFERENCE} AS request_id, determination, findings
            FROM shown JOIN outcome USING ({names}) ORDER BY row
        ) TO {quoted(path)} (HEADER, DELIMITER ',')"""
    )


SAFE_REFERENCE = (
    "CASE WHEN left(request_id, 1) IN ('=', '+', '-', '@') THEN chr(39) || request_id ELSE request_id END"
)
"""SQL for a reference that no spreadsheet takes for a formula; every engine reads it."""


def write_findings(path: Path, found: Iterable[Signature]) -> None:
    """`findings.jsonl`: one line per distinct finding set, with every element explained."""
    with path.open("w", encoding="utf-8") as lines:
        for signature in found:
            record = {
                "findings": ";".join(signature.codes),
                "determination": str(signature.determination),
                "requests": signature.requests,
                "elements": [explained(finding) for finding in signature.findings],
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def explained(finding: Finding) -> dict[str, str]:
    """A finding for people and programs."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "citation": finding.citation,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def write_malformed(path: Path, workspace: Workspace) -> None:
    """`malformed.csv` in row order."""
    workspace.connection.execute(
        f"""COPY (SELECT row, line, field AS "column", problem FROM malformed ORDER BY row, line)
        TO {quoted(path)} (HEADER, DELIMITER ',')"""
    )


def counts(found: Iterable[Signature]) -> dict[str, object]:
    """How many requests have each determination and each code."""
    by_determination = {str(d): 0 for d in Determination}
    by_code: dict[str, int] = {}
    for signature in found:
        by_determination[str(signature.determination)] += signature.requests
        for code in signature.codes:
            by_code[code] = by_code.get(code, 0) + signature.requests
    return {"by_determination": by_determination, "by_code": dict(sorted(by_code.items()))}


class Counted(NamedTuple):
    """How many rows a submission has, and how many of them are requests or malformed."""

    rows: int
    requests: int
    malformed: int


def summary(
    counted: Counted,
    found: Iterable[Signature],
    law: CompiledLaw,
    context: Context,
    seconds: Mapping[str, float],
) -> dict[str, object]:
    """What `summary.json` says."""
    authority = law.authority
    return {
        **counted._asdict(),
        **counts(found),
        "authority": authority.name,
        "overlays": [overlay.name for overlay in authority.overlays],
        "authority_digest": authority.digest,
        "switches": dict(authority.switches),
        "as_of": context.as_of.isoformat(),
        "seconds": dict(seconds),
    }


def write_summary(path: Path, summary: Mapping[str, object]) -> None:
    """`summary.json`."""
    path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def quoted(path: Path) -> str:
    """The path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
