"""Family steps of a plan, and whether a student's school still needs one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datareview.case_rules.queries import case_rules_of
from datareview.family_steps.models import FamilyStep
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import User

LASTS = dt.timedelta(days=30)  # a contact counts for as long


def family_steps_of(plan_id: int, reader: User) -> list[FamilyStep]:
    """The steps of a plan that ``reader`` may see, newest first, with those they removed themselves; one query."""
    rows = FamilyStep.objects.filter(plan=plan_id).select_related("written_by")
    return [one for one in rows if one.removed_at is None or one.written_by_id == reader.pk]


def own_steps(user: User) -> QuerySet[FamilyStep]:
    """The user's own steps about students whom they may see, removed ones too."""
    rows = FamilyStep.objects.filter(one_of(students_visible_to(user), "student"), written_by=user)
    return rows.select_related("student__school", "plan")


def asks_family(school_id: int) -> bool:
    """Whether a tier changes only after a family step."""
    return bool(case_rules_of(school_id)["asks_family"])


def students_without_contact(students: Iterable[Student]) -> list[Student]:
    """Those of ``students``, of one school, whose family was not contacted in the last 30 days; one query."""
    students = list(students)
    if not students:
        return []
    since = students[0].school.today() - LASTS
    rows = FamilyStep.objects.filter(student__in=students, removed_at=None, made_on__gte=since)
    known = set(rows.exclude(how=FamilyStep.How.NONE).values_list("student", flat=True))
    return [student for student in students if student.pk not in known]
