"""Students of whom a value is disputed that a rule reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.flags.conditions import conditions_in
from datareview.flags.models import Rule
from datareview.records.models import Student

if TYPE_CHECKING:
    import datetime as dt

KINDS = {
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
    open_ones = Student.objects.filter(
        _of_rule(rule),
        school=rule.school_id,
        disputes__state="open",
        disputes__answer_by__gte=day,
    )
    return set(open_ones.values_list("pk", flat=True))


def _of_rule(rule: Rule) -> Q:
    if rule.kind == Rule.Kind.ATTENDANCE:
        return Q(disputes__kind="day")
    if rule.kind == Rule.Kind.BEHAVIOR:
        return Q(disputes__kind="incident")
    if rule.kind == Rule.Kind.COURSE:
        return Q(disputes__kind="grade")
    if rule.kind == Rule.Kind.CONDITIONS:
        read = list(conditions_in(rule.cut_points))
        kinds = {KINDS[one["data"]] for one in read if one["data"] in KINDS}
        keys = {one["measure"] for one in read if one["measure"]}
        return Q(disputes__kind__in=kinds) | Q(disputes__measure__key__in=keys)
    return Q(disputes__measure=rule.measure_id)
