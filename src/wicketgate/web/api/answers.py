"""What flows give, in the shapes of the API: by name, so that nothing slips out beside them."""

from __future__ import annotations

from wicketgate.flow.api.batch import Seen
from wicketgate.flow.api.keys import KeyLine
from wicketgate.flow.api.reading import Outward, SubmissionSeen


def request_status(seen: Outward) -> dict[str, object]:
    """One request as its agency may know it."""
    told = seen.told
    return {
        "handle": seen.handle,
        "submission": seen.submission,
        "row": seen.row,
        "request_id": seen.request_id,
        "agency": seen.agency_line[0],
        "status": seen.status,
        "received_at": seen.received_at,
        "due_at": seen.due_at,
        "answered_at": seen.answered_at,
        "answer": {"answer": told["answer"], "text": told["text"], "findings": told.get("findings", [])}
        if told
        else None,
        "package_key": seen.key_id,
        "expires_at": seen.expires_at,
        "certificate_due_at": seen.certificate_due_at,
    }


def submission_line(seen: SubmissionSeen) -> dict[str, object]:
    """One submission."""
    return {
        "submission": seen.submission,
        "name": seen.name,
        "digest": seen.digest,
        "authority": seen.authority,
        "received_at": seen.received_at,
    }


def key_line(key: KeyLine) -> dict[str, object]:
    """One key; who at the custodian registered it is not told."""
    return {
        "key_id": key.key_id,
        "use": key.use,
        "holder": key.holder,
        "agency": key.agency,
        "status": key.status,
        "since": key.since,
    }


def upload_line(seen: Seen) -> dict[str, object]:
    """One batch."""
    return {
        "upload": seen.upload.upload,
        "state": seen.upload.state,
        "paused": seen.upload.paused,
        "rows": seen.upload.rows,
        "rows_done": seen.rows_done,
        "submission": seen.upload.submission,
        "problem": seen.upload.problem,
    }
