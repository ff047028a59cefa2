"""Every address is closed unless a role opens it, and each role opens its doors and no other."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.web.addresses import Address, addresses, patterns
from tests.web.site import Site
from wicketgate.flow.clock_steps import Step, look
from wicketgate.flow.gate import Gate
from wicketgate.web.roles import ANYBODY, EVERY_ROLE, FRESH, ROLES, SYSTEMS

DOOR_SHUT = b"This door is not yours"
KEYS = tuple(ROLES)


def all_addresses(site: Site) -> list[Address]:
    """Needs Django to be set up."""
    return addresses()


def test_every_address_has_a_name_and_every_name_is_in_the_table_of_rights(site: Site) -> None:
    names = [each.name for each in patterns()]
    assert None not in names, "Give the pattern a name: a door without a name is closed to everybody."
    known = ANYBODY | EVERY_ROLE | SYSTEMS | frozenset().union(*(role.doors for role in ROLES.values()))
    assert set(names) == known, "urls.py and roles.py must name the same doors."
    assert len(names) == len(set(names))
    assert SYSTEMS.isdisjoint(ANYBODY | EVERY_ROLE), "A system's door opens to no session."
    assert all(SYSTEMS.isdisjoint(role.doors) for role in ROLES.values())
    assert known >= FRESH
    assert not ANYBODY & EVERY_ROLE


def test_without_signing_in_only_what_is_anybodys_opens(site: Site) -> None:
    for each in addresses():
        answer = site.anybody().get(each.path)
        if each.name in SYSTEMS:
            assert answer.status_code == 401, each
        elif each.name in ANYBODY:
            assert not answer.headers.get("Location", "").startswith("/sign-in/?next="), each
        else:
            assert answer.status_code == 302, each
            assert answer.headers["Location"] == f"/sign-in/?next={each.path}", each


@pytest.mark.parametrize("key", KEYS)
def test_a_role_opens_its_doors_and_no_other(site: Site, key: str) -> None:
    browser = site.signed_in(key)
    for each in addresses():
        answer = browser.get(each.path)
        if each.name in SYSTEMS:
            assert answer.status_code == 401, (key, each)
            continue
        opens = each.name in ANYBODY | EVERY_ROLE | ROLES[key].doors
        assert (DOOR_SHUT in answer.getvalue()) is not opens, (key, each)
        if not opens:
            assert answer.status_code == 403


def test_a_role_that_the_gate_does_not_know_opens_nothing(site: Site) -> None:
    from wicketgate.web.roles import may_open

    for each in addresses():
        assert may_open(None, each.name) is (each.name in ANYBODY)


def test_what_needs_a_fresh_proof_asks_for_it_and_loses_nothing(site: Site) -> None:
    for each in addresses():
        if each.name not in FRESH:
            continue
        key = next(key for key in KEYS if each.name in EVERY_ROLE | ROLES[key].doors)
        stale = site.signed_in(key, proved=301)
        answer = stale.get(each.path)
        assert answer.headers["Location"] == f"/prove/password/?next={each.path}".replace("/", "%2F").replace(
            "%2Fprove%2Fpassword%2F", "/prove/password/"
        )
        sent = stale.post(each.path, {"reasons": "written with care"})
        assert sent.status_code == 403
        assert b'name="reasons" value="written with care"' in sent.content
        assert "written with care" not in str(stale.session.items())


def test_static_files_and_health_are_anybodys_and_say_nothing(site: Site) -> None:
    from django.templatetags.static import static

    sheet = site.anybody().get(static("gate/gate.css"))
    assert sheet.status_code == 200
    assert "immutable" in sheet.headers["Cache-Control"]
    sheet.close()
    assert site.anybody().get("/livez").content == b"live\n"
    assert site.anybody().get("/readyz").content == b"ready\n"
    assert site.anybody().get("/static/../gate.toml").status_code == 404


def test_whoever_watches_sees_which_step_of_the_clock_fails(site: Site) -> None:
    from wicketgate.web.gates import gate

    def fails(_: Gate) -> None:
        raise ZeroDivisionError

    look(gate(), [Step("publish figures", fails)])
    shown = site.anybody().get("/readyz")
    assert (shown.status_code, shown.content) == (200, b"ready\nfailing: publish figures\n")
    look(gate(), [Step("publish figures", lambda _: None)])
    assert site.anybody().get("/readyz").content == b"ready\n"


def test_the_tables_are_what_the_models_say(site: Site) -> None:
    call_command("makemigrations", "accounts", check=True, dry_run=True, verbosity=0)


def test_nobody_makes_an_account_for_themselves(site: Site) -> None:
    for path in ("/accounts/signup/", "/signup/", "/sign-up/", "/admin/", "/accounts/password/reset/"):
        assert site.anybody().get(path).status_code == 404
