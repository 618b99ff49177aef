"""The sheet for a conference that the student leads: strengths, the own goal, and how it is going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.own_goals.queries import OwnGoals, own_goals_of
from datareview.records.models import Measure
from datareview.students.queries.attendance import AttendanceRecord, attendance_record_of
from datareview.students.queries.domains import DomainView, domain_views
from datareview.students.queries.status import strengths_of
from datareview.students.queries.student_page import series_with_points

if TYPE_CHECKING:
    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class ConferenceSheet:
    """What is printed for the student and the family. ``views`` are without incidents."""

    student: Student
    strengths: list[str]
    goals: OwnGoals
    views: list[DomainView]
    attendance: AttendanceRecord


def conference_sheet(student: Student) -> ConferenceSheet:
    """The sheet of ``student``, whom the caller knows to be visible."""
    views = domain_views(student, series_with_points(student))
    attendance = attendance_record_of(student)
    own = [student.strengths] if student.strengths else []
    return ConferenceSheet(
        student=student,
        strengths=[*own, *strengths_of(views, attendance)],
        goals=own_goals_of(student),
        views=[one for one in views if one.measure.derived_from != Measure.DerivedFrom.INCIDENTS],
        attendance=attendance,
    )
