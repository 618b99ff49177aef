"""Who may read and write students' own goals: everyone who may see the student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.own_goals.models import OwnGoal
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def own_goals_visible_to(user: User) -> QuerySet[OwnGoal]:
    """Goals of students whom the user may see."""
    return OwnGoal.objects.filter(one_of(students_visible_to(user), "student")).select_related(
        "student__school"
    )


def students_who_set_goals(user: User) -> QuerySet[Student]:
    """Students who are at the school and whom the user may see."""
    return students_visible_to(user).filter(status=Student.Status.ACTIVE).select_related("school")
