"""`wicketgate witness`: for those outside the custodian who watch over its log."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.ledger import Kind, LedgerError, VerifierKey, Witness
from wicketgate.ledger.witness_server import WitnessServer
from wicketgate.ledger.witness_state import FileState, make_witness

KINDS = {"ml-dsa-44": Kind.COSIGNATURE_MLDSA44, "ed25519": Kind.COSIGNATURE_ED25519}

_state = click.option(
    "--state",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the witness's key and memory; nobody else's, and in no shared backup.",
)
_kind = click.option(
    "--kind",
    type=click.Choice(list(KINDS)),
    default="ml-dsa-44",
    show_default=True,
    help="The kind of a new key; ed25519 for verifiers that know no post-quantum signatures.",
)


@click.group()
def witness() -> None:
    """Watch over a log from outside: cosign what continues, refuse what does not."""


@witness.command()
@_state
@click.option("--name", required=True, help="The witness's name, e.g. inspector.example.gov/witness.")
@_kind
def keygen(folder: Path, name: str, kind: str) -> None:
    """Make a witness: a key and an empty memory. Prints the public key for the policy."""
    try:
        click.echo(str(make_witness(folder, name, KINDS[kind])))
    except (LedgerError, OSError) as error:
        raise Refusal(str(error)) from error


@witness.command()
@_state
@click.option(
    "--listen", default="127.0.0.1:8765", show_default=True, help="HOST:PORT; port 0: any free one."
)
@click.option("--log", "logs", multiple=True, required=True, help="The public key of a log. Repeatable.")
@click.option("--keygen", "name", help="Make the witness under this name first, if the folder has none.")
@_kind
def serve(folder: Path, listen: str, logs: tuple[str, ...], name: str | None, kind: str) -> None:
    """Serve a witness over HTTP (C2SP tlog-witness) until it is interrupted.

    It cosigns a checkpoint only after it has made durable that it did. It keeps the
    evidence of a log with two histories in the folder evidence/ of its state.
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise Refusal("--listen is HOST:PORT, for instance 127.0.0.1:8765.")
    try:
        if name is not None and not (folder / "key").exists():
            make_witness(folder, name, KINDS[kind])
        state = FileState(folder)
        key = state.key()
        server = WitnessServer(Witness(key, map(VerifierKey.parse, logs), state), host, int(port))
    except (LedgerError, OSError) as error:
        raise Refusal(str(error)) from error
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with server:
        try:
            click.echo(f"{key.verifier}\nListening on {server.url}")
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")
