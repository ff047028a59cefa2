"""Tools that others wrote read our log: Go's sumdb, sigstore for Python and sigstore for JavaScript."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger.logs import KEY, entries, publish, signed
from wicketgate.ledger import Kind, LogKey, Note, Prover, Receipt, SigningKey, read_checkpoint

HERE = Path(__file__).parent
PLACE = Path(os.environ.get("WICKETGATE_JUDGES", Path(__file__).parents[2] / ".venv-judges"))
PYTHON = PLACE / "bin" / "python"
MODULE = "module judge\n\ngo 1.27\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./xmod\n"
SIZE = 700
COSIGNERS = [
    SigningKey.generate("inspector.example/ed", Kind.COSIGNATURE_ED25519),
    SigningKey.generate("inspector.example/ml", Kind.COSIGNATURE_MLDSA44),
]

MISSING = f"no judges in {PLACE}: `make check` installs them"
needs_python = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (PLACE / "node").is_dir(),
    reason=f"no node, or {MISSING}",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published log with receipts, cosignatures and an old checkpoint beside it."""
    place = tmp_path_factory.mktemp("judged") / "log"
    leaves = entries(SIZE)
    publish(place, leaves[:300])
    shutil.copy(place / "checkpoint", place.parent / "old")
    publish(place, leaves, 300)
    prover = Prover(place)
    (place / "receipts").mkdir()
    for index in (0, 1, 255, 256, 511, 512, SIZE - 1):
        (place / "receipts" / str(index)).write_text(str(prover.receipt(index)))
    note = Note.parse((place / "checkpoint").read_text())
    for at, cosigner in enumerate(COSIGNERS):
        note = note.signed(cosigner, 1_800_000_000 + at)
    (place / "checkpoint").write_text(str(note))
    return place


@pytest.fixture(scope="module")
def go_judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The Go program, built from the packages inside the Go distribution."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    (root,) = PLACE.glob("lib/python*/site-packages/go")
    work = tmp_path_factory.mktemp("go")
    for package in ("note", "tlog"):
        source = root / "src/cmd/vendor/golang.org/x/mod/sumdb" / package
        shutil.copytree(source, work / "xmod" / "sumdb" / package)
    (work / "xmod" / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.27\n")
    (work / "go.mod").write_text(MODULE)
    shutil.copy(HERE / "judge.go", work / "judge.go")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(work),
        "GOROOT": str(root),
        "GOCACHE": str(PLACE / "go-cache"),
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    built = subprocess.run(
        [root / "bin" / "go", "build", "-o", work / "judge", "."],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr

    def judge(folder: Path, old: Path, vkey: str = KEY.vkey) -> subprocess.CompletedProcess[str]:
        cosigners = [str(each.verifier) for each in COSIGNERS]
        return subprocess.run(
            [work / "judge", folder, vkey, old, *cosigners], capture_output=True, text=True, check=False
        )

    return judge


Go = Callable[..., subprocess.CompletedProcess[str]]


def test_go_accepts_our_log(folder: Path, go_judge: Go) -> None:
    verdict = go_judge(folder, folder.parent / "old")
    assert verdict.stdout == f"accepted: {SIZE} entries, 7 receipts, 2 cosignatures\n", verdict.stderr


def test_go_accepts_a_log_of_one_entry_and_none(tmp_path: Path, go_judge: Go) -> None:
    leaves = entries(1)
    (tmp_path / "old").write_text(signed([]))
    publish(tmp_path / "log", leaves)
    note = Note.parse((tmp_path / "log" / "checkpoint").read_text())
    for cosigner in COSIGNERS:
        note = note.signed(cosigner, 1)
    (tmp_path / "log" / "checkpoint").write_text(str(note))
    assert go_judge(tmp_path / "log", tmp_path / "old").stdout.startswith("accepted: 1 entries")


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


def _fork(place: Path) -> None:
    (place / "old").write_text(signed([*entries(299), b"\x01" + bytes(63)]))


TAMPERED: dict[str, Callable[[Path], None]] = {
    "an entry": lambda folder: _flip(folder / "tile/entries/000", 40),
    "a tile": lambda folder: _flip(folder / "tile/0/001", 40),
    "a tile above": lambda folder: _flip(folder / "tile/1/000.p/2", 40),
    "a partial tile": lambda folder: _flip(folder / "tile/0/002.p/188", 40),
    "a receipt": lambda folder: _flip(folder / "receipts/256", 70),
    "the root": lambda folder: _flip(folder / "checkpoint", 40),
    "the old checkpoint": lambda folder: _fork(folder.parent),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_go_refuses_what_was_changed(folder: Path, go_judge: Go, tmp_path: Path, what: str) -> None:
    shutil.copytree(folder, tmp_path / "log")
    shutil.copy(folder.parent / "old", tmp_path / "old")
    TAMPERED[what](tmp_path / "log")
    assert go_judge(tmp_path / "log", tmp_path / "old").stdout.startswith("refused:")


def test_go_refuses_another_key(folder: Path, go_judge: Go) -> None:
    assert "refused" in go_judge(folder, folder.parent / "old", LogKey.generate(KEY.origin).vkey).stdout


def cases(folder: Path) -> Iterator[dict[str, object]]:
    """Receipts as the two sigstores read them; every other one is damaged."""
    prover = Prover(folder)
    for index in (0, 1, 255, 256, 511, 512, SIZE - 1):
        receipt, leaf = prover.receipt(index), prover.entry(index)
        yield _case(receipt, leaf)
        yield _case(receipt, leaf[:-1] + b"\x01")
        yield _case(replace(receipt, path=(*receipt.path[:-1], bytes(32))), leaf)
        yield _case(replace(receipt, path=receipt.path[:-1]), leaf)


def _case(receipt: Receipt, leaf: bytes) -> dict[str, object]:
    head = read_checkpoint(receipt.checkpoint, KEY.verifier)

    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    return {
        "index": receipt.index,
        "size": head.size,
        "root": text(head.root),
        "leaf": text(leaf),
        "path": [text(each) for each in receipt.path],
        "checkpoint": receipt.checkpoint,
        "origin": KEY.origin,
        "keyId": text(KEY.verifier.id),
        "key": text(KEY.verifier.public),
    }


def _judged(folder: Path, command: list[str]) -> list[bool]:
    told = "\n".join(json.dumps(case) for case in cases(folder))
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [bool(json.loads(line)) for line in done.stdout.splitlines()]


@needs_python
def test_sigstore_for_python_agrees(folder: Path) -> None:
    verdicts = _judged(folder, [str(PYTHON), str(HERE / "sigstore_judge.py")])
    assert verdicts == [True, False, False, False] * 7


@needs_node
def test_sigstore_for_javascript_agrees(folder: Path) -> None:
    verdicts = _judged(folder, ["node", str(HERE / "sigstore_judge.js"), str(PLACE / "node")])
    assert verdicts == [True, False, False, False] * 7
