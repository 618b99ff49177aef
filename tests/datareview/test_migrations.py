"""Data migrations of stored rows."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.apps import apps

from datareview.flags.models import Rule
from datareview.records.models import BenchmarkWindow, Measure
from teams.directory.models import SchoolYear

rule_grades = import_module("datareview.migrations.0016_rule_grades")
derived_measures = import_module("datareview.migrations.0021_derived_measures")
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


def test_every_school_gets_the_derived_measures_it_lacks(cast):
    Measure.objects.create(school=cast.school, key="incidents", name="Ours", domain="behavior")
    Measure.objects.create(
        school=cast.other_school,
        key="present",
        name="Present",
        domain="attendance",
        derived_from="attendance",
    )
    derived_measures.add_derived_measures(apps, None)
    derived_measures.add_derived_measures(apps, None)
    rows = Measure.objects.exclude(derived_from="").order_by("school", "key")
    assert list(rows.values_list("school", "key", "derived_from")) == [
        (cast.school.pk, "attendance", "attendance"),
        (cast.school.pk, "daily-incidents", "incidents"),
        (cast.other_school.pk, "incidents", "incidents"),
        (cast.other_school.pk, "present", "attendance"),
    ]
