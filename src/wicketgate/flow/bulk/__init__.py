"""Whole files through the server: taken in, read, determined in chunks by workers, answered row by row."""
