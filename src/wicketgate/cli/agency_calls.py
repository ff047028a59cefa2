"""`wicketgate agency submit, check, status …`: an example client of the agencies' API.

Nothing about a person is printed that was not asked for: handles, states, and an address by `decrypt` alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from wicketgate.cli.agency import agency
from wicketgate.cli.console import Refusal
from wicketgate.cli.standing import HandleType
from wicketgate.core.identifiers import Handle
from wicketgate.flow.api import agency_desk as desk
from wicketgate.flow.api.client import CallError, Client
from wicketgate.flow.recall import MEDIA, METHODS
from wicketgate.flow.refusals import REFUSALS

__all__ = ["agency"]

_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)
_KEY = "private.json of `wicketgate agency keygen"


_HANDLE = click.argument("handle", type=HandleType())


def _gate(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every command that calls a gate."""
    for option in (
        click.option("--ca", type=_FILE, help="Certificates to trust beside the system's own."),
        click.option("--connect", required=True, type=_FILE, help=f"{_KEY} --use connect`."),
        click.option("--gate", "address", required=True, help="The gate's address, https://…"),
    ):
        command = option(command)
    return command


@contextmanager
def _calling(address: str, connect: Path, ca: Path | None) -> Any:
    try:
        with Client.with_key(address, connect, ca) as client:
            yield client
    except (CallError, *REFUSALS) as error:
        raise Refusal(str(error)) from error


@agency.command()
@click.argument("file", type=_FILE)
@_gate
def check(file: Path, address: str, connect: Path, ca: Path | None) -> None:
    """Ask what the review would find in each request in FILE. Nothing is kept and nobody is looked up."""
    with _calling(address, connect, ca) as client:
        for each in desk.lines(file, None):
            found = client.post("/checks", {"request": each["request"]})
            codes = ";".join(finding["code"] for finding in found["findings"])
            click.echo(f"{each['request']['request_id']}\t{found['determination']}\t{codes}")


@agency.command()
@click.argument("file", type=_FILE)
@click.option("--signatures", type=_FILE, help="What `wicketgate agency sign` has made beside the file.")
@_gate
def submit(file: Path, signatures: Path | None, address: str, connect: Path, ca: Path | None) -> None:
    """Send every request in FILE, one by one; prints the reference and the handle of each that is in."""
    refused = 0
    with _calling(address, connect, ca) as client:
        for each in desk.lines(file, signatures):
            reference = each["request"]["request_id"]
            try:
                done = client.post("/requests", each, once=True)
            except CallError as error:
                refused += 1
                click.echo(f"{reference}\trefused\t{error}", err=True)
            else:
                click.echo(f"{reference}\t{done['handle']}\t{'was in' if done['again'] else 'received'}")
    if refused:
        raise Refusal(f"{refused} request(s) were not received; see above.")


@agency.command()
@click.argument("handles", nargs=-1, type=HandleType())
@_gate
def status(handles: tuple[Handle, ...], address: str, connect: Path, ca: Path | None) -> None:
    """Where requests stand: those of HANDLES, or all of the agency."""
    with _calling(address, connect, ca) as client:
        found = (
            (client.get(f"/requests/{each}") for each in handles) if handles else client.pages("/requests")
        )
        for each in found:
            codes = ";".join(finding["code"] for finding in (each["answer"] or {}).get("findings", ()))
            click.echo("\t".join((each["handle"], each["status"], each["due_at"][:10], codes)).rstrip())


@agency.command()
@_HANDLE
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@_gate
def receipts(handle: Handle, out: Path, address: str, connect: Path, ca: Path | None) -> None:
    """Write the receipts of one request, and the openings of what they say, into a folder."""
    with _calling(address, connect, ca) as client:
        found = client.get(f"/requests/{handle}/receipts")["items"]
    out.mkdir(parents=True, exist_ok=True)
    for each in found:
        name = "".join(letter for letter in each["name"] if letter.isalnum())
        (out / f"{name}.tlog-proof").write_text(each["receipt"], encoding="utf-8")
        for field, opening in each["openings"].items():
            known = "".join(letter for letter in field if letter.isalnum() or letter == "_")
            (out / f"{name}.{known}.json").write_text(opening, encoding="utf-8")
    click.echo(f"{len(found)} receipt(s) in {out}")


@agency.command()
@_HANDLE
@click.option("--key", required=True, type=_FILE, help=f"The officer's {_KEY} --use sign`.")
@click.option("--package-key", required=True, help="The name of the key that opens it, as `status` knows it.")
@click.option("--out", required=True, type=_NEW, help="Where the package is written; it can be had once.")
@_gate
def pickup(
    handle: Handle, key: Path, package_key: str, out: Path, address: str, connect: Path, ca: Path | None
) -> None:
    """Pick up one package, once, as the officer to whom it is sealed."""
    if out.exists():
        raise Refusal(f"{out} is there already; a package is picked up once, so name a new file.")
    with _calling(address, connect, ca) as client:
        found = client.post("/pickups", desk.wish(handle, desk.Held.read(key), package_key))
    out.touch(mode=0o600)
    out.write_text(json.dumps({"handle": str(handle), **found}) + "\n", encoding="utf-8")
    click.echo(f"{out}: open it with `wicketgate agency decrypt`.")


@agency.command()
@click.argument("package", type=_FILE)
@click.option("--key", required=True, type=_FILE, help=f"The officer's {_KEY} --use receive`.")
def decrypt(package: Path, key: Path) -> None:
    """Open a package with the officer's own key, and print the address in it. Nothing is sent anywhere."""
    try:
        for name, text in desk.opened(package, desk.Held.read(key)).items():
            click.echo(f"{name}\t{text}")
    except CallError as error:
        raise Refusal(str(error)) from error


@agency.command()
@_HANDLE
@click.option("--key", required=True, type=_FILE, help=f"The officer's {_KEY} --use sign`.")
@click.option("--copies", required=True, type=click.IntRange(1), help="How many were destroyed.")
@click.option("--media", required=True, type=click.Choice(MEDIA), help="On what they were.")
@click.option("--method", required=True, type=click.Choice(METHODS), help="As NIST SP 800-88 has it.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="When they were destroyed; else today.")
@_gate
def certify(
    handle: Handle,
    key: Path,
    copies: int,
    media: str,
    method: str,
    day: datetime | None,
    address: str,
    connect: Path,
    ca: Path | None,
) -> None:
    """Certify that every copy of what was called back is destroyed (NIST SP 800-88)."""
    on = (day or datetime.now(UTC)).date()
    made = desk.certificate(handle, desk.Held.read(key), copies, media, method, on)
    with _calling(address, connect, ca) as client:
        client.post("/certificates", made)
    click.echo(f"{handle}: certified.")


@agency.command("hand-in")
@click.argument("registration", type=_FILE)
@_gate
def hand_in(registration: Path, address: str, connect: Path, ca: Path | None) -> None:
    """Hand in registration.json of a further key; it counts once two people of the custodian confirmed it."""
    try:
        document = json.loads(registration.read_text(encoding="utf-8"))
        jwk = {name: document["jwk"][name] for name in ("kty", "crv", "x", "y")}
        sent = {"use": document.get("use", "sign"), "jwk": jwk}
        sent |= {name: document[name] for name in ("official", "agency", "proof")}
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{registration} is no registration of `wicketgate agency keygen`.") from None
    with _calling(address, connect, ca) as client:
        click.echo(f"{client.post('/keys', sent)['key_id']}\thanded in")
