"""Who may enter answers for which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.assessments.permissions import (
    classes_open_to,
    classes_taught_by,
    may_edit_assessment,
    planned_classes,
)
from datareview.assessments.queries import students_given
from datareview.records.models import Enrollment, Section, Student

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Assessment
    from teams.directory.models import User

NO_CLASS = UUID(int=0)  # in addresses, in place of a class


def classes_to_enter(user: User, assessment: Assessment) -> QuerySet[Section]:
    """Classes whose answers the user may enter: their own, and for members of the team those that are opened."""
    if may_edit_assessment(user, assessment):
        return classes_open_to(user, assessment)
    return classes_taught_by(user, assessment)


def may_enter_class(user: User, assessment: Assessment, section: Section) -> bool:
    """Whether the user may enter the answers of a class; of students in no class, members of the team may."""
    if section.uuid == NO_CLASS:
        return may_edit_assessment(user, assessment)
    return classes_to_enter(user, assessment).filter(pk=section.pk).exists()


def no_class(assessment: Assessment) -> Section:
    """The place of students who are given an assessment and are in none of its classes: a section that is not stored."""
    return Section(uuid=NO_CLASS, school=assessment.team.school, name=_("In no class"))


def students_in_class(assessment: Assessment, section: Section) -> QuerySet[Student]:
    """Students in the class on the day of the assessment, and those who sat it there; not those who sat it elsewhere.

    Of `no_class`, those who are given the assessment and are in none of its classes.
    """
    if section.uuid == NO_CLASS:
        return _students_in_no_class(assessment)
    enrolled = Enrollment.objects.on(assessment.given_on).filter(section=section)
    sittings = assessment.sittings.exclude(section=None)
    elsewhere = sittings.exclude(section=section)
    return Student.objects.filter(
        Q(pk__in=enrolled.values("student_id"))
        | Q(pk__in=sittings.filter(section=section).values("student_id")),
        school=section.school_id,
    ).exclude(pk__in=elsewhere.values("student_id"))


def _students_in_no_class(assessment: Assessment) -> QuerySet[Student]:
    there = Enrollment.objects.on(assessment.given_on).filter(section__in=planned_classes(assessment))
    sat = assessment.sittings.exclude(section=None)
    return (
        students_given(assessment)
        .exclude(pk__in=there.values("student_id"))
        .exclude(pk__in=sat.values("student_id"))
    )
