"""Who may enter answers for which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.assessments.permissions import classes_open_to, classes_taught_by, may_edit_assessment
from datareview.records.models import Enrollment, Student

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Assessment, Section
    from teams.directory.models import User


def classes_to_enter(user: User, assessment: Assessment) -> QuerySet[Section]:
    """Classes whose answers the user may enter: their own, and for members of the team those that are opened."""
    if may_edit_assessment(user, assessment):
        return classes_open_to(user, assessment)
    return classes_taught_by(user, assessment)


def students_in_class(assessment: Assessment, section: Section) -> QuerySet[Student]:
    """Students in the class on the day of the assessment, and those who sat it there."""
    enrolled = Enrollment.objects.on(assessment.given_on).filter(section=section)
    sat = assessment.sittings.filter(section=section)
    return Student.objects.filter(
        Q(pk__in=enrolled.values("student_id")) | Q(pk__in=sat.values("student_id")),
        school=section.school_id,
    )
