"""What every answer of the pages shows to somebody beside its reader is kept, and searched for people.

1. A title and an error page are; a form with its mistakes, and what its sender wrote, are not.
2. So are addresses, mails and the log of every process, as the whole run shows after its last test.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from tests.seen.kept import VARIABLE, log_file
from tests.seen.search import search
from tests.stories.people import VALID
from tests.web.site import Site

ROSA = "Rosa Quintero Salas"


@pytest.fixture
def kept_in(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, which nobody but this test searches."""
    own = log_file()
    assert own is not None, "a test run keeps what it lets out"
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "person~0.jsonl").write_text(json.dumps(VALID))
    return tmp_path


def test_pages_are_kept_as_others_see_them(kept_in: Path) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    from tests.seen.answers import Watch

    def answered(request: HttpRequest, title: str, status: int) -> list[str]:
        page = f"<title>{title}</title><p>{ROSA}</p>"
        Watch(lambda _: HttpResponse(page, status=status))(request)
        return search(kept_in).found

    plain, own = RequestFactory().get("/"), RequestFactory().post("/decide/", {"reasons": ROSA})
    assert not answered(plain, "Request", 200)
    assert not answered(plain, "Request", 422)
    assert not answered(own, "Error", 409)
    assert answered(plain, "Error", 409)[0].startswith("error page GET /: 409")
    assert answered(plain, ROSA, 200)[-1].startswith("title GET /: 200")
    assert any("address" in line for line in answered(RequestFactory().get(f"/?q={ROSA}"), "Request", 200))


def test_mails_and_logs_are_kept(kept_in: Path, site: Site) -> None:
    from django.core.mail import EmailMessage

    EmailMessage("Wicketgate: WG-2222-2222-2222", f"About {ROSA}.", to=["cora@example.gov"]).send()
    assert search(kept_in).found[0].startswith("mail")
    handlers = [each for each in logging.getLogger("django").handlers if each.name == "seen"]
    assert [type(each) for each in handlers] == [logging.FileHandler]
    assert handlers[0] in logging.getLogger().handlers
