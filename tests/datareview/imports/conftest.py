"""Files of imports are read in the tests' own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from datareview.imports.services import reading
from teams.tables.process import Columns
from teams.tables.reading import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from teams.tables.limits import Limits


def read_columns(path: Path, name: str, limits: Limits) -> Columns:
    """The table in the file, by columns."""
    table = read_table(path, name, limits)
    cells = {column: [row[at] for row in table.rows] for at, column in enumerate(table.columns)}
    return Columns(cells, table.lines, table.ragged, table.notes)


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    """A child takes half a second of processor time: only tests with the mark `child` read files in one."""
    if request.node.get_closest_marker("child") is None:
        monkeypatch.setattr(reading, "read_table_apart", read_table)
        monkeypatch.setattr(reading, "read_columns_apart", read_columns)
