"""An agency's books and the custodian's statement are laid beside the log; every difference is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaigns.disclosures import law_and_context
from tests.cli.test_commands import run
from tests.stories.people import VALID, without, write_register, write_submission
from wicketgate.flow.simulate import simulating
from wicketgate.ledger.reconcile import reconcile

LAW, CONTEXT = law_and_context()
ROWS = [
    VALID,
    without("statute", request_id="deficient"),
    without(request_id="nobody", taxpayer_first_name="Nadia", taxpayer_tin="900-70-0099"),
    VALID | {"request_id": "other", "requesting_agency": "DOJ", "statute": "8 U.S.C. 1231"},
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One simulation with the books of both sides."""
    folder = tmp_path_factory.mktemp("books")
    file, register = write_submission(folder / "s.csv", ROWS), write_register(folder / "register")
    with simulating(register, LAW, CONTEXT, receipts=True) as through:
        through(file, folder / "out")
    return folder / "out"


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "out"))


def differences(out: Path, agency: str = "DHS") -> list[str]:
    found = reconcile(out / "receipts", out / "statements" / agency, out / "ledger", agency)
    return [f"{each.what}: {each.why}" for each in found]


def command(out: Path) -> tuple[str | Path, ...]:
    folders = (out / "receipts", out / "statements" / "DHS", out / "ledger")
    return ("ledger", "reconcile", *folders, "--agency", "DHS")


def test_both_sides_agree_and_the_command_says_so(out: Path) -> None:
    assert differences(out) == []
    assert differences(out, "DOJ") == []
    done = run(*command(out))
    assert (done.exit_code, done.output) == (0, "Both sides agree.\n")
    numbers = sorted(path.name for path in (out / "statements" / "DHS").iterdir())
    assert numbers == ["1", "2", "3"]
    acknowledged = (out / "receipts" / "acknowledgements.jsonl").read_text().splitlines()
    assert len(acknowledged) == 1


def lose_a_receipt(out: Path) -> None:
    shutil.rmtree(out / "receipts" / "2")


def lose_an_answer(out: Path) -> None:
    for path in (out / "receipts" / "1").glob("answer*"):
        path.unlink()


def hide_a_request(out: Path) -> None:
    shutil.rmtree(out / "statements" / "DHS" / "3")


def deny_a_pick_up(out: Path) -> None:
    for path in (out / "statements" / "DHS" / "1").glob("pickup*"):
        path.unlink()


def lose_an_acknowledgement(out: Path) -> None:
    (out / "receipts" / "acknowledgements.jsonl").write_text("")


def acknowledge_another(out: Path) -> None:
    path = out / "receipts" / "acknowledgements.jsonl"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"package_digest": "sha256:0"}) + "\n")


def acknowledge_a_stranger(out: Path) -> None:
    with (out / "receipts" / "acknowledgements.jsonl").open("a") as file:
        file.write('{"handle": "WG-2222-2222-2222"}\nnonsense\n')


def change_an_opening(out: Path) -> None:
    path = out / "statements" / "DHS" / "1" / "received.agency.json"
    path.write_text(path.read_text().replace('"DHS"', '"DOJ"'))


def swap_entries(out: Path) -> None:
    """A statement that passes off one request's entry as another's."""
    for path in (out / "statements" / "DHS" / "2").glob("received*"):
        path.unlink()
    for path in (out / "statements" / "DHS" / "3").glob("received*"):
        shutil.copy(path, out / "statements" / "DHS" / "2" / path.name)


SPOILED: dict[Callable[[Path], None], list[str]] = {
    lose_a_receipt: [
        "missing here: no receipt with this number is here",
        "missing here: there is no receipt of request.determined here",
        "missing here: there is no receipt of request.received here",
    ],
    lose_an_answer: ["missing here: there is no receipt of disclosure.released here"],
    hide_a_request: [
        "missing there: the statement has a gap",
        "missing there: request.received is receipted here and not stated",
    ],
    deny_a_pick_up: ["missing there: a pick-up is acknowledged here and the log has none"],
    lose_an_acknowledgement: ["missing here: the log has a pick-up and nobody here acknowledges it"],
    acknowledge_another: ["different: the acknowledgement says another package_digest"],
    acknowledge_a_stranger: [
        "missing there: a pick-up of a request that nobody knows is acknowledged here and the log has none",
        "not proved: this is no acknowledgement",
    ],
    change_an_opening: [
        "not proved: the openings are not of one entry",
        "missing there: the statement has a gap",
        "missing there: request.received is receipted here and not stated",
    ],
    swap_entries: [
        "missing there: the statement has a gap",
        "missing there: request.received is receipted here and not stated",
    ],
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_each_difference_is_found_and_named(out: Path, spoil: Callable[[Path], None]) -> None:
    spoil(out)
    found = differences(out)
    assert set(SPOILED[spoil]) <= set(found), found
    done = run(*command(out))
    assert done.exit_code == 1
    assert f"{len(found)} difference(s)." in done.output
    for value in ("Rosa", "Juniper", "900"):
        assert value not in done.output.replace("wicketgate", "")


def test_a_log_that_was_cut_or_replaced_proves_nothing(out: Path) -> None:
    other = out.parent / "other"
    (other / "register").mkdir(parents=True)
    file, register = write_submission(other / "s.csv", ROWS[:1]), write_register(other / "register")
    with simulating(register, LAW, CONTEXT) as through:
        through(file, other / "out")
    found = reconcile(out / "receipts", out / "statements" / "DHS", other / "out" / "ledger", "DHS")
    assert {each.what for each in found} >= {"not proved"}


def test_what_cannot_be_read_is_one_sentence(out: Path) -> None:
    done = run("ledger", "reconcile", out / "nothing", out / "statements", out / "ledger", "--agency", "DHS")
    assert done.exit_code == 2
    assert "is no folder of receipts" in done.output
