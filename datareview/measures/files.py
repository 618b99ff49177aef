"""Read a small table of benchmarks from an uploaded file."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from teams.tables.limits import Limits
from teams.tables.process import read_table_apart

if TYPE_CHECKING:
    from django.core.files import File

MOST_BYTES = 256 * 1024
LIMITS = Limits(MOST_BYTES, most_rows=500, most_seconds=20, most_memory=512 * 2**20)


def block_in_file(file: File[bytes]) -> str:
    """The cells of a file as lines with tabs between, header included; DomainError if it is no table.

    It is read in a process of its own, like every table that a stranger may have made.
    """
    name = file.name or ""
    with NamedTemporaryFile(suffix=Path(name).suffix) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        table = read_table_apart(Path(copy.name), name, LIMITS)
    rows = sorted([*zip(table.lines, table.rows, strict=True), *table.ragged])
    return "\n".join("\t".join(cells) for cells in (table.columns, *(cells for _line, cells in rows)))
