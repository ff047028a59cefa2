"""Statutes as folders of data. Nothing here is executed."""
