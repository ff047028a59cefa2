"""`wicketgate agency`: keys and signatures at an agency's own desk; `agency_calls` speaks to a gate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import click

from wicketgate.cli.console import Refusal
from wicketgate.flow.agency_signing import REGISTRATION, make_official_key, sign_file
from wicketgate.flow.refusals import REFUSALS

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def agency() -> None:
    """At the agency: keys of officials, and signatures of requests."""


@agency.command()
@click.option("--official", required=True, help="Whose it is, as requests name them.")
@click.option("--agency", "code", required=True, help="The agency's code, as requests name it.")
@click.option(
    "--use",
    type=click.Choice(["sign", "receive", "connect"]),
    default="sign",
    show_default=True,
    help="sign requests, pick-ups and certificates; receive packages; or connect a system to the API.",
)
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
def keygen(official: str, code: str, use: Literal["sign", "receive", "connect"], folder: Path) -> None:
    """Make a key (P-384): private.json stays with its holder, registration.json goes to the custodian.

    The registration proves that its sender has the private half. It counts once two people of the
    custodian have registered and confirmed it.
    """
    try:
        key_id = make_official_key(folder, official, code, use)
    except OSError as error:
        raise Refusal(f"No key was made in {folder}: {error.strerror}.") from error
    click.echo(f"{key_id}\nSend {folder / REGISTRATION} to the custodian.")


@agency.command()
@click.argument("file", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="private.json of `wicketgate agency keygen`.")
@click.option("--recipient-key", required=True, help="The registered key of the officer who is to receive.")
@click.option(
    "--first-number", default=1, show_default=True, type=click.IntRange(1), help="In your own count."
)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 90), help="How long it counts.")
@click.option("--out", required=True, type=_FILE, help="Where the signatures are written.")
def sign(file: Path, key: Path, recipient_key: str, first_number: int, days: int, out: Path) -> None:
    """Sign every request in FILE: detached JWS (ES384) over its canonical JSON, one line per row in --out.

    Inside what is signed are a nonce, the day until which it counts, the number in your count and the
    recipient's key. Each signature counts once.
    """
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    try:
        last = sign_file(
            file, key, out, recipient_key=recipient_key, first_sequence=first_number, expires=expires
        )
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be used: {error.strerror}.") from error
    except REFUSALS as error:
        raise Refusal(str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{key} is no private key of `wicketgate agency keygen`.") from error
    click.echo(f"{last - first_number + 1} request(s) signed; the next number is {last + 1}.")
