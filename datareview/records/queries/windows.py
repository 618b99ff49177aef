"""The benchmark windows of a school, as stored."""

from __future__ import annotations

from collections import defaultdict

from datareview.records.models import BenchmarkWindow
from datareview.records.windows import SchoolWindows, WindowSpan, YearSpan
from teams.directory.models import SchoolYear, years_of
from teams.lib.request_cache import read_once


@read_once(SchoolYear, BenchmarkWindow)
def school_windows(school_id: int) -> SchoolWindows:
    """The windows of every school year of the school; two queries at most, once per request."""
    windows: dict[int, list[WindowSpan]] = defaultdict(list)
    for row in BenchmarkWindow.objects.filter(year__school_id=school_id).order_by("starts_on"):
        windows[row.year_id].append(WindowSpan(row.key, row.starts_on, row.ends_on, row.name))
    years = years_of(school_id)
    return SchoolWindows(
        tuple(YearSpan(starts_on, ends_on, tuple(windows[pk])) for pk, starts_on, ends_on in years)
    )
