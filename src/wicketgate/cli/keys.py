"""`wicketgate keys`: the process that keeps the keys of what is sealed."""

from __future__ import annotations

import logging
import pwd
import signal
from importlib.resources import files
from pathlib import Path

import click

from wicketgate.cli.console import Refusal
from wicketgate.keys import Keeper, KeyFolder, KeysError
from wicketgate.keys.keeper import GATE, LOAD
from wicketgate.keys.server import KeyServer
from wicketgate.ledger import LedgerError, Policy, VerifierKey

UNIT = "wicketgate-keys.service"


@click.group()
def keys() -> None:
    """Keep the keys of the register and of packages, in a process and under an account of their own."""


@keys.command()
@click.option(
    "--state",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the keys; nobody else's, and in no backup of the database.",
)
@click.option("--socket", "path", required=True, type=click.Path(path_type=Path), help="Where it listens.")
@click.option("--log", "vkey", required=True, help="The public key of the gate's log.")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Witnesses and quorum (C2SP tlog-policy), without whose cosignatures no key is given.",
)
@click.option("--unwitnessed", is_flag=True, help="The log's own signature is enough: no witness is asked.")
@click.option("--gate-account", "gates", multiple=True, required=True, help="The gate's account. Repeatable.")
@click.option("--load-account", "loaders", multiple=True, help="Who loads the register. Repeatable.")
def serve(
    folder: Path,
    path: Path,
    vkey: str,
    policy_file: Path | None,
    unwitnessed: bool,
    gates: tuple[str, ...],
    loaders: tuple[str, ...],
) -> None:
    """Serve the keys of one gate through a Unix socket until it is interrupted.

    Each key is given against the proof of an entry in the log that names who acts, for what and about whom.
    Who asks is known from the kernel; what is refused is a line on standard error. Copy the folder as often
    as the database, elsewhere: without it no request can be read.
    """
    if unwitnessed == (policy_file is not None):
        raise Refusal("Name a --policy of witnesses, or say --unwitnessed: then a stolen log key opens all.")
    accounts: dict[int, frozenset[str]] = {}
    for names, what in ((gates, GATE), (loaders, LOAD)):
        for name in names:
            uid = _uid(name)
            accounts[uid] = accounts.get(uid, frozenset()) | {what}
    try:
        policy = None if policy_file is None else Policy.parse(policy_file.read_bytes())
        held = KeyFolder(folder, vkey)
        server = KeyServer(Keeper(held, VerifierKey.parse(vkey), policy), path, accounts)
    except (LedgerError, KeysError, OSError) as error:
        raise Refusal(str(error)) from error
    logging.basicConfig(format="wicketgate keys: %(message)s")  # what was refused, without a person
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(f"Listening at {path}")
    try:
        server.serve()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        server.close()
        held.close()


@keys.command()
def unit() -> None:
    """Print a systemd unit for the key process under an account of its own."""
    click.echo((files("wicketgate.keys") / UNIT).read_text(encoding="utf-8"), nl=False)


def _uid(account: str) -> int:
    if account.isdecimal():
        return int(account)
    try:
        return pwd.getpwnam(account).pw_uid
    except KeyError:
        raise Refusal(f"This machine has no account {account}; make it first.") from None
