"""Upload parsers under fire: damaged and hostile files of every format, by seed.

Each input either gives rows and malformed rows, or one `SubmissionError` sentence. Anything else is a
failure: another exception, a crash of the process, more than a second of work, or memory without bound.
A process of its own does the reading, so that a crash is seen and memory is measured.
"""

from __future__ import annotations

import io
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from lxml import etree

from tests.intake.files import COMPLETE, csv_bytes, json_bytes, write_parquet
from wicketgate.core.request import COLUMNS
from wicketgate.stages.intake import SubmissionError, read_batches
from wicketgate.stages.intake.xml_names import NAMES, NAMESPACE

LONGEST = 1.0
"""Seconds of work on one small file."""
STUCK = 60
"""Seconds after which a reader is taken for hanging, however busy the machine is."""
MEMORY = 512 * 2**20
"""Bytes that a process may hold at its fullest, libraries included."""
ROWS = tuple(
    {**COMPLETE, "request_id": f"R-{n}", "reasons": f"Reasons, in line {n};\nand another."} for n in range(4)
)

TOKENS = (
    *(
        b'"',
        b'""',
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b";",
    ),
    *(
        b"{",
        b"}",
        b"[" * 40,
        b'{"a":' * 40,
        b"\\ud800",
        b"\\u0000",
        b"null",
        b"true",
        b"1e999",
        b"-0",
        b"9" * 400,
    ),
    *(
        b"<",
        b"</",
        b"&",
        b"&#0;",
        b"&#x110000;",
        b"&x;",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
        b"<![CDATA[",
        b"]]>",
    ),
    *(
        b"<?xml version='1.1'?>",
        b"<!--",
        b"xmlns:a='b'",
        b"PK\x03\x04",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"PAR1",
        b"\x15",
    ),
    *(
        b"A" * 5_000,
        b"\x00\x00\x00\x80",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b" " * 300,
        b"request_id",
        b"=1+1",
    ),
)
"""What readers of these formats stumble over."""


@dataclass
class Tally:
    """What became of the inputs of one format."""

    inputs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    peak: int = 0

    def add(self, more: Tally) -> None:
        """Count another run in."""
        self.inputs += more.inputs
        self.outcomes += more.outcomes
        self.slowest, self.peak = max(self.slowest, more.slowest), max(self.peak, more.peak)

    def told(self) -> dict[str, Any]:
        """For a report."""
        return {
            "inputs": self.inputs,
            "outcomes": dict(self.outcomes),
            "slowest": round(self.slowest, 3),
            "peak_mib": self.peak // 2**20,
        }


def run(folder: Path, kind: str, number: int, seed: int) -> Tally:
    """Read `number` inputs of a format; raises `AssertionError` with the seed and keeps the input."""
    file = folder / f"input.{kind}"
    context = get_context("spawn")
    told, tell = context.Pipe(duplex=False)
    process = context.Process(target=_read_all, args=(file, kind, number, seed, tell))
    process.start()
    tell.close()
    try:
        found = told.recv() if told.poll(STUCK + number * LONGEST) else "it hangs"
    except EOFError:
        found = "it took the process with it"
    process.join(5)
    if process.is_alive():
        process.kill()
    assert isinstance(found, Tally), f"{kind}, seed {seed}: {found}; the input is {file}"
    assert found.peak < MEMORY, f"{kind}, seed {seed}: {found.peak:,} bytes"
    file.unlink(missing_ok=True)
    return found


def inputs(kind: str, seed: int) -> Iterator[bytes]:
    """Inputs of a format without end."""
    draw, seeds = Random(f"{kind} {seed}"), SEEDS[kind]()
    while True:
        yield _PARTS.get(kind, _spoiled)(draw, draw.choice(seeds))


def _read_all(file: Path, kind: str, number: int, seed: int, tell: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
    tally, made = Tally(), inputs(kind, seed)
    for _ in range(number):
        file.write_bytes(next(made))
        began = time.process_time()
        try:
            outcome = _read(file)
        except Exception as problem:  # noqa: BLE001 - any other exception is what is looked for
            tell.send(f"{type(problem).__name__} at {_place(problem)}")
            return
        spent = time.process_time() - began
        if spent > LONGEST:
            tell.send(f"{spent:.1f} s")
            return
        tally.inputs += 1
        tally.outcomes[outcome] += 1
        tally.slowest = max(tally.slowest, spent)
    tally.peak = _own_peak()
    tell.send(tally)


def _own_peak() -> int:
    """Bytes; what getrusage says would include the process that this one was started from."""
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")
    )
    return int(line.split()[1]) * 1024


def _read(file: Path) -> str:
    good = bad = 0
    try:
        for batch in read_batches(file):
            good += len(batch.rows)
            bad += len(batch) - len(batch.rows)
    except SubmissionError as refused:
        sentence = str(refused)
        if "\n" in sentence or not sentence.endswith(".") or len(sentence) > 500:
            raise ValueError("a refusal that is not one clear sentence") from None
        return "refused"
    return "rows" if not bad else "malformed" if not good else "both"


def _place(problem: BaseException) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "nowhere" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _spoiled(draw: Random, data: bytes) -> bytes:
    """The file with one to eight wounds: bits, tokens, cuts, repeats, or pieces in another place."""
    wounded = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
        at = draw.randrange(len(wounded) + 1)
        to = min(len(wounded), at + draw.choice((1, 2, 8, 64, 512)))
        match draw.randrange(7):
            case 0 if at < len(wounded):
                wounded[at] ^= 1 << draw.randrange(8)
            case 1 if at < len(wounded):
                wounded[at] = draw.randrange(256)
            case 2:
                wounded[at:at] = draw.choice(TOKENS)
            case 3:
                del wounded[at:to]
            case 4:
                wounded[at:at] = wounded[at:to] * draw.choice((1, 2, 20))
            case 5:
                piece, place = wounded[at:to], draw.randrange(len(wounded) + 1)
                wounded[place:place] = piece
            case _:
                wounded = wounded[: draw.randrange(len(wounded) + 1)]
        del wounded[2**20 :]
    return bytes(wounded)


def _spoiled_book(draw: Random, data: bytes) -> bytes:
    """Wounds of the archive, or of a part inside an archive that is whole."""
    if draw.random() < 0.4:
        return _spoiled(draw, data)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
        chosen = draw.choice(
            [name for name in source.namelist() if "theme" not in name and "styles" not in name]
        )
        for name in source.namelist():
            part = source.read(name)
            if name == chosen:
                if draw.random() < 0.1:
                    continue
                part = _spoiled(draw, part)
            out.writestr(name, part)
    return made.getvalue()


def _csv() -> list[bytes]:
    plain = csv_bytes(ROWS)
    return [plain, plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain, csv_bytes(ROWS[:1]), csv_bytes(())]


def _json() -> list[bytes]:
    return [json_bytes(ROWS), json_bytes(ROWS[:1]), b"\n\n" + json_bytes(ROWS[:2]).replace(b"\n", b"\r\n")]


def _xml() -> list[bytes]:
    made = []
    for rows in (ROWS, ROWS[:1]):
        root = etree.Element(f"{{{NAMESPACE}}}Submission", nsmap={None: NAMESPACE})
        for row in rows:
            request = etree.SubElement(root, f"{{{NAMESPACE}}}Request")
            for column, text in row.items():
                etree.SubElement(request, f"{{{NAMESPACE}}}{NAMES[column]}").text = text
        made.append(bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)))
    return [*made, made[1].replace(b"UTF-8", b"UTF-16"), made[1].replace(b"<Request>", b"<Request a='b'>")]


def _xlsx() -> list[bytes]:
    made = []
    for rows, options in ((ROWS, {}), (ROWS[:1], {"constant_memory": True})):
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, COLUMNS)
            for at, row in enumerate(rows, 1):
                sheet.write_row(at, 0, [row.get(name, "") for name in COLUMNS])
        made.append(stream.getvalue())
    return made


def _parquet() -> list[bytes]:
    import tempfile

    made = []
    with tempfile.TemporaryDirectory() as name:
        for rows in (ROWS, ROWS[:1]):
            path = Path(name) / "s.parquet"
            write_parquet(path, rows)
            made.append(path.read_bytes())
    return made


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "csv": _csv,
    "jsonl": _json,
    "xml": _xml,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
_PARTS: dict[str, Callable[[Random, bytes], bytes]] = {"xlsx": _spoiled_book}
SHARES = {"csv": 40, "jsonl": 40, "xml": 30, "xlsx": 6, "parquet": 4}
"""Of 120 inputs, how many are of each format: what is read faster is tried more often."""
