"""The operations, each one call of a flow. Doors and signatures are asked before any of them runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Path, Query, Status
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from wicketgate.core.identifiers import Handle
from wicketgate.flow.api import keys as key_acts
from wicketgate.flow.api import packages, reading, sending
from wicketgate.flow.api.batch import progress
from wicketgate.flow.api.caller import as_text
from wicketgate.flow.api.once import Answer, once
from wicketgate.flow.api.receipts import receipts_of
from wicketgate.flow.api.refusals import CallRefusedError
from wicketgate.flow.official_keys import Registration
from wicketgate.flow.pick_up import SignedPickUp
from wicketgate.flow.recall import Certificate
from wicketgate.web.api import shapes
from wicketgate.web.api.answers import key_line, request_status, submission_line, upload_line
from wicketgate.web.api.batch import receive_batch
from wicketgate.web.api.problems import invalid, problem, refused
from wicketgate.web.api.speaking import caller_of
from wicketgate.web.gates import gate, kin

VERSION = "1.0.0"
WORDS = {
    400: "The call cannot be read.",
    401: "It is not shown who calls: no signature that holds, a message from another time, or a second copy.",
    403: "The call is about another agency.",
    404: "There is nothing under this name for your agency.",
    405: "The address does not take this method.",
    408: "The body came too slowly.",
    409: "The Idempotency-Key is at work or stale.",
    413: "The body is too large.",
    422: "The call is not as described, or what it asks for is refused.",
    429: "Too many calls of this key within a minute.",
    503: "The gate cannot work now; nothing was done.",
}


def _answers(*statuses: int, **good: Any) -> dict[int, Any]:
    """The answers of an operation: its own, and the problems that it can give."""
    told = {int(status.removeprefix("ok")): shape for status, shape in good.items()}
    always = (400, 401, 405, 408, 413, 422, 429, 503)
    return told | dict.fromkeys({*always, *statuses}, shapes.ProblemDetails)


api = NinjaAPI(
    title="Wicketgate for agencies",
    version=VERSION,
    description=(
        "Requests, answers, receipts, packages and keys of one requesting agency. Every call is signed "
        "(RFC 9421) with a key that two people of the custodian have confirmed."
    ),
    openapi_url=None,
    docs_url=None,
    openapi_extra={"security": [{"signature": []}]},
)
Limit = Annotated[int, Query(50, ge=1, le=reading.MOST, description="Entries of a page.")]
Cursor = Annotated[str | None, Query(None, max_length=60, description="`next` of the page before.")]
KeyCursor = Annotated[str | None, Query(None, max_length=90, description="`next` of the page before.")]
Number = Annotated[int, Field(ge=1, le=2**62)]
OnceKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        description="16 to 100 characters, new for each call; the same call under the same key is done once.",
    ),
]
InPath = Annotated[shapes.HandleText, Path(description="The request's handle.")]


@api.post(
    "/checks", url_name="api_checks", response=_answers(403, ok200=shapes.Checked), summary="Check a request"
)
def check(request: HttpRequest, sent: shapes.Check) -> dict[str, object]:
    """What the statutory review would find if it were sent now, alone. Nothing is kept."""
    caller = caller_of(request)
    asked = sending.read_request(sent.request.dict())
    found = sending.check(gate(), caller, asked)
    return {
        "determination": str(found.determination),
        "findings": [
            {
                "code": each.code,
                "citation": each.citation,
                "severity": str(each.severity),
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in found.findings
        ],
    }


@api.post(
    "/requests",
    url_name="api_requests",
    response=_answers(403, 409, ok201=shapes.Received),
    summary="Send a request",
)
def send(request: HttpRequest, sent: shapes.Submission, key: OnceKey) -> HttpResponse:
    """Send one request, signed by the official whom it names. Its answer leaves in a slot of the clock."""
    caller = caller_of(request)

    def work() -> Answer:
        asked = sending.read_request(sent.request.dict())
        given = None if sent.signature is None else sending.signature_of(**sent.signature.dict())
        done = sending.send(gate(), caller, kin(), asked, given)
        return Answer(201, {"handle": str(done.handle), "again": done.again})

    return _once(request, key, work)


@api.get(
    "/requests", url_name="api_requests", response=_answers(ok200=shapes.RequestPage), summary="List requests"
)
def listed(
    request: HttpRequest,
    limit: Limit,
    cursor: Cursor,
    submission: Annotated[Number | None, Query(None, description="Only this submission's.")],
) -> dict[str, object]:
    """The agency's requests and its components', the newest submission first."""
    page = reading.listed(gate(), caller_of(request), cursor, limit, submission)
    return {"items": [request_status(each) for each in page.items], "next": page.after}


@api.get(
    "/requests/{handle}",
    url_name="api_request",
    response=_answers(404, ok200=shapes.RequestStatus),
    summary="Read where a request stands",
)
def status(request: HttpRequest, handle: InPath) -> dict[str, object]:
    """Where one request stands, and the answer once it has left."""
    return request_status(reading.one(gate(), caller_of(request), Handle(handle)))


@api.get(
    "/requests/{handle}/receipts",
    url_name="api_receipts",
    response=_answers(404, ok200=shapes.Receipts),
    summary="Read a request's receipts",
)
def receipts(request: HttpRequest, handle: InPath) -> dict[str, object]:
    """Receipts of the entries that the agency may know of: received, and the answer that has left."""
    found = receipts_of(gate(), caller_of(request), Handle(handle))
    return {
        "items": [{"name": each.name, "receipt": each.receipt, "openings": each.openings} for each in found]
    }


@api.post(
    "/submissions",
    url_name="api_submissions",
    response=_answers(409, ok202=shapes.Taken),
    summary="Send a batch",
    openapi_extra={
        # No schema of one JSON value says what lines of them hold.
        "requestBody": {
            "required": True,
            "content": {"application/jsonl": {"schema": {"description": "a JSON object on each line"}}},
        }
    },
)
def batch(request: HttpRequest, key: OnceKey) -> HttpResponse:
    """Send JSON Lines: on each line one object with `request` and `signature`. Each line stands alone.

    The workers read and determine it piece by piece; `/uploads/{number}` says how far they are.
    """
    return _answered(receive_batch(request, key))


@api.get(
    "/uploads/{number}",
    url_name="api_upload",
    response=_answers(404, ok200=shapes.Upload),
    summary="Read how far a batch is",
)
def upload(request: HttpRequest, number: Annotated[Number, Path()]) -> dict[str, object]:
    """How many rows of a batch are determined or refused."""
    return upload_line(progress(gate(), caller_of(request), number))


@api.get(
    "/submissions",
    url_name="api_submissions",
    response=_answers(ok200=shapes.SubmissionPage),
    summary="List submissions",
)
def submissions(
    request: HttpRequest,
    limit: Limit,
    before: Annotated[Number | None, Query(None, description="`next` of the page before.")],
) -> dict[str, object]:
    """The agency's submissions, the newest first."""
    found, after = reading.submissions(gate(), caller_of(request), before, limit)
    return {"items": [submission_line(each) for each in found], "next": after}


@api.get(
    "/submissions/{number}",
    url_name="api_submission",
    response=_answers(404, ok200=shapes.SubmissionStatus),
    summary="Read where a submission stands",
)
def submission(request: HttpRequest, number: Annotated[Number, Path()]) -> dict[str, object]:
    """One submission, and how many of the agency's requests in it stand where."""
    found, counts = reading.submission(gate(), caller_of(request), number)
    return {**submission_line(found), "counts": counts}


@api.post(
    "/pickups",
    url_name="api_pickups",
    response=_answers(404, ok200=shapes.Package),
    summary="Pick up a package",
)
def pick_up(request: HttpRequest, sent: shapes.PickUp) -> dict[str, object]:
    """The sealed package and the share that opens it, once, for the officer who signed for it."""
    signed = SignedPickUp(sent.key, sent.nonce, _zoned(sent.expires), sent.jws)
    found = packages.collect(gate(), caller_of(request), Handle(sent.handle), sent.package_key, signed)
    return {"jwe": found.jwe, "share": found.share.hex()}


@api.get("/keys", url_name="api_keys", response=_answers(ok200=shapes.Keys), summary="List keys")
def keys(request: HttpRequest, limit: Limit, cursor: KeyCursor) -> dict[str, object]:
    """The keys of the agency and its components, those that wait for the custodian too."""
    found, after = key_acts.keys(gate(), caller_of(request), cursor, limit)
    return {"items": [key_line(each) for each in found], "next": after}


@api.post("/keys", url_name="api_keys", response=_answers(403, ok201=shapes.Offered), summary="Hand in a key")
def hand_in(request: HttpRequest, sent: shapes.Registration) -> Status[dict[str, object]]:
    """Hand in a key with its proof of possession. It counts once two people of the custodian have said so."""
    registration = Registration(sent.official.strip(), sent.agency, sent.jwk.dict(), sent.proof, sent.use)
    done = key_acts.hand_in(gate(), caller_of(request), registration)
    return Status(201, {"key_id": done.key_id, "status": "handed_in"})


@api.post(
    "/keys/{key_id}/revocation",
    url_name="api_key_revocation",
    response=_answers(404, ok200=shapes.Done),
    summary="Revoke a key",
)
def revoke(
    request: HttpRequest, key_id: Annotated[shapes.KeyId, Path()], sent: shapes.Revocation
) -> dict[str, object]:
    """End a key of the agency at once."""
    key_acts.revoke(gate(), caller_of(request), key_id, sent.reasons)
    return {"done": True}


@api.get("/notices", url_name="api_notices", response=_answers(ok200=shapes.Notices), summary="List notices")
def notices(request: HttpRequest, limit: Limit, cursor: Cursor) -> dict[str, object]:
    """Disclosures that were called back after their pick-up, and by when to certify their destruction."""
    page = reading.notices(gate(), caller_of(request), cursor, limit)
    return {
        "items": [
            {
                "handle": each.handle,
                "noticed_at": each.noticed_at,
                "certificate_due_at": each.certificate_due_at,
                "certified_at": each.certified_at,
            }
            for each in page.items
        ],
        "next": page.after,
    }


@api.post(
    "/certificates",
    url_name="api_certificates",
    response=_answers(404, ok201=shapes.Done),
    summary="Certify destruction",
)
def certify(request: HttpRequest, sent: shapes.Certificate) -> Status[dict[str, object]]:
    """The officer's signed certificate that every copy of what was called back is destroyed."""
    made = Certificate(
        Handle(sent.handle),
        sent.officer,
        sent.copies,
        sent.media,
        sent.method,
        sent.destroyed_on,
        sent.key,
        sent.jws,
    )
    packages.certify(gate(), caller_of(request), made)
    return Status(201, {"done": True})


def _once(request: HttpRequest, key: str | None, work: Callable[[], Answer]) -> HttpResponse:
    """Do it once under its key, and answer as JSON."""
    asked = (request.method or "", request.path, sha256(request.body).hexdigest())
    return _answered(once(gate(), caller_of(request), key, asked, work))


def _answered(done: Answer) -> HttpResponse:
    return HttpResponse(as_text(done.body), status=done.status, content_type="application/json")


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise CallRefusedError(422, "malformed", "`expires` has no time zone.")
    return at


@api.exception_handler(CallRefusedError)
def _on_refusal(request: HttpRequest, error: CallRefusedError) -> HttpResponse:
    return refused(request, error)


@api.exception_handler(ValidationError)
def _on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return invalid(error.errors)


@api.exception_handler(HttpError)
def _on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    status = 400 if error.status_code not in WORDS else error.status_code
    return problem(status, "invalid", WORDS[status])


__all__ = ["api"]
