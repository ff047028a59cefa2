"""The API does what its description says, whatever is sent; `make soak` makes many thousand calls more."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns import api_cases
from tests.web.desk import Desk
from tests.web.site import Site
from tests.web.speaker import KeyPair


def test_no_fault_and_nothing_undocumented(site: Site, tmp_path: Path) -> None:
    from wicketgate.web.wsgi import application

    desk = Desk(site, tmp_path)
    keys = [KeyPair(f"schemathesis {n}").known(desk.gate) for n in range(3)]
    found = api_cases.run(application, keys, cases=4, seed=1)
    assert found.cases > 80
    assert {each.rsplit(" ", 1)[1] for each in found.answers} >= {"200", "422"}
