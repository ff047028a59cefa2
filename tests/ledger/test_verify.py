"""The stand-alone verifier accepts a true log and detects every change of every file."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaigns.verified import verified
from tests.ledger.logs import KEY, ORIGIN, entries, files, publish, signed
from wicketgate.ledger import (
    Kind,
    LogKey,
    Note,
    Receipt,
    SigningKey,
    commit,
    hash_reader,
    inclusion_proof,
    leaf_hash,
    open_field,
    verify,
)
from wicketgate.ledger.tiles import bundle, tiles_of
from wicketgate.ledger.tree import node_hash, root_of
from wicketgate.ledger.verify import Report, verify_folder

FIELDS = {"handle": "WG-2B3C-4D5F-6G7H", "decision": "refused", "reasons": "none\x1b[31m"}
MADE = commit("decision", FIELDS)
LEAVES = [*entries(600), MADE.leaf, *entries(11)]
OPENED = 600


def check(folder: Path, **more: Path | list[Path]) -> Report:
    return verify_folder(folder, vkey=KEY.vkey, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that grew in steps, so that it has earlier partial tiles beside the last ones."""
    folder = tmp_path_factory.mktemp("log")
    publish(folder, LEAVES[:530])
    publish(folder, LEAVES[:600], 530)
    publish(folder, LEAVES, 600)
    return folder


@pytest.fixture
def copy(log: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(log, tmp_path / "copy"))


def receipt(index: int, size: int = len(LEAVES), key: LogKey = KEY) -> str:
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    path = inclusion_proof(index, size, lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
    return str(Receipt(index, tuple(path), signed(LEAVES[:size], key)))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 611])
def test_a_true_log_holds(tmp_path: Path, size: int) -> None:
    publish(tmp_path, LEAVES[:size])
    report = check(tmp_path)
    assert report.ok, report.failures
    assert f"{ORIGIN}: {size} entries" in report.checked[0]


def test_a_true_log_with_earlier_partial_tiles_holds(log: Path) -> None:
    assert any(".p/18" in path for path in files(log)), "the log has an earlier partial tile"
    assert check(log).ok


def test_it_needs_only_python_and_cryptography(log: Path, tmp_path: Path) -> None:
    source = Path(verify.__file__)
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
            assert all(n.split(".")[0] in {*sys.stdlib_module_names, "cryptography"} for n in names)
    alone = shutil.copy(source, tmp_path / "verify.py")
    done = subprocess.run([sys.executable, "-I", alone, log], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything holds.")
    assert "from the folder itself" in done.stderr
    done = subprocess.run(
        [sys.executable, "-I", alone, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def names(report: Report, path: str) -> bool:
    """One of the failures is about this file, in one sentence."""
    assert not report.ok
    assert all(failure.count("\n") == 0 and failure.endswith(".") for failure in report.failures)
    return any(path in failure for failure in report.failures)


def flip(bit: int) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        at = bit % (8 * len(data))
        return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]

    return change


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "first bit": flip(0),
    "last bit": flip(-1),
    "some bit": flip(100_003),
    "cut": lambda data: data[:-1],
    "halved": lambda data: data[: len(data) // 2],
    "emptied": lambda _: b"",
    "longer": lambda data: data + data[-1:],
    "cut by a hash": lambda data: data[:-32],
    "reversed": lambda data: data[::-1],
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_every_change_of_every_file_is_detected(copy: Path, change: str) -> None:
    for path, data in files(copy).items():
        changed = CHANGES[change](data)
        assert changed != data
        (copy / path).write_bytes(changed)
        assert names(check(copy), path), f"{change} of {path}"
        (copy / path).write_bytes(data)
    assert check(copy).ok


def test_every_byte_of_checkpoint_and_key_counts(copy: Path) -> None:
    for path in ("checkpoint", "vkey"):
        data = (copy / path).read_bytes()
        for bit in range(8 * len(data)):
            (copy / path).write_bytes(flip(bit)(data))
            assert names(check(copy), path)
        (copy / path).write_bytes(data)


def test_a_missing_file_is_detected(copy: Path) -> None:
    demanded = {tile.path for tile in tiles_of(len(LEAVES))} | {"checkpoint"}
    for path in demanded:
        data = (copy / path).read_bytes()
        (copy / path).unlink()
        assert names(check(copy), path)
        (copy / path).write_bytes(data)


def test_swapped_files_are_detected(copy: Path) -> None:
    found = files(copy)
    paths = sorted(found)
    for one, two in zip(paths, [*paths[1:], paths[0]], strict=True):
        if found[one] != found[two]:
            (copy / one).write_bytes(found[two])
            (copy / two).write_bytes(found[one])
            report = check(copy)
            assert names(report, one) or names(report, two)
            (copy / one).write_bytes(found[one])
            (copy / two).write_bytes(found[two])


@pytest.mark.parametrize(
    "path",
    [
        "note.txt",
        ".new",
        "tile/0/003",
        "tile/0/002.p/100",
        "tile/0/002.p/0",
        "tile/0/002.p/256",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/3/000.p/1",
        "tile/8/000.p/1",
        "tile/00/000",
        "tile/entries/003.p/1",
        "tile/entries/001.p/07",
        "tile/entries/000.p/5/more",
    ],
)
def test_files_that_do_not_belong_are_detected(copy: Path, path: str) -> None:
    target = copy / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"\0" * 32)
    assert names(check(copy), path)


def test_links_are_refused(copy: Path) -> None:
    (copy / "tile/0/000").rename(copy.parent / "elsewhere")
    (copy / "tile/0/000").symlink_to(copy.parent / "elsewhere")
    assert names(check(copy), "tile/0/000")


def test_a_rewritten_history_is_detected_even_with_the_logs_key(log: Path, tmp_path: Path) -> None:
    """Who steals the log's key can make another log, but not one that continues an old checkpoint."""
    old = tmp_path / "old-checkpoint"
    old.write_text(signed(LEAVES[:300]))
    assert check(log, since=old).ok
    forged = [*LEAVES[:299], LEAVES[0], *LEAVES[300:]]
    publish(tmp_path / "forged", forged)
    assert check(tmp_path / "forged").ok
    assert names(check(tmp_path / "forged", since=old), str(old))
    publish(tmp_path / "shortened", LEAVES[:299])
    assert names(check(tmp_path / "shortened", since=old), str(old))
    old.write_text(LogKey.generate("other.example.gov").sign_checkpoint(1, leaf_hash(LEAVES[0])))
    assert names(check(log, since=old), str(old))
    for size in (0, 1, 256, 600, len(LEAVES)):
        old.write_text(signed(LEAVES[:size]))
        assert check(log, since=old).ok


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"\x00" * 64,
        b"\x03" + bytes(63),
        MADE.leaf[:-1],
        MADE.leaf + b"\0",
        MADE.leaf[:-1] + b"\1",
        b"\1\0\0" + MADE.leaf[3:],
        b"\2",
        b"\2not JSON",
        b"\2[]",
        b'\2{"event":1}',
        b'\2{"event": "policy"}',
        b'\2{"event":"policy","event":"policy"}',
        b'\2{"event":"policy","x":1.5}',
        b'\2{"event":"policy","a":NaN}',
        b'\2{"z":1,"event":"policy"}',
        b'\2{"event":"\xff"}',
        b"\2" + b"[" * 60_000,
    ],
)
def test_entries_of_another_shape_are_detected(tmp_path: Path, entry: bytes) -> None:
    publish(tmp_path, [LEAVES[0], entry])
    assert names(check(tmp_path), "tile/entries/000.p/2, entry 1")


def test_a_tree_that_does_not_hang_together_is_detected(tmp_path: Path) -> None:
    """Everything is signed, but a level-1 tile holds the wrong hash and the root follows it."""
    leaves = entries(256 * 2)
    publish(tmp_path, leaves)
    hashes = [root_of([leaf_hash(leaf) for leaf in leaves[at : at + 256]]) for at in (0, 256)]
    hashes[1] = hashes[0]
    (tmp_path / "tile/1/000.p/2").write_bytes(b"".join(hashes))
    (tmp_path / "checkpoint").write_text(KEY.sign_checkpoint(512, node_hash(*hashes)))
    report = check(tmp_path)
    assert names(report, "tile/1/000.p/2")
    assert names(report, "checkpoint")


def test_a_bundle_that_claims_more_than_it_has_is_detected(copy: Path) -> None:
    path = copy / f"tile/entries/002.p/{len(LEAVES) - 512}"
    path.write_bytes(bundle([*LEAVES[512:-1], LEAVES[-1] + b"x"])[:-1])
    assert names(check(copy), "tile/entries/002.p")


# ---- receipts and openings


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_receipts_hold_with_the_log_or_offline(log: Path, tmp_path: Path) -> None:
    proof = write(tmp_path / "r.tlog-proof", receipt(OPENED))
    opened = open_field(MADE.leaf, "decision", FIELDS, MADE.nonces, "reasons")
    opening = write(tmp_path / "o.json", opened.to_text())
    for folder in (log, None):
        report = verify_folder(folder, vkey=KEY.vkey, proofs=[proof], openings=[opening])
        assert report.ok, report.failures
        assert report.checked[-1].endswith("""'decision', 'reasons': "none\\u001b[31m\"""")
    absent = open_field(MADE.leaf, "decision", FIELDS, MADE.nonces, "dissent")
    write(opening, absent.to_text())
    report = verify_folder(None, vkey=KEY.vkey, proofs=[proof], openings=[opening])
    assert report.checked[-1].endswith("'dissent': absent")
    assert check(log, proofs=[write(proof, receipt(OPENED, 601))]).ok, "an older checkpoint of the same log"
    assert names(verify_folder(None, vkey=KEY.vkey, proofs=[proof]), str(proof))
    assert not verify_folder(None, vkey=KEY.vkey).ok
    assert names(check(log, openings=[opening]), str(opening))


def test_no_character_of_receipt_or_opening_can_change(tmp_path: Path) -> None:
    opened = open_field(MADE.leaf, "decision", FIELDS, MADE.nonces, "decision")
    texts = {tmp_path / "receipt": receipt(OPENED), tmp_path / "opening": opened.to_text()}
    proof, opening = (write(path, text) for path, text in texts.items())
    assert verify_folder(None, vkey=KEY.vkey, proofs=[proof], openings=[opening]).ok
    for path, text in texts.items():
        for at in range(0, len(text), 3):
            for other in ("", "A" if text[at] != "A" else "B"):
                write(path, text[:at] + other + text[at + 1 :])
                report = verify_folder(None, vkey=KEY.vkey, proofs=[proof], openings=[opening])
                assert not report.ok, text[:at]
        write(path, text)


def test_a_name_listed_twice_cannot_have_two_values(tmp_path: Path) -> None:
    """A dishonest gate that puts one name in two places is refused by the reader, not only by the writer."""
    opened = open_field(MADE.leaf, "decision", FIELDS, MADE.nonces, "decision")
    text = opened.to_text().replace('"approver"', '"decision"')
    opening = write(tmp_path / "opening", text)
    report = verify_folder(
        None, vkey=KEY.vkey, proofs=[write(tmp_path / "r", receipt(OPENED))], openings=[opening]
    )
    assert any("not an opening" in failure for failure in report.failures)


def test_a_receipt_of_a_fork_is_detected(log: Path, tmp_path: Path) -> None:
    forked = [*LEAVES[:600], LEAVES[0]]
    hashes = [leaf_hash(leaf) for leaf in forked]
    path = inclusion_proof(0, 601, lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
    proof = write(tmp_path / "fork", str(Receipt(0, tuple(path), signed(forked))))
    assert names(check(log, proofs=[proof]), str(proof))


# ---- policies


@pytest.fixture(scope="module")
def witnesses() -> list[SigningKey]:
    kinds = [Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44, Kind.COSIGNATURE_ED25519]
    return [SigningKey.generate(f"w{at}.example.org", kind) for at, kind in enumerate(kinds)]


def policy(witnesses: list[SigningKey], rules: str) -> str:
    lines = [f"witness w{at} {key.verifier} https://w{at}.example.org" for at, key in enumerate(witnesses)]
    return "\n".join([f"# é\n \tlog {KEY.vkey} https://{ORIGIN}", *lines, rules, ""])


@pytest.mark.parametrize(
    ("rules", "signers", "holds"),
    [
        ("quorum none", [], True),
        ("quorum w1", [1], True),
        ("quorum w1", [0, 2], False),
        ("group g any w0 w1\nquorum g", [1], True),
        ("group g any w0 w1\nquorum g", [2], False),
        ("group g all w0 w1 w2\nquorum g", [0, 1, 2], True),
        ("group g all w0 w1 w2\nquorum g", [0, 1], False),
        ("group g 2 w0 w1 w2\nquorum g", [0, 2], True),
        ("group g 2 w0 w1 w2\nquorum g", [0], False),
        ("group g any w0 w1\ngroup h all g w2\nquorum h", [1, 2], True),
        ("group g any w0 w1\ngroup h all g w2\nquorum h", [0, 1], False),
    ],
)
def test_a_quorum_of_witnesses(
    copy: Path, tmp_path: Path, witnesses: list[SigningKey], rules: str, signers: list[int], holds: bool
) -> None:
    note = Note.parse(signed(LEAVES))
    for at in signers:
        note = note.signed(witnesses[at], at=1_700_000_000)
    write(copy / "checkpoint", str(note))
    report = verify_folder(copy, policy=write(tmp_path / "policy", policy(witnesses, rules)))
    assert report.ok is holds, report.failures
    assert holds or names(report, "checkpoint")


def test_a_forged_cosignature_is_refused_even_beyond_the_quorum(
    copy: Path, tmp_path: Path, witnesses: list[SigningKey]
) -> None:
    file = write(tmp_path / "policy", policy(witnesses, "quorum w0"))
    for forged in witnesses[1:]:
        note = Note.parse(signed(LEAVES)).signed(witnesses[0], at=1)
        other = Note(signed(LEAVES[:5]).partition("\n\n")[0] + "\n").signed(forged, at=1)
        write(copy / "checkpoint", str(note) + str(other.signatures[0]))
        assert names(verify_folder(copy, policy=file), "checkpoint")


@pytest.mark.parametrize(
    "rules",
    [
        "",
        "quorum w9",
        "quorum none\nquorum none",
        "group g any w9\nquorum g",
        "group g any\nquorum g",
        "group g 0 w0\nquorum g",
        "group g 3 w0 w1\nquorum g",
        "group g 01 w0 w1\nquorum g",
        "group g any none\nquorum g",
        "group g any w0 w0\nquorum g",
        "group w0 any w1\nquorum w0",
        "group g any w0\ngroup h all g w0\nquorum h",
        "quorum g\ngroup g any w0",
        "quorum none\nwitnes x",
        "quorum none\r",
        "quorum none\x00",
        "quorum none extra",
        "log bad\nquorum none",
        f"log {KEY.vkey}\nquorum none",
        f"witness x {KEY.vkey}\nquorum none",
    ],
)
def test_policies_that_are_refused(
    log: Path, tmp_path: Path, witnesses: list[SigningKey], rules: str
) -> None:
    file = tmp_path / "policy"
    file.write_bytes(policy(witnesses, rules).encode())
    assert names(verify_folder(log, policy=file), str(file))


def test_whose_key_is_believed(log: Path, tmp_path: Path, witnesses: list[SigningKey]) -> None:
    own = verify_folder(log)
    assert own.ok
    assert own.remarks
    assert not check(log).remarks
    stranger = LogKey.generate(ORIGIN).vkey
    assert names(verify_folder(log, vkey=stranger), "checkpoint")
    file = write(tmp_path / "policy", policy(witnesses, "quorum none"))
    assert verify_folder(log, policy=file, vkey=KEY.vkey).ok
    assert names(verify_folder(log, policy=file, vkey=stranger), str(file))
    write(file, "quorum none\n")
    assert verify_folder(log, policy=file, vkey=KEY.vkey).ok
    assert not verify_folder(None).ok
    assert names(verify_folder(tmp_path / "nowhere", vkey=KEY.vkey), "checkpoint")


def test_the_verifier_and_the_library_read_the_same_tiles(log: Path, tmp_path: Path) -> None:
    """A receipt made from the published tiles alone is accepted."""
    read = hash_reader(len(LEAVES), lambda tile: (log / tile.path).read_bytes())
    for index in (0, 255, 256, 511, 512, 610):
        path = inclusion_proof(index, len(LEAVES), read)
        proof = write(
            tmp_path / str(index), str(Receipt(index, tuple(path), (log / "checkpoint").read_text()))
        )
        assert check(log, proofs=[proof]).ok


def test_a_long_log_is_checked_from_its_files_alone(tmp_path: Path) -> None:
    assert verified(tmp_path, 256 * 256 + 3).entries == 65_539
