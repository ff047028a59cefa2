"""The page that checks receipts in anybody's browser, as an agency keeps it beside its receipts."""

from __future__ import annotations

from wicketgate.flow.gate import Gate
from wicketgate.ledger.verifier_app import page


def verifier_page() -> bytes:
    """`verify.html`: one file that opens no connection."""
    return page()


def how_to_check(gate: Gate) -> str:
    """What to do with the receipts, and the log's key."""
    return (
        "Open verify.html in a browser, choose one .tlog-proof file and the .json files of the same name,\n"
        "and paste the key of the log below. It all happens on your own machine; no connection is opened.\n\n"
        f"{gate.key.vkey}\n\n"
        "Compare the key with another place: the custodian's public page, or a witness of the log.\n"
    )
