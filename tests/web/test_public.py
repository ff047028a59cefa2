"""The page for everybody: in two languages, without a person, and every figure from what was published."""

from __future__ import annotations

import csv
import io

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


def test_the_figures_are_a_table_for_programs(site: Site) -> None:
    answer = site.anybody().get("/public/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["topic", "row", "part", "count", "first_day", "last_day"]
