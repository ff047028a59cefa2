"""An authority as a page: everything that a lawyer needs, readable by everybody, from nowhere else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.stories.people import VALID, write_submission
from wicketgate.cli.statute_html import as_html
from wicketgate.cli.statute_text import NO_ROUTE, as_text
from wicketgate.core.catalogue import CATALOGUE
from wicketgate.law import authorities, load
from wicketgate.law.coverage import read_coverage
from wicketgate.law.describe import Description, describe
from wicketgate.law.fact_words import CLAIMS, NOUNS
from wicketgate.law.proof_status import ProofFileError, ProofStatus, read_proofs
from wicketgate.law.source import find

DAY = date(2026, 3, 1)
STATUTE, AGREEMENT = "usc26-6103-i2", "mou-2025-04-07"
_VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


def described(name: str) -> Description:
    return describe(load(name, find(name).overlays(), on=DAY), read_coverage(name))


DESCRIBED = {name: described(name) for name in authorities()}
PAGES = {name: as_html(found) for name, found in DESCRIBED.items()}


class Page(HTMLParser):
    """A page taken apart as far as the tests need it; refuses tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parents: list[tuple[str, ...]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        self.parents.append(tuple(self._open))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.tags if found == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(data for tag, data in self.texts if tag != "style").split())


# What it says ----------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize("name", DESCRIBED)
def test_nothing_is_left_out(name: str, form: str) -> None:
    found = DESCRIBED[name]
    shown = as_text(found) if form == "text" else Page(PAGES[name].replace("<wbr>", "")).text
    shown = shown.replace("§\u00a0", "§ ")
    flat = " ".join(shown.split())
    wanted = [found.title, found.citation, found.digest, "2026-03-01", "Not proved in this run."]
    for element in (element for part in found.parts for element in part.elements):
        wanted += [element.title, element.id, element.citation, element.message, element.remedy]
        wanted += [element.effective_from.isoformat(), *element.sense.split("\n\n")]
        wanted += found.needs[element.id].conditions
    for threshold in found.thresholds:
        wanted += [threshold.name, threshold.sense, threshold.reference]
    for switch in found.interpretations:
        wanted += [switch.name, switch.question]
        wanted += [text for choice in switch.choices for text in (choice.value, choice.sense)]
        wanted += [choice.not_selectable for choice in switch.choices]
        held = (*switch.positions, *(p for choice in switch.choices for p in choice.positions))
        wanted += [text for position in held for text in (position.source, position.says)]
    for source in found.coverage:
        wanted += [source.title, source.seen]
        wanted += [text for clause in source.clauses for text in (clause.cite, clause.sense, clause.reason)]
    missing = [
        text for text in wanted if " ".join(text.replace("`", "").split()) not in flat.replace("`", "")
    ]
    assert missing == []


def test_the_rule_and_its_words_stand_side_by_side() -> None:
    flat = " ".join(as_text(DESCRIBED[STATUTE]).split())
    assert "- the number of days since the signature is at most 365" in flat
    assert "The rule: signature_age_days <= parameter.signature_age_days" in flat
    assert "if the family of the cited statute is “failure to depart”, then" in flat
    assert "Must be known: whether sole use is attested; whether a further use is declared" in flat


def test_the_words_follow_the_switches() -> None:
    strict, looser = (
        describe(load(STATUTE, on=DAY, switches={"S5_requester_level": value})).needs["A4"].conditions
        for value in ("department_head_or_IG", "delegate_with_instrument")
    )
    assert strict == ("the capacity of the signatory is known and not “delegate”",)
    assert looser == ("if the capacity of the signatory is “delegate”, then a delegation is stated",)


def test_every_fact_has_words() -> None:
    assert NOUNS.keys().isdisjoint(CLAIMS)
    assert NOUNS.keys() | CLAIMS.keys() == CATALOGUE.keys()
    assert all(CATALOGUE[fact].type == "boolean" for fact in CLAIMS)
    assert len(set(NOUNS.values())) == len(NOUNS)


def test_a_statute_without_a_route_says_so_first() -> None:
    text = as_text(DESCRIBED["usc13-9"])
    assert text.index(NO_ROUTE) < text.index("What people tell the census")
    assert "never, whatever the request says" in text
    assert NO_ROUTE not in as_text(DESCRIBED[STATUTE])


def test_what_cannot_be_chosen_is_said_with_the_reason() -> None:
    assert "Cannot be chosen: a test for a non-blank field was held unlawful" in " ".join(
        as_text(DESCRIBED[STATUTE]).split()
    )
    assert "No: a test for a non-blank field was held unlawful" in Page(PAGES[STATUTE]).text


def test_an_overlay_is_covered_only_where_it_is_shown() -> None:
    alone = as_text(describe(load(STATUTE, on=DAY), read_coverage(STATUTE)))
    assert "Memorandum of understanding" not in alone
    assert "Memorandum of understanding" in as_text(DESCRIBED[STATUTE])


# Proofs ----------------------------------------------------------------------


def report(folder: Path, **changes: object) -> Path:
    outcome = {"kind": "some request can pass", "subject": "", "holds": True, "why": []}
    content = {
        "format": "wicketgate-proof/1",
        "authority": STATUTE,
        "authority_digest": load(STATUTE, on=DAY).digest,
        "all_hold": True,
        "solvers": {"z3": "5.4.1", "cvc5": "1.4.2"},
        "obligations": [outcome, outcome | {"kind": "a silent request is deficient"}],
    }
    file = folder / "proofs.json"
    file.write_text(json.dumps(content | changes), encoding="utf-8")
    return file


def status(file: Path) -> ProofStatus:
    return read_proofs(file, load(STATUTE, on=DAY))


def test_a_green_report_of_this_version_is_shown_as_proved(tmp_path: Path) -> None:
    found = status(report(tmp_path))
    assert found.proved
    assert found.sentence == "Proved: all 2 obligations hold, decided by z3 5.4.1 and cvc5 1.4.2."
    page = Page(as_html(DESCRIBED[STATUTE], found)).text
    assert "a silent request is deficient 1 none" in page
    assert "a silent request is deficient: 1" in as_text(DESCRIBED[STATUTE], found)


def test_a_report_of_another_version_proves_nothing(tmp_path: Path) -> None:
    found = status(report(tmp_path, authority_digest="sha256:" + "0" * 64))
    assert not found.proved
    assert found.lines == ()
    assert found.sentence.startswith("Not proved: the report is about")
    assert not status(report(tmp_path, authority_digest=load(STATUTE, (AGREEMENT,), on=DAY).digest)).proved


def test_what_does_not_hold_is_shown_and_outweighs_the_verdict(tmp_path: Path) -> None:
    failed = {"kind": "k", "subject": "A1 without <form>", "holds": False, "why": ["form: not known"]}
    for all_hold in (True, False):
        found = status(report(tmp_path, obligations=[failed], all_hold=all_hold))
        assert not found.proved
        assert found.sentence.startswith("Not proved: 1 of 1 obligations")
        assert "A1 without <form>; form: not known" in as_text(DESCRIBED[STATUTE], found)
        assert "A1 without &lt;form&gt;; form: not known" in as_html(DESCRIBED[STATUTE], found)


def test_no_obligations_are_no_proof(tmp_path: Path) -> None:
    assert not status(report(tmp_path, obligations=[])).proved
    assert not status(report(tmp_path, all_hold="yes")).proved


@pytest.mark.parametrize(
    "changes",
    [{"format": "other/1"}, {"obligations": 1}, {"obligations": [1]}, {"solvers": []}, {"obligations": [{}]}],
)
def test_a_file_that_is_no_report_is_refused(changes: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ProofFileError, match="is not a proof report"):
        status(report(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b"{}"])
def test_a_file_that_is_no_json_object_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "proofs.json"
    file.write_bytes(content)
    with pytest.raises(ProofFileError, match="is not a proof report"):
        status(file)
    with pytest.raises(ProofFileError, match="cannot be read"):
        status(tmp_path / "none.json")


# The page --------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_by_itself_and_runs_nothing(name: str) -> None:
    html = PAGES[name]
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>\n")
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "svg", "base"})
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not any(name.startswith("on") or name in {"style", "src", "srcset"} for name in attributes)
    assert "url(" not in html
    assert "@import" not in html
    assert all(str(link["href"]).startswith("#") for link in page.all("a"))


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_the_one_style_sheet_and_nothing_else(name: str) -> None:
    [style] = re.findall(r"<style>(.*?)</style>", PAGES[name], re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    [policy] = [
        attrs["content"]
        for attrs in Page(PAGES[name]).all("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == (f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'")


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_find_their_way(name: str) -> None:
    page = Page(PAGES[name])
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("title")) == len(page.all("main")) == len(page.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(set(ids)) == len(ids)
    first = page.all("a")[0]
    assert (first["class"], first["href"]) == ("skip", "#main")
    assert {str(link["href"])[1:] for link in page.all("a")} <= set(ids)
    labelled = {attrs["aria-labelledby"] for _, attrs in page.tags if "aria-labelledby" in attrs}
    assert labelled <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_every_table_has_a_caption_and_its_heads_a_scope(name: str) -> None:
    page = Page(PAGES[name])
    order = [tag for tag, _ in page.tags]
    tables = [index for index, tag in enumerate(order) if tag == "table"]
    assert tables
    assert all(order[index + 1] == "caption" for index in tables)
    assert all(attrs.get("scope") in {"col", "row"} for attrs in page.all("th"))
    scrolling = [attrs for attrs in page.all("div") if attrs.get("class") == "scroll"]
    assert len(scrolling) == len(tables)
    assert all(attrs["tabindex"] == "0" and attrs["role"] == "region" for attrs in scrolling)
    labels = [attrs["aria-label"] for attrs in scrolling]
    assert len(set(labels)) == len(labels)


def test_no_text_can_become_markup() -> None:
    found = DESCRIBED["usc13-9"]
    attack = '<script>alert("x")</script> & `<b>`'
    page = as_html(replace(found, title=attack, sense=attack, digest=attack))
    assert "<script" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    Page(page)


def luminance(color: str) -> float:
    parts = (int(color[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_color_of_a_text_stands_out_from_its_paper() -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11: 4.5 to 1 for texts, 3 to 1 for lines that carry meaning."""
    css = files("wicketgate.cli").joinpath("statute.css").read_text("utf-8")
    palettes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ][:2]
    assert len(palettes) == 2
    for palette in palettes:
        for paper in (palette["paper"], palette["shade"]):
            for name in ("ink", "soft", "link", "defect", "refer", "note", "good", "line"):
                light, dark = sorted((luminance(palette[name]), luminance(paper)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= (3 if name == "line" else 4.5), (name, paper)


# The command -----------------------------------------------------------------


def test_show_prints_the_text_and_writes_the_page(tmp_path: Path) -> None:
    context = tmp_path / "context.toml"
    context.write_text("as_of = 2026-03-01\n", encoding="utf-8")
    shown = run("authority", "show", STATUTE, "--overlay", AGREEMENT, "--context", context)
    assert shown.exit_code == 0, shown.output
    assert shown.output.strip() == as_text(DESCRIBED[STATUTE]).strip()
    page = tmp_path / "statute.html"
    written = run("authority", "show", STATUTE, "--overlay", AGREEMENT, "--context", context, "--html", page)
    assert written.exit_code == 0, written.output
    assert page.read_text(encoding="utf-8") == PAGES[STATUTE]


def test_show_takes_a_proof_report(tmp_path: Path) -> None:
    context = tmp_path / "context.toml"
    context.write_text("as_of = 2026-03-01\n", encoding="utf-8")
    shown = run("authority", "show", STATUTE, "--context", context, "--proofs", report(tmp_path))
    assert "Proved: all 2 obligations hold" in shown.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no-such-law",), "There is no authority 'no-such-law'"),
        ((STATUTE, "--proofs", "none.json"), "'none.json' cannot be read"),
        ((STATUTE, "--html", "none/page.html"), "cannot be written"),
        ((STATUTE, "--overlay", "none"), "has no overlay 'none'"),
    ],
)
def test_show_refuses_in_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    done = run("authority", "show", *arguments)
    assert done.exit_code == 2
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_draft_is_named_by_its_folder(tmp_path: Path) -> None:
    draft = tmp_path / "drafts" / "usc13_9b"
    draft.mkdir(parents=True)
    for file in find("usc13-9").folder.iterdir():
        if file.name.endswith((".md", ".toml")):
            text = file.read_text(encoding="utf-8").replace('"usc13-9"', '"usc13-9b"')
            (draft / file.name).write_text(text, encoding="utf-8")
    checked = run("authority", "check", draft)
    assert checked.exit_code == 0, checked.output
    assert "every clause of the law is answered for" in checked.output
    shown = run("authority", "show", draft)
    assert shown.exit_code == 0, shown.output
    assert "usc13-9b, 13 U.S.C. § 9" in shown.output
    submission = write_submission(tmp_path / "s.csv", [VALID])
    reviewed = run("review", submission, "--authority", draft, "--out", tmp_path / "out")
    assert "0 sufficient, 1 deficient" in reviewed.output
    (draft / "coverage.toml").unlink()
    refused = run("authority", "check", draft)
    assert refused.exit_code == 2
    assert "coverage.toml: the file is missing" in refused.output
