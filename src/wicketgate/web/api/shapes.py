"""What is sent and answered, as types: the description of the API is made from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from wicketgate.core.request import COLUMNS

HandleText = Annotated[
    str, Field(pattern=r"^WG(-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}){3}$", examples=["WG-2B3C-4D5F-6G7H"])
]
KeyId = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Jws = Annotated[str, Field(min_length=100, max_length=2000, pattern=r"^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$")]
Nonce = Annotated[str, Field(min_length=16, max_length=100, pattern=r"^[!-~]+$")]
Reasons = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00]+$")]
Status = Literal[
    "in_progress",
    "withdrawn",
    "deficient",
    "no_disclosure",
    "suspended",
    "disclosed",
    "picked_up",
    "expired",
    "recall_noticed",
    "recalled",
]


class Sent(Schema):
    """What an agency sends: nothing that the description does not name."""

    model_config = ConfigDict(extra="forbid")


class Told(Schema):
    """What the gate answers."""


_OPTIONAL: dict[str, Any] = {
    name: (Annotated[str | None, Field(max_length=10_000)], None) for name in COLUMNS if name != "request_id"
}
Columns: Any = create_model(
    "Request",
    __base__=Sent,
    __doc__="One person's request, by the columns of a submission; every value is text.",
    request_id=(Annotated[str, Field(min_length=1, max_length=200)], ...),
    **_OPTIONAL,
)


class Signature(Sent):
    """The official's signature over the request: a detached JWS, and the terms that it was made under."""

    key: KeyId
    nonce: Nonce
    expires: datetime
    sequence: Annotated[int, Field(ge=1, le=2**62)]
    recipient_key: KeyId
    jws: Jws


class Check(Sent):
    """A request to look at."""

    request: Columns


class Submission(Sent):
    """A request to send. Only a demonstration takes one without a signature."""

    request: Columns
    signature: Signature | None = None


class Finding(Told):
    """An element that is not shown, why, and what would mend it."""

    code: str
    citation: str
    severity: str
    message: str
    remedy: str


class Checked(Told):
    """What the statutory review would find."""

    determination: Literal["sufficient", "deficient", "referred"]
    findings: list[Finding]


class Answer(Told):
    """The answer that has left: the very one that was sent."""

    answer: str
    text: str
    findings: list[dict[str, str]]


class RequestStatus(Told):
    """Where a request stands, as far as its agency is told."""

    handle: str
    submission: int
    row: int
    request_id: str
    agency: str
    status: Status
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: Answer | None
    package_key: str | None
    expires_at: datetime | None
    certificate_due_at: datetime | None


class RequestPage(Told):
    """Some requests, newest submission first; `next` is the cursor of the next page."""

    items: list[RequestStatus]
    next: str | None


class SubmissionLine(Told):
    """One submission."""

    submission: int
    name: str
    digest: str
    authority: str
    received_at: datetime


class SubmissionPage(Told):
    """Some submissions, the newest first; `next` is the value of `before` for the next page."""

    items: list[SubmissionLine]
    next: int | None


class SubmissionStatus(SubmissionLine):
    """A submission, and how many of the agency's requests in it stand where."""

    counts: dict[str, int]


class Received(Told):
    """A request that is in. `again` says that these very words were in already."""

    handle: str
    again: bool


class Taken(Told):
    """A batch that is on the disk. `again` says that these very bytes were sent before."""

    upload: int
    again: bool


class Upload(Told):
    """How far a batch is; `submission` is there once its rows are read."""

    upload: int
    state: Literal["waiting", "ready", "done", "cancelled", "unreadable"]
    paused: bool
    rows: int | None
    rows_done: int
    submission: int | None
    problem: str | None


class Receipt(Told):
    """A receipt of one entry of the ledger (c2sp.org/tlog-proof@v1), and openings of its fields by name."""

    name: str
    receipt: str
    openings: dict[str, str]


class Receipts(Told):
    """What can be checked offline with `wicketgate ledger verify`."""

    items: list[Receipt]


class PickUp(Sent):
    """The officer's signed wish to have one package, once."""

    handle: HandleText
    package_key: KeyId
    key: KeyId
    nonce: Nonce
    expires: datetime
    jws: Jws


class Package(Told):
    """The sealed package, and the share that opens it beside the officer's own key; given once."""

    jwe: str
    share: str


class Jwk(Sent):
    """A public key on P-384."""

    kty: Literal["EC"]
    crv: Literal["P-384"]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{64}$")]
    y: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{64}$")]


class Registration(Sent):
    """A key with the proof that its holder has its private half; `registration.json` of `agency keygen`."""

    use: Literal["sign", "receive", "connect"]
    official: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
    agency: Code
    jwk: Jwk
    proof: Jws


class Key(Told):
    """A key of the agency."""

    key_id: str
    use: str
    holder: str
    agency: str
    status: Literal["handed_in", "registered", "confirmed", "revoked"]
    since: datetime


class Keys(Told):
    """Some of the agency's keys, the newest first; `next` is the cursor of the next page."""

    items: list[Key]
    next: str | None


class Offered(Told):
    """A key that waits for two people of the custodian."""

    key_id: str
    status: Literal["handed_in"]


class Revocation(Sent):
    """Why a key is ended."""

    reasons: Reasons


class Done(Told):
    """It was done."""

    done: bool = True


class Notice(Told):
    """A disclosure that was called back: every copy is to be destroyed, and certified by the day."""

    handle: str
    noticed_at: datetime
    certificate_due_at: datetime | None
    certified_at: datetime | None


class Notices(Told):
    """Some notices, those of the newest submission first; `next` is the cursor of the next page."""

    items: list[Notice]
    next: str | None


class Certificate(Sent):
    """The officer's signed word that every copy is destroyed."""

    handle: HandleText
    officer: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
    copies: Annotated[int, Field(ge=1, le=1_000_000)]
    media: Literal["electronic", "removable", "backup", "paper"]
    method: Literal["clear", "purge", "destroy"]
    destroyed_on: date
    key: KeyId
    jws: Jws


class ProblemDetails(Told):
    """A refusal (RFC 9457): its type says which, its detail is one sentence for a person."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
