"""`wicketgate demo`: the officers' pages on this machine, with made-up people and work waiting."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from wicketgate.cli.console import Refusal, shown_progress
from wicketgate.cli.demo_books import CONTEXT
from wicketgate.cli.demo_file import send_a_file
from wicketgate.cli.demo_people import PEOPLE
from wicketgate.cli.demo_work import SEED, History
from wicketgate.cli.serve import found, run, told_by
from wicketgate.embedded import Cluster, start
from wicketgate.flow.bulk.place import Uploads
from wicketgate.flow.founding import load_register, log_vkey, make_keys, make_secret
from wicketgate.flow.key_process import key_socket
from wicketgate.flow.progress import Progress
from wicketgate.flow.refusals import REFUSALS
from wicketgate.flow.standing import Place, kin_of, open_standing
from wicketgate.law import Authority
from wicketgate.synthetic import SyntheticError, make_register

PERSONS = 4_000
_DATABASE = "wicketgate"
_CONFIGURATION = """\
# Made anew by `wicketgate demo` whenever it starts.
hosts = ["127.0.0.1", "localhost"]
secret_key_file = "{folder}/secrets/web.key"
state = "{folder}/state"
[database]
url = "{url}"
secrets = "{secrets}"
[gate]
authority = "usc26-6103-i2"
context = "{folder}/context.toml"
origin = "wicketgate.example/demonstration"
log_key = "{folder}/secrets/log.key"
kin_key = "{folder}/secrets/kin.key"
keys = "{keys}"
proofs = "{folder}/proofs.json"
[listen]
port = {port}
[mail]
sender = "Wicketgate <gate@wicketgate.example>"
folder = "{folder}/mail"
[demonstration]
"""


@click.command()
@click.option(
    "--folder",
    default="demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demonstration lives; the second start finds it there.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--fresh", is_flag=True, help="Begin anew, whatever the folder holds of an earlier demonstration."
)
@click.option("--empty", is_flag=True, help="An office on its first day: people, and not a single request.")
@click.option("--no-serve", is_flag=True, help="Make everything and stop.")
def demo(folder: Path, port: int, fresh: bool, empty: bool, no_serve: bool) -> None:
    """Serve the gate on this machine: made-up people in every role, and work that waits.

    Ctrl-C stops it; everything that was done stays in the folder.
    """
    folder = folder.resolve()
    _clear(folder, fresh=fresh)
    began = time.perf_counter()
    try:
        with ExitStack() as running:
            with shown_progress() as progress:
                _make(folder, port, running, progress, empty=empty)
            told = told_by(folder / "gate.toml")
            _show(folder, port, time.perf_counter() - began)
            if not no_serve:
                run(told)
    except (*REFUSALS, SyntheticError) as error:
        raise Refusal(str(error)) from error


def _clear(folder: Path, *, fresh: bool) -> None:
    """Remove half of a demonstration, or with `fresh` a whole one; never a folder of anything else."""
    if not folder.exists() or (_mark(folder).is_file() and not fresh):
        return
    if any(folder.iterdir()) and not (folder / "demonstration").is_file():
        raise Refusal(f"{folder} holds other files; name an empty folder with --folder.")
    shutil.rmtree(folder)


def _mark(folder: Path) -> Path:
    return folder / "demonstration.made"


def _make(folder: Path, port: int, running: ExitStack, progress: Progress, *, empty: bool) -> None:
    """The demonstration's database and key process, running, and everything that is in them."""
    # Root's server runs under another account, which must be able to pass through.
    folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    (folder / "demonstration").touch()
    progress("start the database", 0)
    cluster = running.enter_context(start(folder / "database"))
    make_secret(folder / "secrets" / "web.key", secrets.token_urlsafe(50))
    _configure(folder, port, cluster, folder / "no-socket-yet")
    told = told_by(folder / "gate.toml")
    make_keys(told.standing, told.origin)
    _configure(folder, port, cluster, running.enter_context(key_socket(folder, log_vkey(told.standing))))
    if not _mark(folder).is_file():
        _fill(folder, cluster, progress, empty=empty)
        _mark(folder).touch()


def _configure(folder: Path, port: int, cluster: Cluster, keys: Path) -> None:
    place = Place.in_cluster(cluster, _DATABASE)
    (folder / "context.toml").write_text(CONTEXT, "utf-8")
    words = {"folder": folder, "url": place.url, "secrets": place.secrets, "port": port, "keys": keys}
    (folder / "gate.toml").write_text(_CONFIGURATION.format(**words), "utf-8")


def _fill(folder: Path, cluster: Cluster, progress: Progress, *, empty: bool) -> None:
    make_register(
        folder / "register",
        persons=PERSONS,
        seed=SEED,
        progress=lambda done: progress("make people", done, PERSONS),
    )
    progress("make keys, tables and pages", 0)
    told = told_by(folder / "gate.toml")
    found(Place.in_cluster(cluster, _DATABASE, administrator=True), told)
    with open_standing(told.standing) as gate:
        load_register(gate, folder / "register", progress)
        _prove(gate.law.authority, folder / "proofs.json", progress)
        if not empty:
            History(gate, kin_of(told.standing), folder, progress).play()
            send_a_file(gate, told.standing, Uploads(told.uploads), folder)
    _make_accounts(folder)


def _prove(authority: Authority, file: Path, progress: Progress) -> None:
    """The report of which the public page tells."""
    from wicketgate.law.prove import prove  # two solvers, for this once

    names = [overlay.name for overlay in authority.overlays]
    switches = authority.switches
    report = prove(authority.name, names, on=authority.on, switches=switches, progress=progress)
    file.write_text(report.to_json() + "\n", "utf-8")


def _make_accounts(folder: Path) -> None:
    from django.contrib.auth.hashers import make_password

    from wicketgate.web.accounts.models import Account

    password = secrets.token_hex(4)
    make_secret(folder / "password", password)
    encoded = make_password(password)
    for each in PEOPLE:
        account = Account.objects.make(
            each.name,
            display_name=each.display_name,
            role=each.role,
            agency=each.agency,
            handle=each.name,
            officer=each.officer,
            email=f"{each.name}@wicketgate.example",
        )
        account.password = encoded
        account.save()


def _show(folder: Path, port: int, seconds: float) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("sign-in name", "role", "agency"):
        table.add_column(column)
    for each in PEOPLE:
        table.add_row(each.name, each.role.replace("_", " "), each.agency)
    console = Console(highlight=False)
    console.print(
        f"\nThe gate is open at [bold]http://127.0.0.1:{port}/[/bold] (ready after {seconds:.0f} s)."
    )
    console.print(f"Passkeys work under a name only: http://localhost:{port}/")
    console.print(f"Everybody's password: [bold]{(folder / 'password').read_text().strip()}[/bold]\n")
    console.print(table)
    console.print(
        "\nAll people, requests and addresses are made up. Ctrl-C stops; the next start goes on from here.\n"
    )
