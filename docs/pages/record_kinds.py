"""What the ledger's records hold."""

from __future__ import annotations

from docs.pages.markdown import code, page, table
from wicketgate.ledger.schemas import CURRENT, PRIVATE, PUBLIC


def record_kinds() -> str:
    """`reference/record-kinds.md`."""
    return page(
        "Kinds of records",
        "Every act is one record of the ledger; what follows from that is said in "
        "[What the ledger proves](../explanation/what-the-ledger-proves.md). The source is "
        "`src/wicketgate/ledger/schemas.py`; a published version never changes.",
        f"## About people: version {CURRENT}",
        "Only a salted commitment is public. Each field can be opened without the others.",
        table(
            ("kind", "fields, in their fixed order"),
            [(code(kind), ", ".join(map(code, fields))) for kind, fields in PRIVATE[CURRENT].items()],
        ),
        "## Without a person",
        "Published in clear. Every field is required and of a narrow type: free text could name somebody.",
        table(
            ("event", "fields and their types"),
            [
                (code(kind), ", ".join(f"{code(name)} {type_}" for name, type_ in fields.items()))
                for kind, fields in PUBLIC.items()
            ],
        ),
    )
