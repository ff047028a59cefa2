"""Why an act was not done: one class for each reason, one clear sentence, a stable code for pages."""

from __future__ import annotations

from typing import ClassVar

from wicketgate.core.identifiers import Handle


class WorkRefusedError(Exception):
    """The act was not done and nothing was changed. The sentence says what, why, and what to do instead."""

    code: ClassVar[str] = "refused"
    recorded: ClassVar[bool] = True
    """Whether the attempt itself is an entry of the ledger; slips of the pen are not."""


class OvertakenError(WorkRefusedError):
    """Somebody else was first."""

    code = "overtaken"
    recorded = False


class UnknownRequestError(WorkRefusedError):
    """There is no such request, or it is not this person's to see."""

    code = "unknown"
    recorded = False


class ExpungedError(WorkRefusedError):
    """What the request said is gone for good."""

    code = "expunged"
    recorded = False

    def __init__(self, handle: Handle) -> None:
        super().__init__(f"What {handle} said was expunged; only its leaves in the ledger are left.")


class NotAllowedError(WorkRefusedError):
    """The transition table, the role, or another guard does not allow it."""

    code = "not_allowed"


class RecusedError(WorkRefusedError):
    """This person has declared a conflict of interest."""

    code = "recused"


class UndeclaredError(WorkRefusedError):
    """This person has not said yet that there is no conflict of interest."""

    code = "undeclared"
    recorded = False


class UnclaimedError(WorkRefusedError):
    """This person has not claimed the request, or the claim has expired."""

    code = "unclaimed"
    recorded = False


class SuspendedError(WorkRefusedError):
    """Disclosure to the request's agency is suspended."""

    code = "suspended"


class ConfirmationError(WorkRefusedError):
    """The typed number is another one, or the proof of identity is too old."""

    code = "unconfirmed"


class RotationError(WorkRefusedError):
    """The same two people have decided too many requests in a row."""

    code = "rotation"


class IncompleteError(WorkRefusedError):
    """Reasons or elements are missing, or name what does not exist."""

    code = "incomplete"
    recorded = False
