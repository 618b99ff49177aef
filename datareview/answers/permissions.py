"""Who may enter answers for which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.assessments.permissions import (
    classes_by_team,
    classes_open_to,
    classes_taught_by,
    links_of_staff,
    may_edit_assessment,
    may_see_assessment,
    planned_classes,
)
from datareview.assessments.queries import students_given
from datareview.records.models import Enrollment, Section, SectionTeacher, Sitting, Student
from teams.access.prepared import prepared_rows
from teams.access.scope import scope_of
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

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
    return _is_class_open_to(user, assessment, section, shared=may_edit_assessment(user, assessment))


def _is_class_open_to(user: User, assessment: Assessment, section: Section, *, shared: bool = True) -> bool:
    """Whether a class is one of `classes_open_to`, or of `classes_taught_by` without ``shared``.

    Its queries are prepared: it is asked whenever a cell is saved.
    """
    if not (may_see_assessment(user, assessment) and _is_class_of(assessment, section)):
        return False
    own = tuple(sorted(scope_of(user).employed_ids))
    days = {assessment.given_on, clock.server_day()}
    if any(prepared_rows(_teaching, own, section.pk, day) for day in days):
        return True
    return shared and assessment.class_shares.filter(section=section, closed_at=None).exists()


def _is_class_of(assessment: Assessment, section: Section) -> bool:
    """Whether a class is one of `classes_of`."""
    chosen = prepared_rows(_chosen, assessment.pk)
    if section.pk in chosen:
        return True
    team, day = assessment.team, assessment.given_on
    if not chosen and prepared_rows(_class_of_team, team.pk, team.cohort, team.subject, section.pk, day):
        return True
    return assessment.sittings.filter(section=section).exists()


def _teaching(staff_ids: Collection[int], section_id: int, day: dt.date) -> QuerySet[SectionTeacher, int]:
    return links_of_staff(staff_ids, day).filter(section=section_id).order_by().values_list("pk", flat=True)


def _chosen(assessment_id: int) -> QuerySet[Section, int]:
    return Section.objects.filter(assessments=assessment_id).order_by().values_list("pk", flat=True)


def _class_of_team(
    team_id: int, cohort: str, subject: str, section_id: int, day: dt.date
) -> QuerySet[Section, int]:
    found = classes_by_team(team_id, cohort, subject, day).filter(pk=section_id)
    return found.order_by().values_list("pk", flat=True)


def no_class(assessment: Assessment) -> Section:
    """The place of students who are given an assessment and are in none of its classes: a section that is not stored."""
    return Section(uuid=NO_CLASS, school=assessment.team.school, name=_("In no class"))


def students_in_class(assessment: Assessment, section: Section) -> QuerySet[Student]:
    """Students in the class on the day of the assessment, and those who sat it there; not those who sat it elsewhere.

    Of `no_class`, those who are given the assessment and are in none of its classes.
    """
    if section.uuid == NO_CLASS:
        return _students_in_no_class(assessment)
    return _students_of_class(assessment.pk, section.pk, section.school_id, assessment.given_on)


def students_with_ids(assessment: Assessment, section: Section, uuids: Collection[UUID]) -> list[Student]:
    """The students of `students_in_class` with these public ids, by a prepared query."""
    if section.uuid == NO_CLASS:
        return list(_students_in_no_class(assessment).filter(uuid__in=uuids))
    place = (assessment.pk, section.pk, section.school_id, assessment.given_on)
    return prepared_rows(_students_by_id, *place, tuple(sorted(uuids)))


def _students_by_id(
    assessment_id: int, section_id: int, school_id: int, day: dt.date, uuids: Collection[UUID]
) -> QuerySet[Student]:
    return _students_of_class(assessment_id, section_id, school_id, day).filter(uuid__in=uuids)


def _students_of_class(
    assessment_id: int, section_id: int, school_id: int, day: dt.date
) -> QuerySet[Student]:
    enrolled = Enrollment.objects.on(day).filter(section=section_id)
    sittings = Sitting.objects.filter(assessment=assessment_id).exclude(section=None)
    elsewhere = sittings.exclude(section=section_id)
    return Student.objects.filter(
        Q(pk__in=enrolled.values("student_id"))
        | Q(pk__in=sittings.filter(section=section_id).values("student_id")),
        school=school_id,
    ).exclude(pk__in=elsewhere.values("student_id"))


def _students_in_no_class(assessment: Assessment) -> QuerySet[Student]:
    there = Enrollment.objects.on(assessment.given_on).filter(section__in=planned_classes(assessment))
    sat = assessment.sittings.exclude(section=None)
    return (
        students_given(assessment)
        .exclude(pk__in=there.values("student_id"))
        .exclude(pk__in=sat.values("student_id"))
    )
