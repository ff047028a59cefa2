"""What a letter says: the outward answer to one request, or the counts of a whole submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wicketgate.core.finding import Determination, Finding, Severity
from wicketgate.flow.outputs import Signature, explained
from wicketgate.law import Authority

_TITLE = {
    "deficient": "Your request is returned: it is not complete",
    "referred": "Your request waits for a person's determination",
    "no_disclosure": "Answer to your request",
    "suspended": "Disclosure is suspended by order",
    "disclosed": "A package waits for the officer whom you named",
}
_SEND_AGAIN = (
    "Send the request again when every point above is mended. It is then reviewed like a new one. "
    "No officer can waive an element of the law."
)
_CLOSING: Mapping[str, tuple[str, ...]] = {
    "deficient": (_SEND_AGAIN,),
    "disclosed": ("Whoever picks it up acknowledges it with the key that was registered for that officer.",),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's template and what is printed in it; plain text throughout."""

    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes a letter, and the law that it rests on."""

    custodian: str
    """How the custodian's office calls itself."""
    authority: str
    """The authority's title with its citation."""
    version: str
    """The digest of the version that was applied."""

    @classmethod
    def of(cls, custodian: str, authority: Authority, version: str | None = None) -> Sender:
        """The custodian under an authority; `version` where an earlier one of it was applied."""
        return cls(custodian, _named(authority), version or authority.digest)


def answer_letter(answer: Mapping[str, object], sender: Sender, on: date) -> Letter:
    """The letter for an outward answer (`stages.answer.outward_answer`).

    It is made of the answer alone, so it can tell no more than the answer does: for every request that
    ends without a disclosure, whatever the reason, it is the same but for the requester's own reference.
    Raises `KeyError` for an answer of an unknown kind.
    """
    kind = str(answer["answer"])
    return Letter(
        "answer",
        {
            "kind": kind,
            "title": _TITLE[kind],
            "reference_label": "your reference",
            "reference": str(answer["request_id"]),
            "opening": str(answer["text"]),
            "points": answer.get("findings", []),
            "closing": _CLOSING.get(kind, ()),
            **_particulars(sender, on),
        },
    )


def notice(reference: str, counted: Counted, sender: Sender, on: date) -> Letter:
    """One notice about all requests of a submission, for which each row has an answer of its own."""
    named = [(str(each), counted.by_determination.get(each, 0)) for each in Determination]
    return summed_up(
        reference,
        counted.rows,
        [*named, ("could not be read", counted.malformed)],
        [(explained(finding), count) for finding, count in counted.by_element],
        sender,
        on,
    )


def summed_up(
    reference: str,
    rows: int,
    outcomes: Sequence[tuple[str, int]],
    elements: Sequence[tuple[Mapping[str, str], int]],
    sender: Sender,
    on: date,
) -> Letter:
    """The notice itself: how many rows came out how, and which elements were not shown how often."""
    return Letter(
        "notice",
        {
            "kind": "notice",
            "title": "Notice about your submission",
            "reference_label": "your submission",
            "reference": reference,
            "opening": (
                f"Your submission holds {rows:,} rows. Each row is one request about one person and "
                "was reviewed by itself. The list by row is sent with this notice; this page sums it up."
            ),
            "determinations": [{"name": name, "count": f"{count:,}"} for name, count in outcomes],
            "elements": [{**finding, "count": f"{count:,}"} for finding, count in elements],
            "closing": (_SEND_AGAIN,) if elements else (),
            **_particulars(sender, on),
        },
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A submission in numbers."""

    rows: int
    malformed: int
    by_determination: Mapping[Determination, int]
    by_element: Sequence[tuple[Finding, int]]
    """Each defect and referral, and how many requests have it; the most frequent first."""

    @classmethod
    def of(cls, rows: int, malformed: int, signatures: Iterable[Signature]) -> Counted:
        """From the distinct outcomes of a reviewed file."""
        determinations: dict[Determination, int] = {}
        elements: dict[Finding, int] = {}
        for each in signatures:
            determinations[each.determination] = determinations.get(each.determination, 0) + each.requests
            for finding in each.findings:
                if finding.severity is not Severity.NOTE:
                    elements[finding] = elements.get(finding, 0) + each.requests
        by_element = sorted(elements.items(), key=lambda pair: (-pair[1], pair[0].code))
        return cls(rows, malformed, determinations, by_element)


def _particulars(sender: Sender, on: date) -> dict[str, str]:
    return {
        "custodian": sender.custodian,
        "date": f"{on:%B} {on.day}, {on.year}",
        "authority": sender.authority,
        "version": sender.version,
    }


def _named(authority: Authority) -> str:
    cited = str(authority.citation)
    return authority.title if cited in authority.title else f"{authority.title} ({cited})"
