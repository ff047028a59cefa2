"""`python -m wicketgate`."""

from wicketgate.cli import main

if __name__ == "__main__":  # a process that this one starts reads the module too
    main(prog_name="wicketgate")
