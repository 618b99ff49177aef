"""Students of whom a value is disputed that a rule reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.flags.conditions import conditions_in
from datareview.flags.models import Rule
from datareview.records.models import Student

if TYPE_CHECKING:
    import datetime as dt

# What a rule, or a condition of a school's own rule, reads; everything else is about a measure.
OF_RULE = {Rule.Kind.ATTENDANCE: "day", Rule.Kind.BEHAVIOR: "incident", Rule.Kind.COURSE: "grade"}
OF_DATUM = {
    "absence": "day",
    "incidents": "incident",
    "suspensions": "incident",
    "mark": "grade",
    "failures": "grade",
}


def disputed_students(rule: Rule, day: dt.date) -> set[int]:
    """Ids of students with an open dispute about what ``rule`` reads, which is to be answered on ``day`` or later.

    A dispute that nobody answers in time holds nothing back: no child stays unseen because of it.
    """
    # Disputes are an area above: their rows are reached through the student.
    is_open = Q(disputes__state="open", disputes__answer_by__gte=day)
    rows = Student.objects.filter(_of_rule(rule) & is_open, school=rule.school_id)
    return set(rows.values_list("pk", flat=True))


def _of_rule(rule: Rule) -> Q:
    if rule.kind in (Rule.Kind.CONDITIONS, Rule.Kind.SCORECARD):
        read = list(conditions_in(rule.cut_points))
        kinds = {OF_DATUM[one["data"]] for one in read if one["data"] in OF_DATUM}
        keys = {one["measure"] for one in read if one["measure"]}
        return Q(disputes__kind__in=kinds) | Q(disputes__measure__key__in=keys)
    kind = OF_RULE.get(Rule.Kind(rule.kind))
    return Q(disputes__kind=kind) if kind else Q(disputes__measure=rule.measure_id)
