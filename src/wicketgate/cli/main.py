"""`wicketgate`: all commands."""

from __future__ import annotations

import sys

import click

from wicketgate.cli.when_asked import WhenAsked

_IN_A_FILE_OF_THEIR_NAME = (
    "authority",
    "demo",
    "doctor",
    "drill",
    "inspect",
    "keys",
    "ledger",
    "recall",
    "register",
    "report",
    "retention",
    "review",
    "serve",
    "simulate",
    "story",
    "synth",
    "witness",
)
_MODULES = {name: f"wicketgate.cli.{name}" for name in _IN_A_FILE_OF_THEIR_NAME} | {
    "agency": "wicketgate.cli.agency_calls",
    "init": "wicketgate.cli.serve",
    "work": "wicketgate.cli.workers",
}


@click.group(
    cls=WhenAsked,
    modules=_MODULES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
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
