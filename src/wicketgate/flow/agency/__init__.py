"""The agencies' side of the gate: what a requesting agency asks, reads, picks up and reports.

Whatever an agency reads it reads through `door.as_agency`, as a role of the database that sees nothing else.
"""
