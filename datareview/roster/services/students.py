"""Add and edit students, and record that they left or returned."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.records.models import Enrollment, Section, Stay, Student
from teams.access.permissions import require_ability
from teams.audit.queries import last_event
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.parameters import day_or_none
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import User

LOWEST_GRADE, HIGHEST_GRADE = -1, 12
LONGEST_AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class StudentValues:
    """What an administrator enters about a student. ``grade`` is -1 (pre-K) to 12, or None if unknown."""

    local_id: str
    first_name: str = ""
    last_name: str = ""
    preferred_name: str = ""
    grade: int | None = None
    home_language: str = ""
    entered_on: dt.date | None = None

    @classmethod
    def of(cls, student: Student) -> StudentValues:
        """The stored values of ``student``."""
        return cls(**{field.name: getattr(student, field.name) for field in fields(cls)})


def add_student(school: School, *, actor: User, values: StudentValues) -> Student:
    """Add one student who is enrolled. Raises DomainError if the number is taken."""
    (student,) = add_students(school, actor=actor, rows=[values])
    return student


@transaction.atomic
def add_students(school: School, *, actor: User, rows: Sequence[StudentValues]) -> list[Student]:
    """Add enrolled students, all or none, in the order of ``rows`` and in the same few queries for any number."""
    require_ability(actor, "edit_students", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    rows = [_checked(school, row) for row in rows]
    numbers = Counter(row.local_id for row in rows)
    doubled = next((number for number, times in numbers.items() if times > 1), None)
    if doubled:
        raise DomainError(_("The number %(number)s is there twice.") % {"number": doubled})
    taken = Student.objects.filter(school=school, local_id__in=numbers).first()
    if taken:
        raise DomainError(_taken(taken))
    students = Student.objects.bulk_create(
        [Student(school=school, **asdict(row)) for row in rows], batch_size=500
    )
    if len(students) == 1:
        record_event(actor, "added-student", students[0], school=school)
    elif students:
        record_event(actor, "added-students", school, school=school, n=len(students))
    return students


@transaction.atomic
def edit_student(student: Student, *, actor: User, values: StudentValues, seen: str) -> Student:
    """Change a student's number, names, grade, language and first day.

    ``seen`` is the `student_version` the actor started from; if it has changed, StaleEdit has the values stored now.
    """
    student = _locked(student)
    require_ability(actor, "edit_students", student.school)
    if seen != student_version(student):
        raise StaleEdit(_("Someone changed this student while you were writing."), current=_in_words(student))
    values = _checked(student.school, values)
    taken = Student.objects.filter(school=student.school_id, local_id=values.local_id).exclude(pk=student.pk)
    if other := taken.first():
        raise DomainError(_taken(other))
    if student.left_on and values.entered_on and values.entered_on > student.left_on:
        raise DomainError(
            _("The first day is after the last one, %(day)s.") % {"day": formats.short_day(student.left_on)}
        )
    before = asdict(StudentValues.of(student))
    changed = {name: value for name, value in asdict(values).items() if value != before[name]}
    if not changed:
        return student
    for name, value in changed.items():
        setattr(student, name, value)
    student.save(update_fields=list(changed))
    record_event(
        actor,
        "edited-student",
        student,
        school=student.school,
        detail={name: [str(before[name]), str(value)] for name, value in changed.items()},
    )
    return student


@transaction.atomic
def mark_left(student: Student, *, actor: User, left_on: dt.date) -> Student:
    """Record the last day of a student. Enrollments end on that day; plans and candidates wait for a decision."""
    student = _locked(student)
    require_ability(actor, "edit_students", student.school)
    today = student.school.today()
    if student.entered_on and left_on < student.entered_on:
        raise DomainError(
            _("The last day is before the first one, %(day)s.")
            % {"day": formats.short_day(student.entered_on)}
        )
    if left_on > today:
        raise DomainError(
            _("Choose today or an earlier day. A student who leaves later is enrolled until then.")
        )
    if student.status == Student.Status.LEFT and student.left_on == left_on:
        return student
    before = student.left_on
    if student.status == Student.Status.LEFT:
        _reopen(student)
    open_rows = student.enrollments.filter(Q(ends_on=None) | Q(ends_on__gt=left_on))
    unbegun = open_rows.filter(starts_on__gt=left_on, grades=None)
    removed = {f"{row.section_id}:{row.starts_on.isoformat()}": str(row.ends_on or "") for row in unbegun}
    unbegun.delete()
    begun = open_rows.filter(starts_on__lte=left_on)
    ended = {str(row.pk): str(row.ends_on or "") for row in begun}
    begun.update(ends_on=left_on)
    student.status, student.left_on = Student.Status.LEFT, left_on
    student.save(update_fields=["status", "left_on"])
    record_event(
        actor,
        "student-left",
        student,
        school=student.school,
        on=left_on.isoformat(),
        before=before.isoformat() if before else None,
        ended=ended,
        removed=removed,
    )
    return student


@transaction.atomic
def undo_leaving(student: Student, *, actor: User) -> Student:
    """Correct a wrong record that a student left: the stay goes on, and the enrollments are as they were before."""
    student = _locked(student)
    require_ability(actor, "edit_students", student.school)
    if student.status != Student.Status.LEFT:
        raise DomainError(_("This student is enrolled."))
    reopened = _reopen(student)
    student.status, student.left_on = Student.Status.ACTIVE, None
    student.save(update_fields=["status", "left_on"])
    record_event(actor, "undid-leaving", student, school=student.school, reopened=reopened)
    return student


@transaction.atomic
def mark_returned(student: Student, *, actor: User, entered_on: dt.date, grade: int | None = None) -> Student:
    """Enroll a student who had left. The earlier stay is kept as a `Stay`; sections are chosen anew."""
    student = _locked(student)
    require_ability(actor, "edit_students", student.school)
    if student.status != Student.Status.LEFT or student.left_on is None:
        raise DomainError(_("This student is enrolled."))
    if entered_on <= student.left_on:
        raise DomainError(
            _("The first day must be after the last one of the earlier stay, %(day)s.")
            % {"day": formats.short_day(student.left_on)}
        )
    Stay.objects.create(student=student, entered_on=student.entered_on, left_on=student.left_on)
    student.status, student.entered_on, student.left_on = Student.Status.ACTIVE, entered_on, None
    if grade is not None:
        student.grade = grade
    student.save(update_fields=["status", "entered_on", "left_on", "grade"])
    record_event(actor, "student-returned", student, school=student.school, on=entered_on.isoformat())
    return student


def student_version(student: Student) -> str:
    """A short hash of what `edit_student` changes, to detect concurrent edits."""
    return version_of(StudentValues.of(student))


def _reopen(student: Student) -> int:
    """Restore the enrollments that `mark_left` ended or removed, as the audit log has them. Returns their number.

    What was changed since, or ended on that day for another reason, stays as it is.
    """
    event = last_event("student-left", student)
    if event is None or student.left_on is None or event.data["on"] != student.left_on.isoformat():
        return 0
    if "removed" not in event.data:  # an older record has only numbers
        return 0
    ended, removed = event.data["ended"], event.data["removed"]
    rows = list(student.enrollments.filter(pk__in=ended, ends_on=student.left_on))
    for row in rows:
        row.ends_on = day_or_none(ended[str(row.pk)])
    Enrollment.objects.bulk_update(rows, ["ends_on"])
    starts = [(key.split(":"), end) for key, end in removed.items()]
    here = set(
        Section.objects.filter(pk__in={int(pk) for (pk, _first), _end in starts}).values_list("pk", flat=True)
    )
    made = Enrollment.objects.bulk_create(
        [
            Enrollment(
                student=student,
                section_id=int(pk),
                starts_on=dt.date.fromisoformat(first),
                ends_on=day_or_none(end),
            )
            for (pk, first), end in starts
            if int(pk) in here
        ],
        ignore_conflicts=True,
    )
    return len(rows) + len(made)


def _locked(student: Student) -> Student:
    """``student`` as stored now; numbers and enrollments of the school wait until the transaction ends."""
    School.objects.select_for_update(no_key=True).get(pk=student.school_id)
    rows = Student.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return rows.get(pk=student.pk)


def _checked(school: School, values: StudentValues) -> StudentValues:
    """``values`` without spaces around them. Raises DomainError if they can't be true."""
    texts: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in asdict(values).items()
    }
    values = StudentValues(**texts)
    if not values.local_id:
        raise DomainError(_("Enter the student’s number. It identifies the student in files."))
    if values.grade is not None and not LOWEST_GRADE <= values.grade <= HIGHEST_GRADE:
        raise DomainError(_("Choose a grade from Pre-K to 12."))
    if values.entered_on and values.entered_on > school.today() + LONGEST_AHEAD:
        raise DomainError(_("The first day is more than a year ahead. Check the year."))
    return values


def _taken(student: Student) -> str:
    return _("%(student)s already has the number %(number)s.") % {
        "student": student,
        "number": student.number,
    }


def _in_words(student: Student) -> str:
    """The stored values, for someone who edits them at the same time."""
    shown = (
        student.number,
        student,
        formats.language(student.home_language),
        student.entered_on,
        student.grade,
    )
    return ", ".join(str(one) for one in shown if one not in (None, ""))
