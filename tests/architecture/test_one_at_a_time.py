"""Nobody approves in bulk: each act of a person is about one request, and scripts stay in the simulation."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from wicketgate.core.actor import Actor
from wicketgate.core.identifiers import Handle
from wicketgate.flow import work

HOUSE = Path(__file__).parents[2] / "src" / "wicketgate"
SCRIPTED = {"approve_scripted"}


def public() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function of the workplace that takes an actor."""
    for module in iter_modules(work.__path__, work.__name__ + "."):
        for name, found in inspect.getmembers(import_module(module.name), inspect.isfunction):
            takes_actor = "Actor" in map(str, found.__annotations__.values())
            if found.__module__ == module.name and not name.startswith("_") and takes_actor:
                yield f"{module.name}.{name}", found


ACTS = dict(public())


def test_the_workplace_has_acts() -> None:
    names = {name.rpartition(".")[2] for name in ACTS}
    assert names >= {"approve", "refuse", "endorse", "withdraw", "claim", "declare", "dissent", "refer"}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_takes_one_request_at_most(name: str) -> None:
    parameters = inspect.signature(ACTS[name], eval_str=True).parameters.values()
    requests = [each for each in parameters if each.annotation is Handle]
    assert len(requests) <= 1
    for each in parameters:
        text = str(each.annotation)
        assert "Handle" not in text or each.annotation is Handle, f"{each.name} could hold many requests"
        assert "Rows" not in text, f"{each.name} is a stretch of requests"
    assert any(each.annotation is Actor for each in parameters)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return imported | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_only_the_simulation_has_scripted_approvals() -> None:
    users = {str(path.relative_to(HOUSE)) for path in HOUSE.rglob("*.py") if names_in(path) & SCRIPTED}
    assert users == {"flow/simulate.py"}


def test_nothing_but_the_two_ways_performs_an_approval() -> None:
    """The act is named in one function for a person, and in one for the simulation."""
    found = set()
    for path in HOUSE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                named = isinstance(node, ast.Assign) and ast.unparse(node) == "act = 'approve'"
                made = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Act")
                if named or (made and "'approve'" in ast.unparse(node)):
                    found.add(f"{path.relative_to(HOUSE)}:{function.name}")
    assert found == {"flow/approve.py:approve_scripted", "flow/work/decide.py:approve"}
