"""The benchmark windows of a school, as stored."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from datareview.records.models import BenchmarkWindow
from datareview.records.windows import SchoolWindows, WindowSpan, YearSpan
from teams.access.prepared import prepared_rows
from teams.directory.models import SchoolYear, years_of
from teams.kept.queries import read_seldom

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet


@read_seldom(SchoolYear, BenchmarkWindow)
def school_windows(school_id: int) -> SchoolWindows:
    """The windows of every school year of the school; two queries, or none."""
    windows: dict[int, list[WindowSpan]] = defaultdict(list)
    for year_id, key, starts_on, ends_on, name in prepared_rows(_windows, school_id):
        windows[year_id].append(WindowSpan(key, starts_on, ends_on, name))
    years = years_of(school_id)
    return SchoolWindows(
        tuple(YearSpan(starts_on, ends_on, tuple(windows[pk])) for pk, starts_on, ends_on in years)
    )


def _windows(school_id: int) -> QuerySet[BenchmarkWindow, tuple[int, str, dt.date, dt.date, str]]:
    rows = BenchmarkWindow.objects.filter(year__school_id=school_id).order_by("starts_on")
    return rows.values_list("year_id", "key", "starts_on", "ends_on", "name")
