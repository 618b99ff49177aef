"""The students whose answers a file may bring, with the class in which each is given the assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.answers.matching import Person
from datareview.answers.permissions import classes_to_enter
from datareview.assessments.permissions import classes_of_team, may_edit_assessment
from datareview.assessments.queries import classes_of_students, students_given
from datareview.records.models import Enrollment, Student
from datareview.records.permissions import students_of_team
from datareview.records.queries.order import by_name
from teams.directory.models import Team

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from datareview.records.models import Assessment
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Taker:
    """A student who is given an assessment, and the primary key of the class in which; None without one."""

    student: Student
    section_id: int | None

    @property
    def person(self) -> Person:
        """The student as rows of a file may name them."""
        one = self.student
        return Person(one.uuid, one.local_id, one.first_name, one.last_name, one.preferred_name)


def takers_of(assessment: Assessment, *, reader: User | None) -> list[Taker]:
    """The students who are given an assessment, in order of their names.

    ``reader`` limits them to those whose answers this user may enter; None is everybody.
    """
    section_of = classes_of_students(assessment)
    sat = assessment.sittings.exclude(section=None)
    section_of |= dict(sat.values_list("student_id", "section_id"))
    found = _takers(students_given(assessment).order_by(*by_name()), section_of)
    if reader is None:
        return found
    open_to = set(classes_to_enter(reader, assessment).values_list("pk", flat=True))
    may_edit = may_edit_assessment(reader, assessment)
    return [one for one in found if (one.section_id in open_to if one.section_id else may_edit)]


def takers_in_team(team: Team, day: dt.date) -> list[Taker]:
    """The students to whom a team gives a new assessment on ``day``, in order of their names."""
    there = Enrollment.objects.on(day).filter(section__in=classes_of_team(team, day))
    ordered = there.order_by("section__is_core", "-section__name", "-section")
    section_of = dict(ordered.values_list("student_id", "section_id"))
    is_of_grades = team.cohort == Team.Cohort.GRADES
    students = students_of_team(team) if is_of_grades else Student.objects.filter(pk__in=section_of)
    return _takers(students.order_by(*by_name()), section_of)


def _takers(students: Iterable[Student], section_of: dict[int, int]) -> list[Taker]:
    return [Taker(one, section_of.get(one.pk)) for one in students]
