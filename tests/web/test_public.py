"""The page for everybody: in two languages, without a person, and every figure from what was published."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.web.site import Site


def test_everybody_reads_it_in_two_languages(site: Site) -> None:
    nobody = site.anybody()
    english, spanish = nobody.get("/public/"), nobody.get("/public/es/")
    assert b"What this gate does" in english.content
    assert "Qué hace esta puerta".encode() in spanish.content
    assert b'<div lang="es">' in spanish.content
    for page in (english, spanish):
        assert page.status_code == 200
        assert "sessionid" not in page.cookies, "nobody is followed"


def test_both_languages_say_the_same_things(site: Site) -> None:
    from wicketgate.web.views.public import words

    assert words()["en"].keys() == words()["es"].keys()
    assert all(text.strip() for said in words().values() for text in said.values())


def test_public_answers_are_kept_by_caches_and_the_others_are_not(site: Site) -> None:
    nobody = site.anybody()
    for path in ("/public/", "/public/es/", "/public/law/", "/public/figures.csv", "/public/checkpoint"):
        assert nobody.get(path).headers["Cache-Control"] == "public, max-age=300", path
    assert nobody.get("/sign-in/").headers["Cache-Control"] != "public, max-age=300"


def test_everybody_gets_the_law_the_verifier_and_the_key(site: Site) -> None:
    from wicketgate.flow.public_view import verifier
    from wicketgate.web import gates

    nobody = site.anybody()
    law = nobody.get("/public/law/").content.decode()
    assert all(f">{element.code}<" in law for element in gates.gate().law.elements)
    assert nobody.get("/public/wicketgate-verify.pyz").content == verifier()
    assert gates.gate().key.vkey.split("+")[0] in nobody.get("/public/").content.decode()


def test_everybody_sees_whether_the_law_in_force_is_proved(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wicketgate.web import gates

    kept = tmp_path / "proofs.json"

    def told() -> str:
        return site.anybody().get("/public/law/").content.decode()

    def write(digest: str, *holds: bool) -> None:
        outcomes = [{"kind": "silence fails", "subject": "", "holds": each, "why": []} for each in holds]
        report = {"authority": "usc26-6103-i2", "authority_digest": digest, "obligations": outcomes}
        about = {"format": "wicketgate-proof/1", "solvers": {"z3": "4", "cvc5": "1"}, "all_hold": all(holds)}
        kept.write_text(json.dumps(about | report))

    gate = gates.gate()
    monkeypatch.setattr(gate, "proofs", None)
    assert "No report of its proofs is kept here." in told()
    monkeypatch.setattr(gate, "proofs", kept)
    assert "the report &#x27;proofs.json&#x27; cannot be read" in told()
    write(gate.law.authority.digest, True, True)
    assert "Proved: all 2 obligations hold, decided by z3 4 and cvc5 1." in told()
    write(gate.law.authority.digest, True, False)
    assert "Not proved: 1 of 2 obligations do not hold" in told()
    write("sha256:" + "0" * 64, True)
    assert "says nothing about the version shown here" in told()


def test_whoever_asks_too_often_waits_and_no_address_is_kept() -> None:
    from wicketgate.web.limits import Limit

    at = [0.0]
    limit = Limit(most=2, window=60, now=lambda: at[0])
    assert [limit.wait("192.0.2.1") for _ in range(3)] == [0, 0, 60]
    assert limit.wait("192.0.2.2") == 0, "another caller"
    assert "192.0.2" not in repr(vars(limit))
    at[0] = 61.0
    assert limit.wait("192.0.2.1") == 0, "another minute"


def test_a_caller_over_the_limit_sees_a_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from wicketgate.web import limits

    monkeypatch.setattr(limits, "_LIMIT", limits.Limit(most=1))
    nobody = site.anybody()
    assert nobody.get("/public/").status_code == 200
    answer = nobody.get("/public/es/")
    assert (answer.status_code, answer.headers["Retry-After"] != "") == (429, True)
    assert nobody.get("/sign-in/").status_code == 200, "the limit is the public pages' alone"


def test_the_figures_are_a_table_for_programs(site: Site) -> None:
    answer = site.anybody().get("/public/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["topic", "row", "part", "count", "first_day", "last_day"]
