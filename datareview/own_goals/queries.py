"""A student's own goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.own_goals.models import OwnGoal
from teams.access.prepared import prepared_rows

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class OwnGoals:
    """The goals of a student, newest first: those the student works on, and earlier ones."""

    now: list[OwnGoal]
    earlier: list[OwnGoal]


def own_goals_of(student: Student) -> OwnGoals:
    """The goals of ``student``, whom the caller knows to be visible; one query."""
    rows = prepared_rows(_goals, student.pk)
    return OwnGoals([one for one in rows if one.is_open], [one for one in rows if not one.is_open])


def _goals(student_id: int) -> QuerySet[OwnGoal]:
    return OwnGoal.objects.filter(student=student_id).order_by("-set_on", "-pk")
