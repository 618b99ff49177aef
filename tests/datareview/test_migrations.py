"""Data migrations of stored rows."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.apps import apps

from datareview.flags.models import Rule
from datareview.records.models import BenchmarkWindow, Measure
from datareview.requests.models import AssistanceRequest
from teams.directory.models import SchoolYear

rule_grades = import_module("datareview.migrations.0016_rule_grades")
derived_measures = import_module("datareview.migrations.0021_derived_measures")
benchmark_windows = import_module("datareview.migrations.0017_benchmark_windows")
rule_was_on = import_module("datareview.migrations.0026_rule_was_on")
ended_watches = import_module("datareview.migrations.0058_group_notes_and_ended_watches")
early_years = import_module("datareview.migrations.0025_windows_of_early_years")


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


def test_undoing_a_version_stored_so_far_leaves_its_rule_on_or_off(cast):
    Rule.objects.create(school=cast.school, key="off", name="Off", kind="course", is_on=False)
    rule_was_on.keep_as_it_is(apps, None)
    assert set(Rule.objects.values_list("key", "was_on")) == {("attendance", True), ("off", False)}


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


def test_windows_stored_a_year_early_move_to_their_year(cast):
    early = SchoolYear.objects.get(school=cast.school)
    early.starts_on, early.ends_on = dt.date(2026, 6, 15), dt.date(2027, 5, 28)
    early.save()
    autumn = {"starts_on": dt.date(2025, 8, 25), "ends_on": dt.date(2026, 6, 5)}  # on whatever day this runs
    SchoolYear.objects.filter(school=cast.other_school).update(**autumn)
    changed, late, usual = (
        SchoolYear.objects.create(
            school=cast.other_school, name=name, starts_on=dt.date(*starts_on), ends_on=dt.date(*ends_on)
        )
        for name, starts_on, ends_on in (
            ("Changed", (2024, 6, 17), (2025, 5, 30)),
            ("Entered late", (2026, 2, 16), (2026, 6, 12)),
            ("Usual", (2026, 8, 24), (2027, 6, 11)),
        )
    )
    benchmark_windows.keep_old_dates(apps, None)
    assert early.benchmark_windows.first().starts_on == dt.date(2025, 7, 1)
    changed.benchmark_windows.filter(key="fall").update(ends_on=dt.date(2023, 9, 30))
    others = BenchmarkWindow.objects.exclude(year=early).order_by("pk")
    before = list(others.values())
    for _again in range(2):
        early_years.move_to_their_year(apps, None)
        assert list(early.benchmark_windows.values_list("key", "starts_on", "ends_on")) == [
            ("fall", dt.date(2026, 7, 1), dt.date(2026, 10, 31)),
            ("winter", dt.date(2026, 11, 1), dt.date(2027, 2, 28)),
            ("spring", dt.date(2027, 3, 1), dt.date(2027, 6, 30)),
        ]
    assert list(others.values()) == before
    assert {row["year_id"] for row in before} > {changed.pk, late.pk, usual.pk}


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


def test_what_worries_someone_leaves_the_candidates_reason_and_stays_in_the_request(cast):
    worry = "Cries before reading aloud"
    request = {
        "student": cast.maya,
        "domain": cast.candidate.domain,
        "worry": worry,
        "asked_by": cast.ana,
        "asked_on": cast.school.today(),
        "answer_by": cast.school.today(),
    }
    asked = AssistanceRequest.objects.create(candidate=cast.candidate, **request)
    flagged = cast.candidate.reason
    ended_watches.hide_worries(apps, None)
    cast.candidate.refresh_from_db()
    assert cast.candidate.reason == flagged  # a rule's reason is not theirs
    cast.candidate.reason = worry
    cast.candidate.save()
    ended_watches.hide_worries(apps, None)
    cast.candidate.refresh_from_db()
    asked.refresh_from_db()
    assert (cast.candidate.reason, asked.worry) == ("Someone asked for help.", worry)
