"""The clerk's pages: send a file, follow it, stop it, download; and nothing for anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.bulk.test_interrupted import a_file
from tests.bulk.yard import unsafely
from tests.web.site import Site
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.bulk.worker import Worker
from wicketgate.flow.try_budget import MOST, WINDOW

SEND = "/agency/submissions/upload/"


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[Worker]:
    """What `serve` starts beside the pages."""
    made = Worker(site.told.standing, Uploads(site.told.uploads), Event(), unsafely)
    yield made
    made.close()


def _send(client: Any, data: bytes, name: str = "requests.csv") -> Any:
    return client.post(SEND, {"file": SimpleUploadedFile(name, data)})


def test_a_clerk_sends_a_file_follows_it_and_downloads_what_was_found(site: Site, worker: Worker) -> None:
    clerk = site.signed_in("clerk")
    answer = _send(clerk, a_file(30))
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert "The file is being read" in clerk.get(page).content.decode()
    while worker.step():
        pass
    text = clerk.get(page).content.decode()
    assert "Every row is answered" in text
    assert "What the review found" in text
    assert (
        f"{MOST} requests of your agency in {WINDOW.days} days go on as they are; the rows beyond them"
        in text
    )
    for name, kind in re.findall(page + r"(\w+)/(\w+)/", text):
        download = clerk.get(f"{page}{name}/{kind}/")
        assert download.headers["Content-Disposition"].startswith("attachment")
        assert b"".join(download) or name == "problems"
    again = _send(clerk, a_file(30), "the same.csv")
    assert again.headers["Location"] == page
    assert "You sent this very file before" in clerk.get(page).content.decode()


def test_what_is_no_file_of_requests_is_said_beside_the_field(site: Site) -> None:
    answer = _send(site.signed_in("clerk"), b"%PDF-1.7", "requests.csv")
    assert answer.status_code == 422
    assert "a PDF" in answer.content.decode()


def test_a_file_is_paused_and_cancelled(site: Site, worker: Worker) -> None:
    clerk = site.signed_in("clerk")
    page = _send(clerk, a_file(40)).headers["Location"]
    for act, words in (("pause", "Paused"), ("resume", "being read"), ("cancel", "Cancelled")):
        assert clerk.post(page + "steer/", {"act": act}).status_code == 302
        assert words in clerk.get(page).content.decode()
    assert not worker.step()
    assert clerk.post(page + "steer/", {"act": "delete"}).status_code == 404


def test_files_need_the_token_and_are_nobody_else_s(site: Site) -> None:
    strict = site.signed_in("clerk", enforce_csrf_checks=True)
    assert _send(strict, a_file(1)).status_code == 403
    assert not list(Uploads(site.told.uploads).arriving.iterdir())
    page = _send(site.signed_in("clerk"), a_file(41)).headers["Location"]
    for role in ("examiner", "inspector", "administrator", "recipient_officer"):
        assert site.signed_in(role).get(page).status_code == 403
    assert site.signed_in("clerk").get("/agency/submissions/upload/999999/").status_code == 404
