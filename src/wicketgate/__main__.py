"""`python -m wicketgate`."""

from wicketgate.cli import main

main(prog_name="wicketgate")
