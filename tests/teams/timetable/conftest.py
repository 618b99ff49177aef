"""Files of timetables are read in the tests' own process."""

import pytest

from teams.tables.reading import read_table
from teams.timetable import files


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    """A child takes half a second of processor time: only tests with the mark `child` read files in one."""
    if request.node.get_closest_marker("child") is None:
        monkeypatch.setattr(files, "read_table_apart", read_table)
