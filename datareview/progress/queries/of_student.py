"""All plans of one student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.plans.models import Plan
from datareview.records.models import Measure, Student
from datareview.strategies.models import Strategy
from teams.access.prepared import prepared_rows
from teams.directory.models import Staff, User
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from django.db.models import QuerySet


@read_once(Plan, Student, Strategy, Measure, Staff, User)
def plans_of(student: Student) -> list[Plan]:
    """Plans of ``student`` with strategy, measure and provider, by their next review; one query."""
    plans = prepared_rows(_plans, student.pk)
    for plan in plans:
        plan.student = student
    return plans


def _plans(student_id: int) -> QuerySet[Plan]:
    return Plan.objects.filter(student=student_id).select_related("strategy", "provider__user", "measure")
