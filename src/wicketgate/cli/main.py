"""`wicketgate`: all commands."""

from __future__ import annotations

import sys

import click

from wicketgate.cli.agency import agency
from wicketgate.cli.authority import authority
from wicketgate.cli.demo import demo
from wicketgate.cli.doctor import doctor
from wicketgate.cli.keys import keys
from wicketgate.cli.ledger import ledger
from wicketgate.cli.register import register
from wicketgate.cli.report import report
from wicketgate.cli.review import review
from wicketgate.cli.serve import init, serve
from wicketgate.cli.simulate import simulate
from wicketgate.cli.story import story
from wicketgate.cli.synth import synth
from wicketgate.cli.witness import witness
from wicketgate.cli.workers import work


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wicketgate")
def main() -> None:
    """A gate in front of records that the law keeps confidential.

    An agency asks, one person per request. The gate reviews each request against
    the statute, verifies that exactly one person is meant, has two people decide,
    discloses the least that the law allows, and writes all of it into a log that
    nobody can rewrite. It is no search tool: it lists nobody, guesses nothing and
    corrects nothing.

    \b
    Begin here:
      wicketgate demo                                    the officers' pages, with work waiting
      wicketgate story                                   three submissions and 2025, in one screen
      wicketgate review requests.csv --out result        is each request complete?
      wicketgate authority show usc26-6103-i2            the statute, element by element
      wicketgate ledger verify result/ledger             check the accounting yourself
    """
    # A file with strange characters must not break the message about it.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


for command in (
    review,
    simulate,
    synth,
    register,
    authority,
    ledger,
    report,
    witness,
    story,
    keys,
    agency,
    demo,
    init,
    serve,
    work,
    doctor,
):
    main.add_command(command)
