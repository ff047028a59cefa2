"""A batch as it arrives: read piece by piece onto the disk, with its digest, and handed to the workers."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from django.http import HttpRequest

from wicketgate.flow.api.batch import Arrived, take
from wicketgate.flow.api.once import Answer, once
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.take_in import Arriving
from wicketgate.web.api.speaking import caller_of, require_body
from wicketgate.web.configuration import served
from wicketgate.web.gates import gate

_PIECE = 256 * 1024


def receive_batch(request: HttpRequest, key: str | None) -> Answer:
    """Take a batch once. Raises `CallRefusedError`."""
    uploads, caller, digest = Uploads(served().uploads), caller_of(request), sha256()

    def pieces() -> Iterator[bytes]:
        while piece := request.read(_PIECE):
            digest.update(piece)
            yield piece

    with Arriving(uploads) as requests, Arriving(uploads, field="signatures") as signatures:
        arrived = Arrived(requests, signatures)
        arrived.fill(pieces())
        require_body(request, digest.digest())

        def work() -> Answer:
            taken = take(gate(), caller, uploads, "batch.jsonl", arrived)
            return Answer(202, {"upload": taken.upload, "again": taken.again})

        return once(gate(), caller, key, ("POST", request.path, digest.hexdigest()), work)
