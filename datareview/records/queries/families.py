"""What the school records about a student besides results: guardians, language, groups, stays."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.records.models import Guardian, Stay, Subgroup
from teams.access.permissions import can_at
from teams.access.prepared import prepared_rows
from teams.lib import formats
from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from datareview.records.models import GroupName, Student
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """A guardian as the reader may see them; ``custody_note`` is empty for those who may not read it."""

    name: str
    relation: str
    phone: str
    email: str
    language: str
    may_contact: bool
    custody_note: str


@dataclass(frozen=True, slots=True)
class FamilyRecord:
    """A student's guardians; for those who may see all students also language, groups and stays.

    ``guardians`` is None while names are hidden: none of a family's names, numbers and notes belong on a projector.
    """

    guardians: list[GuardianLine] | None
    is_whole: bool
    home_language: str
    groups: list[Subgroup]
    stays: list[Stay]
    entered_on: dt.date | None
    left_on: dt.date | None


def family_record_of(user: User, student: Student) -> FamilyRecord:
    """The record of ``student``, whom the user may see."""
    may_see_all = can_at(user, "see_all_students", student.school_id)
    guardians = None if are_hidden() else _guardian_lines(student, with_notes=may_see_all)
    return FamilyRecord(
        guardians=guardians,
        is_whole=may_see_all,
        home_language=formats.language(student.home_language) if student.home_language else "",
        groups=prepared_rows(_groups, student.pk) if may_see_all else [],
        stays=prepared_rows(_stays, student.pk) if may_see_all else [],
        entered_on=student.entered_on,
        left_on=student.left_on,
    )


def guardians_named(word: str) -> Q:
    """Students with a guardian in whose name ``word`` occurs, as a Q on Student; none while names are hidden."""
    if are_hidden():
        return Q(pk__in=[])
    return Q(pk__in=Guardian.objects.filter(name__icontains=word).values("student"))


def guardians_by_student(students: Collection[Student], words: Collection[str]) -> dict[int, list[str]]:
    """By student, the names of guardians in which one of ``words`` occurs; none while names are hidden."""
    found: dict[int, list[str]] = {}
    if are_hidden() or not students or not words:
        return found
    named = Q()
    for word in words:
        named |= Q(name__icontains=word)
    rows = Guardian.objects.filter(named, student__in=[one.pk for one in students])
    for student, name in rows.values_list("student", "name"):
        found.setdefault(student, []).append(name)
    return found


def members_of(name: GroupName) -> QuerySet[Subgroup]:
    """Memberships of a group of the school's list that last today; for those who may see all students of the school."""
    rows = Subgroup.objects.filter(student__school=name.school_id, category=name.category, group=name.group)
    today = name.school.today()
    return rows.filter(Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today))


def _guardian_lines(student: Student, *, with_notes: bool) -> list[GuardianLine]:
    return [
        GuardianLine(
            name=one.name,
            relation=one.relation,
            phone=one.phone,
            email=one.email,
            language=formats.language(one.language),
            may_contact=one.may_contact,
            custody_note=one.custody_note if with_notes else "",
        )
        for one in prepared_rows(_guardians, student.pk)
    ]


def _guardians(student_id: int) -> QuerySet[Guardian]:
    return Guardian.objects.filter(student=student_id)


def _groups(student_id: int) -> QuerySet[Subgroup]:
    return Subgroup.objects.filter(student=student_id, ends_on=None).order_by("category")


def _stays(student_id: int) -> QuerySet[Stay]:
    return Stay.objects.filter(student=student_id)
