"""A past submission under another version: what changes, which way, and through which elements."""

from __future__ import annotations

import csv
import json
import re
import shutil
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.stories.people import VALID, write_register, write_submission
from wicketgate.cli import main
from wicketgate.flow.backtest_chart import MOST, Bar, bars, stacked
from wicketgate.flow.backtest_result import Change
from wicketgate.flow.review_file import reviewed

NAME = "usc26-6103-i2"
FOLDER = NAME.replace("-", "_")
LOOSE = {
    "S5_requester_level": "component_head",
    "S7_civil_dual_use": "human",
    "S6_locate_only_reason": "human",
}


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def context(folder: Path, name: str, switches: dict[str, str] | None = None) -> Path:
    path = folder / name
    answers = "\n".join(f'{switch} = "{value}"' for switch, value in (switches or {}).items())
    path.write_text(f"as_of = 2026-03-01\n[switches]\n{answers}\n")
    return path


def run(folder: Path, file: Path, *arguments: object, old: object = NAME, new: object = NAME) -> Result:
    strict = context(folder, "strict.toml")
    return invoke(
        *("authority", "backtest", file, "--old", old, "--new", new, "--out", folder / "out"),
        *("--context", strict, *arguments),
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def summary(folder: Path) -> dict[str, object]:
    found = json.loads((folder / "out" / "backtest.json").read_text())
    assert isinstance(found, dict)
    return found


COMPONENT = VALID | {
    "request_id": "=C",
    "requesting_agency": "DHS-ICE",
    "signatory_capacity": "component_head",
    "engaged_officers": "Alma Agent|1234|DHS-ICE",
}
CIVIL = VALID | {
    "request_id": "<b>D",
    "reasons": VALID["reasons"] + " It also serves the civil enforcement of the order.",
}
JUSTICE = VALID | {
    "request_id": "J",
    "requesting_agency": "DOJ",
    "signatory_capacity": "attorney_general",
    "engaged_officers": "Alma Agent|1234|DOJ",
}
SAME = VALID | {"request_id": "S", "statute": ""}


def test_each_change_is_told_with_the_elements_that_are_responsible(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID, COMPONENT, CIVIL, SAME])
    loose = context(tmp_path, "loose.toml", LOOSE)
    done = run(tmp_path, file, "--new-context", loose)
    assert done.exit_code == 0, done.output
    listed = {row["row"]: row for row in rows(tmp_path / "out" / "changed.csv")}
    assert set(listed) == {"2", "3"}
    assert listed["2"]["change"] == "newly_pass"
    assert listed["2"]["request_id"] == "'=C"
    assert (listed["2"]["old_determination"], listed["2"]["new_determination"]) == ("deficient", "sufficient")
    assert set(listed["2"]["responsible"].split(";")) == set(listed["2"]["old_findings"].split(";")) != {""}
    assert listed["3"]["change"] == "no_longer_deficient"
    found = summary(tmp_path)
    assert (found["requests"], found["newly_pass"], found["no_longer_deficient"], found["newly_fail"]) == (
        4,
        1,
        1,
        0,
    )
    assert "4 requests: 1 newly pass, 0 newly fail" in done.output

    other = run(tmp_path, file, "--context", loose, "--new-context", tmp_path / "strict.toml")
    assert other.exit_code == 0, other.output
    back = summary(tmp_path)
    assert (back["newly_pass"], back["newly_fail"]) == (0, 2)


def test_an_overlay_of_the_new_version_only_adds(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID, JUSTICE])
    assert run(tmp_path, file, "--new-overlay", "mou-2025-04-07").exit_code == 0
    (row,) = rows(tmp_path / "out" / "changed.csv")
    assert row["change"] == "newly_fail"
    assert (row["old_determination"], row["responsible"]) == ("sufficient", "M1")
    assert run(tmp_path, file, "--overlay", "mou-2025-04-07").exit_code == 0
    assert rows(tmp_path / "out" / "changed.csv") == []


def test_it_says_what_two_reviews_say(tmp_path: Path) -> None:
    """Over a mixed file, row by row, with the facts computed once."""
    register = write_register(tmp_path / "register")
    file = tmp_path / "mixed.csv"
    assert invoke("synth", "register", register, "--persons", 300, "--seed", 5).exit_code == 0
    made = invoke(
        "synth", "submission", file, "--rows", 600, "--kind", "mixed", "--seed", 5, "--register", register
    )
    assert made.exit_code == 0, made.output
    loose = context(tmp_path, "loose.toml", LOOSE)
    assert run(tmp_path, file, "--new-context", loose, "--new-overlay", "mou-2025-04-07").exit_code == 0
    sides = {}
    for name, arguments in (
        ("old", ("--context", tmp_path / "strict.toml")),
        ("new", ("--context", loose, "--overlay", "mou-2025-04-07")),
    ):
        assert invoke("review", file, "--out", tmp_path / name, *arguments).exit_code == 0
        sides[name] = {row["row"]: row for row in rows(tmp_path / name / "determinations.csv")}
    expected = {
        row: (
            old["determination"],
            sides["new"][row]["determination"],
            old["findings"],
            sides["new"][row]["findings"],
        )
        for row, old in sides["old"].items()
        if set(old["findings"].split(";")) != set(sides["new"][row]["findings"].split(";"))
        or old["determination"] != sides["new"][row]["determination"]
    }
    listed = rows(tmp_path / "out" / "changed.csv")
    assert {
        row["row"]: (
            row["old_determination"],
            row["new_determination"],
            row["old_findings"],
            row["new_findings"],
        )
        for row in listed
    } == expected
    assert [int(row["row"]) for row in listed] == sorted(int(row["row"]) for row in listed)
    assert len(listed) > 50
    found = summary(tmp_path)
    for change in Change:
        assert found[change] == sum(row["change"] == change for row in listed)


def test_another_vocabulary_reads_other_facts(tmp_path: Path) -> None:
    draft = tmp_path / "drafts" / FOLDER
    shutil.copytree(str(files("wicketgate.authorities").joinpath(FOLDER)), draft)
    words = draft / "vocabulary.toml"
    text = words.read_text()
    assert '"last_known_address"' in text
    words.write_text(
        text.replace('"last_known_address", ', "").replace('"last_known_address"', '"nothing_else"')
    )
    file = write_submission(tmp_path / "s.csv", [VALID])
    for new, arguments in ((draft, ()), (NAME, ("--new-root", draft.parent))):
        done = run(tmp_path, file, *arguments, new=new)
        assert done.exit_code == 0, done.output
        (row,) = rows(tmp_path / "out" / "changed.csv")
        assert row["new_determination"] == "deficient"
    assert run(tmp_path, file, "--old-root", draft.parent).exit_code == 0
    (row,) = rows(tmp_path / "out" / "changed.csv")
    assert row["change"] == "newly_pass"


def test_facts_are_computed_once_when_only_the_rules_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID])
    count = []

    def counted(*arguments: Any) -> Any:
        count.append(1)
        return reviewed(*arguments)

    monkeypatch.setattr("wicketgate.flow.backtest.reviewed", counted)
    loose = context(tmp_path, "loose.toml", LOOSE)
    assert run(tmp_path, file, "--new-context", loose).exit_code == 0
    assert len(count) == 1
    later = tmp_path / "later.toml"
    later.write_text("as_of = 2026-03-02\n")
    assert run(tmp_path, file, "--new-context", later).exit_code == 0
    assert len(count) == 3


def test_the_page_is_whole_plain_and_safe(tmp_path: Path) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID, COMPONENT, CIVIL])
    assert run(tmp_path, file, "--new-context", context(tmp_path, "loose.toml", LOOSE)).exit_code == 0
    page = (tmp_path / "out" / "backtest.html").read_text()
    check_page(page)
    assert "&lt;b&gt;D" in page
    assert "S7_civil_dual_use: deny before, human now" in page


def check_page(page: str) -> None:
    """No script, no style of an element, nothing from elsewhere; the policy allows this style sheet."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base"} & set(reader.tags)
    assert not {
        name for name in reader.attributes if name.startswith("on") or name in ("style", "src", "href")
    } - {"href"}
    assert set(re.findall(r'href="([^"]*)"', page)) == {"#main"}
    style = re.findall(r"<style>(.*)</style>", page, re.DOTALL)[0]
    policy = f"style-src &#x27;sha256-{b64encode(sha256(style.encode()).digest()).decode()}&#x27;"
    assert policy in page
    assert not re.search(r"url\(|@import", style)
    assert reader.tags.count("svg") == page.count('role="img"') > 0
    for label in re.findall(r'aria-labelledby="([^"]*)"', page):
        for identity in label.split():
            assert page.count(f'id="{identity}"') == 1, identity


class Reader(HTMLParser):
    """Tags and attributes, and whether every element is closed."""

    VOID = ("meta", "br", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_bars_are_as_long_as_their_numbers_and_not_too_many() -> None:
    chart = "".join(bars("c", "A <title>", [Bar("A1", "newly_pass", 200), Bar("<B2>", "newly_pass", 50)]))
    first, second = (float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', chart))
    assert first == pytest.approx(4 * second, rel=0.01)
    assert "A &lt;title&gt;" in chart
    assert "A1: 200, &lt;B2&gt;: 50" in chart
    many = "".join(bars("c", "t", [Bar(f"A{n}", "newly_pass", 100 - n) for n in range(MOST + 10)]))
    assert many.count("<rect") == MOST
    assert "11 more, at most" in many
    assert "".join(bars("c", "t", [])).count("<rect") == 0


def test_stacked_bars_fill_their_row() -> None:
    rows = {
        "before": [Bar("x", "sufficient", 3), Bar("y", "deficient", 1)],
        "now": [Bar("x", "sufficient", 0)],
    }
    chart = "".join(stacked("c", "t", rows))
    widths = [float(width) for width in re.findall(r'y="3" width="([\d.]+)"', chart)]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert "before: 3 x, 1 y; now: 0 x" in chart


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--old", "no-such-law"), "There is no authority"),
        (("--new", "no-such-law"), "There is no authority"),
        (("--new-overlay", "nothing"), "has no overlay"),
        (("--new-root", "nowhere"), "is no folder of authorities"),
        (("--new-context", "nowhere.toml"), "cannot be read"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, arguments: tuple[str, str], says: str) -> None:
    file = write_submission(tmp_path / "s.csv", [VALID])
    done = run(tmp_path, file, *arguments)
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("wicketgate: ")
    assert says in line


def test_a_file_or_a_place_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert "empty" in run(tmp_path, empty).stderr
    (tmp_path / "out").write_text("a file")
    file = write_submission(tmp_path / "s.csv", [VALID])
    assert run(tmp_path, file).exit_code == 2
    (tmp_path / "out").unlink()
    (tmp_path / "out" / "changed.csv").mkdir(parents=True)
    done = run(tmp_path, file)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
