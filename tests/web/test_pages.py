"""What holds for every page: headers, cookies, errors without data, words that can be translated."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from tests.web.addresses import addresses
from tests.web.site import PASSWORD, Site
from wicketgate.core.roles import Role
from wicketgate.flow.work.refusals import NotAllowedError, OvertakenError, UnknownRequestError
from wicketgate.store import suspension
from wicketgate.store.database import DatabaseError
from wicketgate.store.services import Service

TEMPLATES = Path(__file__).parents[2] / "src" / "wicketgate" / "web" / "templates"


class Tomorrow(datetime):
    """A clock that is a day ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(days=1)


def test_every_answer_has_the_headers(site: Site) -> None:
    browser = site.signed_in("examiner")
    for each in addresses():
        answer = browser.get(each.path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "no-store" in answer.headers["Cache-Control"]


def test_cookies_are_for_the_server_alone(site: Site) -> None:
    browser = site.anybody(enforce_csrf_checks=True)
    page = browser.get("/sign-in/")
    site.person("examiner")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token is not None
    form = {"login": "examiner", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = browser.post("/sign-in/?next=/account/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    for name, policy in (("session", "Lax"), ("csrf", "Strict")):
        cookie = browser.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == policy
        assert not cookie["domain"]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(site: Site, elsewhere: str) -> None:
    site.person("examiner")
    browser = site.anybody()
    answer = browser.post("/sign-in/", {"login": "examiner", "password": PASSWORD, "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_form_of_another_site_does_nothing(site: Site) -> None:
    browser = site.signed_in("examiner", enforce_csrf_checks=True)
    foreign = browser.post(
        "/account/sessions/", {"reasons": "theirs"}, headers={"origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    assert b"theirs" not in foreign.content
    ours = browser.post("/account/sessions/", {"reasons": "mine"}, headers={"origin": "http://localhost"})
    assert ours.status_code == 403
    assert b'value="mine"' in ours.content


def test_a_page_that_is_only_read_says_so(site: Site) -> None:
    answer = site.signed_in("examiner").post("/livez")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert b"Not this way" in answer.content


def test_there_is_no_such_page(site: Site) -> None:
    for browser in (site.anybody(), site.signed_in("examiner")):
        answer = browser.get("/who/is/Jane-Doe/")
        assert answer.status_code == 404
        assert b"Jane" not in answer.content


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OvertakenError("Request WG-X was changed."), 409, "Somebody else was first"),
        (UnknownRequestError("There is no request WG-X."), 404, "There is no such request"),
        (NotAllowedError("As examiner you may not."), 403, "This is not allowed"),
        (DatabaseError("The database cannot be reached."), 503, "The gate cannot work now"),
    ],
)
def test_a_refusal_is_a_page_of_its_own(
    site: Site, error: Exception, status: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    from wicketgate.web.views.errors import page_for

    answer = page_for(_request(site), error)
    assert answer is not None
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert (str(error) in answer.content.decode()) is (status != 503)
    assert page_for(_request(site), KeyError("taxpayer")) is None


def test_what_breaks_shows_and_logs_nothing_of_anybody(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    from wicketgate.web.logs import Plain
    from wicketgate.web.views.errors import broken

    answer = broken(_request(site))
    assert answer.status_code == 500
    with pytest.raises(KeyError) as raised:
        dict[str, int]()["Jane Doe, 12 Elm Street"]
    words = ("Failed for %s", ("Jane Doe",), (KeyError, raised.value, raised.tb))
    record = logging.LogRecord("wicketgate", logging.ERROR, __file__, 1, *words)
    line = Plain().format(record)
    assert "Jane" not in line
    assert "Elm" not in line
    assert "KeyError at test_what_breaks_shows_and_logs_nothing_of_anybody" in line


def test_a_suspension_is_on_every_page(site: Site) -> None:
    from wicketgate.web.gates import gate

    order = {"court": "D.D.C.", "docket": "1:25-cv-00457", "actor": "judge", "at": gate().clock.now()}
    browser, outsider = site.signed_in("examiner"), site.signed_in("clerk")
    with gate().acting(Service.OVERSEE) as connection:
        suspension.suspend(connection, "DHS-ICE", **order)  # type: ignore[arg-type]
    try:
        assert b"1:25-cv-00457" in browser.get("/").content
        assert b"1:25-cv-00457" in browser.get("/no/such/page").content
        assert b"1:25-cv-00457" not in outsider.get("/").content, "it concerns another agency"
    finally:
        with gate().acting(Service.OVERSEE) as connection:
            suspension.lift(connection, "DHS-ICE", **order)  # type: ignore[arg-type]
    assert b"1:25-cv-00457" not in browser.get("/").content


def test_everybody_who_acts_acts_under_a_handle(site: Site) -> None:
    from django.core.exceptions import PermissionDenied

    from wicketgate.web.gates import actor_of

    request = _request(site)
    request.user = site.person("clerk")
    actor = actor_of(request)
    assert (actor.handle, actor.role, actor.agency) == ("clerk", Role.CLERK, "DHS")
    request.user = site.person("administrator")
    with pytest.raises(PermissionDenied):
        actor_of(request)


def test_the_gate_is_opened_anew_on_another_day_but_not_where_the_day_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wicketgate.web import gates

    demonstrated = gates.gate()
    monkeypatch.setattr(gates, "datetime", Tomorrow)
    assert gates.gate() is demonstrated
    monkeypatch.setattr(gates, "_OPEN", {})
    told = replace(site.told, standing=replace(site.told.standing, day=None))
    monkeypatch.setattr(gates, "served", lambda: told)
    with gates.gate() as then:
        assert then is gates.gate()
        monkeypatch.undo()
        monkeypatch.setattr(gates, "_OPEN", {date(2026, 1, 1): then})
        assert gates.gate() is not then
        gates.close()


def test_yesterdays_gate_is_closed_after_its_last_user(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from wicketgate.web import gates

    monkeypatch.setattr(gates, "_OPEN", {})
    told = replace(site.told, standing=replace(site.told.standing, day=None))
    monkeypatch.setattr(gates, "served", lambda: told)
    yesterday = gates.gate()
    with yesterday.acting(Service.AUDIT) as used:
        with yesterday.acting(Service.AUDIT) as idle:
            pass
        monkeypatch.setattr(gates, "datetime", Tomorrow)
        assert gates.gate() is not yesterday
        assert (idle.closed, used.closed) == (True, False)
        assert used.execute("SELECT 1").fetchone() == (1,), "a page that began before midnight finishes"
    assert used.closed
    gates.close()


UNMARKED = re.compile(
    r"{% blocktranslate.*?{% endblocktranslate %}|{% comment %}.*?{% endcomment %}", re.DOTALL
)
SCRIPT = re.compile(r"<script[^>]*>.*?</script>|<style.*?</style>|<!doctype[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|alt|title|placeholder)="([^"]*)"')


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    text = SCRIPT.sub("", UNMARKED.sub("", path.read_text("utf-8")))
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    spoken = SPOKEN.findall(text)
    shown = re.sub(r"<[^>]*>", "", text).replace("Wicketgate", "").replace("UTC", "")
    assert not re.search(r"[A-Za-z]{2,}", shown + " ".join(spoken)), "Mark it with {% translate %}."


def _request(site: Site) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory(SERVER_NAME="localhost").get("/")
    request.user = AnonymousUser()
    return request
