"""Uploaded files are read in the tests' own process: a child takes half a second of processor time.

A pytest plugin. Tests with the mark `child` read them in one, as workers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.tables import process, reading
from teams.tables.ways import AUTO, Way
from tests import transactions

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from teams.tables.columns import Columns
    from teams.tables.limits import Limits

read_columns_apart = process.read_columns_apart  # before it is replaced
apart = False  # whether the present test has the mark


def read_columns(path: Path, name: str, limits: Limits, way: Way = AUTO) -> Columns:
    """The table in the file, by columns. A transaction must not wait for it here either."""
    if apart:
        return read_columns_apart(path, name, limits, way)
    transactions.hear("subprocess.Popen", ())
    return reading.read_columns(path, name, limits, way)


def pytest_configure() -> None:
    """Replace the function before the modules that use it are imported."""
    process.read_columns_apart = read_columns


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember whether the test has the mark."""
    global apart  # noqa: PLW0603 (one test at a time)
    apart = item.get_closest_marker("child") is not None
