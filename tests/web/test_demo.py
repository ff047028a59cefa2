"""`make demo`: from nothing to pages with work in every state, stopped in order, quickly there again.

1. It starts from an empty folder, shows who can sign in, and serves.
2. A made-up examiner signs in; a wrong password does not.
3. Ctrl-C ends it in order; the next start finds everything there, and nothing is made twice.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
import requests

from tests.web.demo import Demo, standing_of, visitor
from wicketgate.cli.demo_people import ERIN, INA, PEOPLE
from wicketgate.core.states import State
from wicketgate.flow.standing import open_standing
from wicketgate.flow.work.evidence_of_judgement import evidence_of_judgement
from wicketgate.flow.work.queue import Filters, export, home
from wicketgate.store.services import Service

pytestmark = pytest.mark.xdist_group("browser")


def test_the_demonstration_has_work_in_every_state(demo: Demo) -> None:
    with open_standing(standing_of(demo.folder)) as gate:
        with gate.acting(Service.AUDIT) as connection:
            rows = connection.execute("SELECT state, count(*) FROM gate.request GROUP BY state").fetchall()
        states: Counter[str] = Counter(dict(rows))
        assert set(states) >= {
            *(State.SUFFICIENT, State.REFERRED, State.DEFICIENT, State.VERIFIED, State.NOT_VERIFIED),
            *(State.REFUSED, State.RELEASED, State.WITHDRAWN, State.HELD),
        }
        assert states.total() > 400
        waiting = home(gate, ERIN.actor)
        assert waiting.waiting > 20
        assert waiting.late.n > 0
        assert any(True for _ in export(gate, INA.actor, Filters(dissent=True)))
        assert evidence_of_judgement(gate, INA.actor).judgements
        with gate.acting(Service.AUDIT) as connection:
            planted = connection.execute("SELECT count(*) FROM log.entry WHERE kind = 'exercise'").fetchone()
    assert planted == (1,)


def test_people_sign_in_with_the_password_that_was_shown(demo: Demo) -> None:
    browser = visitor()
    assert signed_in(browser, demo, ERIN.name, "not it").status_code == 200
    assert browser.get(f"{demo.url}/account/", allow_redirects=False).status_code == 302
    answer = signed_in(browser, demo, ERIN.name, demo.password)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert ERIN.display_name in browser.get(f"{demo.url}/account/").text


def test_it_stops_in_order_and_is_there_again(tmp_path_factory: pytest.TempPathFactory, demo: Demo) -> None:
    made = (demo.folder / "demonstration.made").stat().st_mtime_ns
    assert demo.stop() == 0
    assert not (demo.folder / "database" / "data" / "postmaster.pid").exists()
    again = Demo.start(demo.folder)
    demo.process, demo.port = again.process, again.port
    assert visitor().get(f"{demo.url}/readyz").text == "ready\n"
    assert (demo.folder / "demonstration.made").stat().st_mtime_ns == made
    assert len(PEOPLE) == len({each.name for each in PEOPLE})


def signed_in(browser: requests.Session, demo: Demo, name: str, password: str) -> requests.Response:
    """The answer to the sign-in form."""
    page = browser.get(f"{demo.url}/sign-in/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"login": name, "password": password, "csrfmiddlewaretoken": token[1]}
    return browser.post(f"{demo.url}/sign-in/", form, allow_redirects=False)
