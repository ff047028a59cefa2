"""Generated files as DuckDB sources: every column is text, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

from wicketgate.synthetic.writing import SyntheticError


def table(path: Path, columns: tuple[str, ...]) -> str:
    """A FROM clause for a ``.csv``, ``.jsonl`` or ``.parquet`` file with these columns.

    Raises `SyntheticError` when there is no such file.
    """
    if not path.is_file():
        raise SyntheticError(f"There is no file {path}; make it with 'wicketgate synth'.")
    if path.suffix == ".parquet":
        return f"read_parquet({_text(path)})"
    if path.suffix == ".jsonl":
        texts = ", ".join(f"{json.dumps(name)}: 'VARCHAR'" for name in columns)
        return f"read_json({_text(path)}, format = 'newline_delimited', columns = {{{texts}}})"
    shape = "header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true"
    return f"read_csv({_text(path)}, {shape})"


def register_table(directory: Path, name: str, columns: tuple[str, ...]) -> str:
    """A FROM clause for ``persons`` or ``addresses`` of a register directory."""
    parquet = directory / f"{name}.parquet"
    return table(parquet if parquet.exists() else directory / f"{name}.csv", columns)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
