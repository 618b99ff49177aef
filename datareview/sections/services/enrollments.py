"""Enroll students in sections, with dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import Enrollment
from datareview.sections.queries.enrolling import Seat, problem_with, spans_in
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from datareview.records.models import Section, Student
    from teams.directory.models import User


def enroll_in_section(
    section: Section, *, actor: User, students: Iterable[Student], starts_on: dt.date
) -> list[Enrollment]:
    """Enroll students in one section from ``starts_on`` on."""
    rows = [Seat(student, section, starts_on) for student in students]
    return enroll_students(section.school, actor=actor, rows=rows)


@transaction.atomic
def enroll_students(school: School, *, actor: User, rows: Sequence[Seat]) -> list[Enrollment]:
    """Enroll students of ``school`` in sections, all or none, in the same few queries for any number.

    ``rows`` have sections with their year. Raises DomainError if a student left before, is in the section on one of
    the days already, or the days are outside the section's year.
    """
    require_ability(actor, "edit_students", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    _check(school, rows)
    made = Enrollment.objects.bulk_create(
        [
            Enrollment(
                student=row.student,
                section=row.section,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in rows
        ],
        batch_size=500,
    )
    sections = {row.section.pk: row.section for row in rows}
    if len(sections) == 1:
        (section,) = sections.values()
        detail = {"students": [str(row.student.uuid) for row in rows]}
        record_event(actor, "enrolled", section, school=school, n=len(made), detail=detail)
    elif made:
        record_event(actor, "enrolled", school, school=school, n=len(made), sections=len(sections))
    log_security_event("students enrolled in sections", school=school.pk, n=len(made))
    return made


@transaction.atomic
def end_enrollment(enrollment: Enrollment, *, actor: User, ends_on: dt.date | None) -> None:
    """End an enrollment on a day, or remove one that was a mistake (None) and has no grades."""
    student, section = enrollment.student, enrollment.section
    require_ability(actor, "edit_students", section.school)
    if ends_on is None and enrollment.grades.exists():
        raise DomainError(
            _("%(student)s has grades in this section. End the enrollment instead.") % {"student": student}
        )
    if ends_on and ends_on < enrollment.starts_on:
        raise DomainError(_("It ends before it begins. Change one of the days."))
    record_event(
        actor,
        "ended-enrollment" if ends_on else "removed-enrollment",
        student,
        school=section.school,
        section=str(section.uuid),
        on=ends_on.isoformat() if ends_on else None,
    )
    log_security_event("enrollment ended", section=str(section.uuid))
    if ends_on is None:
        enrollment.delete()
        return
    enrollment.ends_on = ends_on
    enrollment.save(update_fields=["ends_on"])


def _check(school: School, rows: Sequence[Seat]) -> None:
    spans = spans_in({row.section.pk for row in rows})
    for row in rows:
        if row.student.school_id != school.pk or row.section.school_id != school.pk:
            raise DomainError(_("The student and the section must be of this school."))
        if problem := problem_with(row, spans[row.student.pk, row.section.pk]):
            raise DomainError(f"{row.student}: {problem}")
        spans[row.student.pk, row.section.pk].append((row.starts_on, row.ends_on))
