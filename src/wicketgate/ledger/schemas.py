"""What each kind of record says: fixed fields in a fixed order, by version.

A published version never changes: an opening made in ten years must still find
its field at the same place. New fields or kinds make a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Schema: TypeAlias = tuple[str, ...]

CURRENT = 4
"""The version under which private records are committed now."""
PUBLIC_VERSION = 1
"""The version of the events in clear."""

_FIRST: dict[str, Schema] = {
    "request.received": (
        "handle",
        "submission",
        "row",
        "agency",
        "agency_sequence",
        "authority",
        "request_digest",
        "at",
    ),
    "request.determined": (
        "handle",
        "determination",
        "findings",
        "authority_digest",
        "switches_digest",
        "as_of",
        "predecessor",
        "at",
    ),
    "request.endorsed": ("handle", "examiner", "act", "reasons", "dissent", "predecessor", "at"),
    "request.held": ("handle", "act", "court", "docket", "actor", "predecessor", "at"),
    "request.withdrawn": ("handle", "actor", "reasons", "predecessor", "at"),
    "verification.asked": (
        "handle",
        "ticket",
        "actor",
        "purpose",
        "question_digest",
        "predecessor",
        "at",
    ),
    "verification.answered": ("handle", "ticket", "answer", "register_release", "predecessor", "at"),
    "decision": ("handle", "decision", "approver", "reasons", "dissent", "predecessor", "at"),
    "disclosure.intended": (
        "handle",
        "subject",
        "item",
        "agency",
        "recipient",
        "recipient_key",
        "purpose",
        "expires",
        "predecessor",
        "at",
    ),
    "disclosure.released": ("handle", "intent", "recipient", "package_digest", "predecessor", "at"),
    "pickup": ("handle", "recipient", "package_digest", "acknowledgement_digest", "predecessor", "at"),
    "access.denied": ("handle", "actor", "role", "act", "reason", "at"),
}

# What people do in the officers' workplace, and what they say about each other's acts.
_SECOND: dict[str, Schema] = _FIRST | {
    "case.claimed": ("handle", "officer", "role", "act", "reasons", "until", "at"),
    "conflict.declared": ("handle", "officer", "role", "act", "reasons", "at"),
    "referral.determined": (
        "handle",
        "act",
        "counsel",
        "findings",
        "reasons",
        "dissent",
        "predecessor",
        "at",
    ),
    "dissent": ("handle", "officer", "role", "statement_digest", "signature_digest", "at"),
    "dissent.answered": ("handle", "officer", "role", "statement_digest", "reasons", "at"),
    "exercise": ("handle", "act", "actor", "request_digest", "reasons", "at"),
}

# Entries that open something name who acts, for what, and about whom; a submission has one of its own.
_THIRD: dict[str, Schema] = _SECOND | {
    "submission.received": ("submission", "requests", "authority", "at"),
    "request.received": (
        "handle",
        "submission",
        "row",
        "agency",
        "agency_sequence",
        "authority",
        "request_digest",
        "official_key",
        "signature_digest",
        "at",
    ),
    "official.key": (
        "key_id",
        "official",
        "agency",
        "act",
        "actor",
        "proof_digest",
        "reasons",
        "at",
    ),
    "disclosure.expired": ("handle", "actor", "at"),
    "disclosure.recalled": ("handle", "act", "actor", "reasons", "due", "at"),
    "destruction.certified": ("handle", "recipient", "certificate_digest", "at"),
    "disclosure.intended": (
        "handle",
        "actor",
        "subject",
        "item",
        "agency",
        "recipient",
        "recipient_key",
        "purpose",
        "expires",
        "predecessor",
        "at",
    ),
    "pickup": (
        "handle",
        "recipient",
        "purpose",
        "package_digest",
        "acknowledgement_digest",
        "predecessor",
        "at",
    ),
}

# What oversight does: who opens whose request and for what, and what a person is told of their own account.
# A disclosure names its taxpayer by a pseudonym that is the same at every release: the law counts taxpayers.
_FOURTH: dict[str, Schema] = _THIRD | {
    "disclosure.released": (
        "handle",
        "intent",
        "recipient",
        "package_digest",
        "taxpayer",
        "predecessor",
        "at",
    ),
    "access.opened": ("handle", "actor", "role", "purpose", "subject", "at"),
    "account.asked": ("handle", "actor", "reasons", "identified_by", "due", "at"),
    "account.decided": ("handle", "act", "actor", "account_digest", "reasons", "at"),
    # What agencies hand in about what they received, and what the custodian replies.
    "safeguards.document": ("document", "agency", "kind", "document_digest", "actor", "at"),
    "safeguards.reply": ("document", "outcome", "words", "counts_until", "actor", "at"),
    "disclosure.acknowledged": ("handle", "recipient", "package_digest", "actor", "at"),
    "request.held": ("handle", "act", "court", "docket", "actor", "reasons", "predecessor", "at"),
    "disclosure.recalled": ("handle", "act", "actor", "reasons", "due", "campaign", "at"),
    "order.act": ("number", "act", "actor", "role", "recipient", "document_digest", "at"),
    "safeguards.act": ("agency", "act", "number", "actor", "words_digest", "at"),
    "incident.act": ("number", "act", "agency", "actor", "role", "words_digest", "at"),
    "recall.act": ("number", "act", "actor", "agency", "proof_digest", "at"),
    # Two people dispose of what a schedule ends, and a hold keeps it.
    "disposition": (
        "number",
        "act",
        "schedule",
        "authority",
        "before",
        "requests",
        "list_digest",
        "proposer",
        "actor",
        "role",
        "reasons",
        "at",
    ),
    "hold": ("number", "act", "scope", "matter", "actor", "role", "reasons", "at"),
}

PRIVATE: Mapping[int, Mapping[str, Schema]] = {1: _FIRST, 2: _SECOND, 3: _THIRD, 4: _FOURTH}
"""Records about people: only a salted commitment is ever published."""

PublicType: TypeAlias = Literal["name", "digest", "date", "count", "counts", "vkey"]

PUBLIC: Mapping[str, Mapping[str, PublicType]] = {
    "policy": {
        "authority": "name",
        "authority_digest": "digest",
        "switches_digest": "digest",
        "from": "date",
    },
    "order": {
        "number": "count",
        "act": "name",
        "on": "date",
        "court": "name",
        "docket": "name",
        "binds": "name",
        "agency": "name",
        "recipients": "name",
        "from": "date",
        "to": "name",
        "document": "name",
    },
    "recall": {"number": "count", "act": "name", "on": "date", "disclosures": "count", "list": "digest"},
    "closure": {"cause": "name", "agency": "name", "act": "name", "on": "date"},
    "rehearsal": {"on": "date", "milliseconds": "count", "ended": "count", "released": "count"},
    "register": {"generation": "count", "on": "date", "audit": "name"},
    "answers": {"from": "date", "to": "date", "counts": "counts"},
    "statistics": {"first": "count", "last": "count", "from": "date", "to": "date", "counts": "counts"},
    "report": {"report": "name", "from": "date", "to": "date", "figures": "digest", "document": "digest"},
    "key.change": {"old": "vkey", "new": "vkey", "from": "date"},
    "tombstone": {"index": "count", "authority": "name", "rule": "name"},
}
"""Events with no person in them, published in clear: every field is required and of a narrow type."""
