"""Data migrations of stored rows."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.apps import apps

from datareview.flags.models import Rule
from datareview.records.models import BenchmarkWindow
from teams.directory.models import SchoolYear

rule_grades = import_module("datareview.migrations.0016_rule_grades")
benchmark_windows = import_module("datareview.migrations.0017_benchmark_windows")


def test_adopted_presets_get_the_grades_of_their_source(cast):
    for key in ("balfanz-absence", "core-courses", "incidents"):
        Rule.objects.create(school=cast.school, key=key, name=key, kind="course")
    rule_grades.narrow_presets(apps, None)
    assert set(Rule.objects.values_list("key", "lowest_grade", "highest_grade")) == {
        ("balfanz-absence", 6, 8),
        ("core-courses", 6, 12),
        ("incidents", -1, 12),
        ("attendance", -1, 12),
    }


def test_stored_years_keep_the_dates_by_which_they_were_judged(cast):
    SchoolYear.objects.filter(school=cast.school).update(
        starts_on=dt.date(2027, 8, 23), ends_on=dt.date(2028, 6, 9)
    )
    benchmark_windows.keep_old_dates(apps, None)
    rows = BenchmarkWindow.objects.filter(year__school=cast.school)
    assert list(rows.values_list("key", "name", "starts_on", "ends_on")) == [
        ("fall", "", dt.date(2027, 7, 1), dt.date(2027, 10, 31)),
        ("winter", "", dt.date(2027, 11, 1), dt.date(2028, 2, 29)),
        ("spring", "", dt.date(2028, 3, 1), dt.date(2028, 6, 30)),
    ]
