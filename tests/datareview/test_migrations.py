"""Data migrations of stored rows."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps

from datareview.flags.models import Rule

rule_grades = import_module("datareview.migrations.0016_rule_grades")


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
