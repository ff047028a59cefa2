"""`wicketgate ledger`."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.cli.standing import CONFIG, standing_gate
from wicketgate.ledger import LedgerError, Prover
from wicketgate.ledger import verify as verifier
from wicketgate.ledger.log_server import LogServer
from wicketgate.ledger.reconcile import reconcile as compare
from wicketgate.ledger.verifier_app import write_verifier

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """Check the accounting without trusting whoever keeps it."""


@ledger.command()
@click.argument("directory", type=_FOLDER, required=False)
@click.option("--policy", type=_FILE, help="Which log and witnesses to trust.")
@click.option("--vkey", help="The log's key, as text, from somebody you trust.")
@click.option("--since", type=_FILE, help="An older checkpoint you kept.")
@click.option("--proof", "proofs", type=_FILE, multiple=True, help="A receipt. Repeatable.")
@click.option("--opening", "openings", type=_FILE, multiple=True, help="An opened field. Repeatable.")
@click.option(
    "--kinds", type=_FILE, help="The kinds of all entries, for an inspector, to count statistics again."
)
@click.pass_context
def verify(
    context: click.Context,
    directory: Path | None,
    policy: Path | None,
    vkey: str | None,
    since: Path | None,
    proofs: tuple[Path, ...],
    openings: tuple[Path, ...],
    kinds: Path | None,
) -> None:
    """Verify the public log in DIRECTORY, or receipts; exit 0 only when everything holds.

    Without DIRECTORY, a receipt is checked offline for the entry of the openings given
    with it, under --vkey or --policy. The same verifier runs alone, from one file, with
    the standard library and the `cryptography` package: src/wicketgate/ledger/verify.py.
    """
    arguments = [] if directory is None else [str(directory)]
    for name, value in (
        ("--policy", policy),
        ("--vkey", vkey),
        ("--since", since),
        ("--kinds", kinds),
    ):
        arguments += [] if value is None else [f"{name}={value}"]
    arguments += [f"--proof={path}" for path in proofs]
    arguments += [f"--opening={path}" for path in openings]
    context.exit(verifier.main(arguments))


@ledger.command()
@click.argument("directory", type=_FOLDER)
@click.option("--index", required=True, type=click.IntRange(0), help="Which entry; the first is 0.")
@click.option("--vkey", help="The log's key, as text; without it, the key in DIRECTORY.")
@click.option("--out", type=_FILE, help="Where to write the receipt; without it, to standard output.")
def prove(directory: Path, index: int, vkey: str | None, out: Path | None) -> None:
    """Write a receipt: the proof that one entry stands in the public log in DIRECTORY.

    Its form is c2sp.org/tlog-proof@v1. It is checked offline with `wicketgate ledger verify --proof`.
    """
    try:
        receipt = str(Prover(directory, vkey).receipt(index))
        if out is None:
            click.echo(receipt, nl=False)
        else:
            out.write_text(receipt, encoding="utf-8")
    except LedgerError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        raise Refusal(f"{out} cannot be written: {error.strerror}.") from error


@ledger.command()
@click.argument("receipts", type=_FOLDER)
@click.argument("statement", type=_FOLDER)
@click.argument("directory", type=_FOLDER)
@click.option("--agency", required=True, help="The agency's code, as its requests name it.")
@click.option(
    "--vkey", help="The log's key, as text, from somebody you trust; without it, the key in DIRECTORY."
)
@click.pass_context
def reconcile(
    context: click.Context, receipts: Path, statement: Path, directory: Path, agency: str, vkey: str | None
) -> None:
    """Compare an agency's RECEIPTS with the custodian's STATEMENT, both against the public log in DIRECTORY.

    \b
    One line per difference:
      missing here     the log or the statement has it, the agency has no receipt or acknowledgement
      missing there    the agency has a receipt or an acknowledgement, the statement has not
      different        both have it and it says something else
      not proved       a receipt or an opening does not hold against the public log
    Exit 0 when both sides agree, 1 when they differ, 2 when something cannot be read.
    """
    try:
        found = compare(receipts, statement, directory, agency, vkey)
    except LedgerError as error:
        raise Refusal(str(error)) from error
    for difference in found:
        click.echo(str(difference))
    click.echo(f"{len(found)} difference(s)." if found else "Both sides agree.")
    context.exit(1 if found else 0)


@ledger.command()
@CONFIG
@click.option("--agency", required=True, help="The agency's code.")
@click.option("--ledger", "directory", required=True, type=_FOLDER, help="The public log.")
@click.option("--out", required=True, type=_FOLDER, help="Where the statement is written.")
def statement(config: Path, agency: str, directory: Path, out: Path) -> None:
    """Write the custodian's statement to an agency: receipts of all that it was told, by number."""
    from wicketgate.flow.statement import write_statement

    with standing_gate(config) as gate:
        number = write_statement(gate, agency, directory, out)
    click.echo(f"{number} request(s) of {agency} are stated in {out}.")


@ledger.command()
@click.argument("directory", type=_FOLDER)
@click.option(
    "--listen", default="127.0.0.1:8766", show_default=True, help="HOST:PORT; port 0: any free one."
)
def serve(directory: Path, listen: str) -> None:
    """Serve the public log in DIRECTORY over HTTP (C2SP tlog-tiles) until it is interrupted.

    Beside the log's files it serves the verifier, wicketgate-verify.pyz, and verify.html,
    a page that checks a receipt in the browser alone.
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise Refusal("--listen is HOST:PORT, for instance 127.0.0.1:8766.")
    if not (directory / "checkpoint").is_file():
        raise Refusal(f"{directory} shows no checkpoint; name the folder of a published log.")
    try:
        server = LogServer(directory, host, int(port))
    except OSError as error:
        raise Refusal(f"{listen} cannot be listened on: {error.strerror}.") from error
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with server:
        try:
            click.echo(f"Listening on {server.url}")
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")


@ledger.command("verifier")
@click.option("--out", required=True, type=_FOLDER, help="Where to write them.")
def write(out: Path) -> None:
    """Write the verifier for outsiders: wicketgate-verify.pyz, one runnable file, and verify.html.

    The file needs Python 3.11 and the package `cryptography`; the page needs a browser and no server.
    """
    try:
        for path in write_verifier(out):
            click.echo(path)
    except OSError as error:
        raise Refusal(f"{out} cannot be written: {error.strerror}.") from error
