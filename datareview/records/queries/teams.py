"""The teams that are responsible for a student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Enrollment, Section, Student
from datareview.records.permissions import teams_of_student
from teams.access.prepared import prepared_rows
from teams.directory.models import Staff, Team, TeamGrade, TeamMember
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from django.db.models import QuerySet


@read_once(Team, TeamGrade, TeamMember, Staff, Section, Section.teachers.through, Enrollment, Student)
def responsible_teams(student: Student) -> list[Team]:
    """Active teams of the school that are responsible for ``student``; one query."""
    return prepared_rows(_teams, student.pk, student.school_id, student.grade)


def _teams(student_id: int, school_id: int, grade: int | None) -> QuerySet[Team]:
    return teams_of_student(Student(pk=student_id, school_id=school_id, grade=grade))
