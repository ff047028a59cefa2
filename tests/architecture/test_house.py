"""What holds for the source as a whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "src" / "wicketgate"
MODULES = sorted(HOUSE.rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(enclosing function, dotted callee) of every call."""
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    while stack:
        node, function = stack.pop()
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Call):
            yield function, ast.unparse(node.func)
        stack.extend((child, function) for child in ast.iter_child_nodes(node))


MAKERS = {
    "Sufficient": ("stages/review.py", "review"),
    "Verified": ("stages/verify.py", "verify"),
    "Approved": ("stages/decide.py", "decide"),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_one_function_stamps_and_builds_each_passage(kind: str) -> None:
    made = {
        (name_of(path), function)
        for path in MODULES
        for function, callee in calls(ast.parse(path.read_text()))
        if callee in (kind, f"{kind}.seal.stamp", f"{kind}.__new__")
    }
    assert made == {MAKERS[kind]}


STATUTE_WORDS = re.compile(r"6103|1253|1227|usc26|immigra|deport|\birs\b", re.IGNORECASE)


@pytest.mark.parametrize("room", ["law", "stages", "store", "flow"])
def test_no_statute_is_spelled_out_in_the_engine_the_stages_or_the_acts(room: str) -> None:
    for path in (HOUSE / room).rglob("*.py"):
        found = STATUTE_WORDS.search(path.read_text())
        assert found is None, f"{name_of(path)} says {found.group()!r}; it belongs into an authority."


def test_the_shared_words_read_no_clock_and_no_file() -> None:
    for path in (HOUSE / "core").glob("*.py"):
        if path.name == "clock.py":
            continue
        for _, callee in calls(ast.parse(path.read_text())):
            assert callee not in {"open", "date.today", "datetime.now", "time.time", "Path"}, path


def test_the_stages_read_no_clock() -> None:
    for path in (HOUSE / "stages").rglob("*.py"):
        for _, callee in calls(ast.parse(path.read_text())):
            assert callee not in {"date.today", "datetime.now", "datetime.utcnow", "time.time"}, path


def test_files_stay_readable() -> None:
    alone = HOUSE / "ledger" / "verify.py"  # one file on purpose: outsiders run it by itself
    long = {
        name_of(path): n
        for path in MODULES
        if path != alone and (n := len(path.read_text().splitlines())) > 400
    }
    assert not long, f"Split these rooms: {long}"


def test_every_module_says_what_it_is() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_nothing_prints_and_nothing_logs_a_request() -> None:
    for path in MODULES:
        if path.is_relative_to(HOUSE / "cli") or name_of(path) == "ledger/verify.py":
            continue
        for _, callee in calls(ast.parse(path.read_text())):
            assert callee != "print", path
