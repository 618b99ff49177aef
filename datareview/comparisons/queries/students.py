"""Whom a question is about: a cohort of students, narrowed by grade and by running plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.cohorts.queries import GROUP, SECTION, TEACHING, cohort_of
from datareview.plans.models import Plan
from datareview.records.permissions import students_of_team
from datareview.records.queries.order import LISTED, by_name
from datareview.sections.permissions import sections_taught_by
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.comparisons.choices import Question
    from datareview.records.models import Section, Student
    from datareview.strategies.models import Strategy
    from teams.directory.models import School, Team, User

ANY_PLAN = "any"


@dataclass(frozen=True, slots=True, eq=False)
class ExploredStudents:
    """The students of a question by id, in order of name, and what narrows them.

    ``grade_of`` has the grade of each student today. ``students`` has their names; it is empty if these were not asked for.
    ``grades`` and ``strategies`` are those of the whole cohort. ``team`` is None for sections, groups and the whole school.
    """

    key: str
    name: str
    school: School
    team: Team | None
    grades: list[int]
    strategies: list[Strategy]
    grade_of: dict[int, int | None]
    students: dict[int, Student]

    @property
    def is_part(self) -> bool:
        """Whether the students are those of a section or a group, and so never all of a grade."""
        return self.key.startswith((f"{SECTION}:", f"{GROUP}:", f"{TEACHING}:"))


def explored_students(
    user: User, school: School, question: Question, *, named: bool = True
) -> ExploredStudents | None:
    """The students of ``question`` whom the user may see; None for a cohort that the user may not open."""
    cohort = cohort_of(user, school, question.of)
    if cohort is None:
        return None
    about = cohort.key, cohort.name, school, cohort.team
    return _narrowed(cohort.students, question, about, named=named)


def students_on_agenda(team: Team, question: Question) -> ExploredStudents:
    """The students of ``question`` for an exhibit of ``team``: of all for whom the team is responsible."""
    about = question.of, str(team), team.school, team
    return _narrowed(students_of_team(team), question, about, named=True)


def own_sections(user: User, school: School) -> list[Section]:
    """The sections that the user, or a colleague whom the user replaces, teaches today, by name."""
    return list(sections_taught_by(user, school.today()).filter(school=school))


def _narrowed(
    rows: QuerySet[Student],
    question: Question,
    about: tuple[str, str, School, Team | None],
    *,
    named: bool,
) -> ExploredStudents:
    names: dict[int, Student] = {}
    in_order = rows.order_by(*by_name())
    if named:
        names = {student.pk: student for student in in_order.only(*LISTED)}
        everyone = {pk: student.grade for pk, student in names.items()}
    else:
        everyone = dict(in_order.values_list("pk", "grade"))
    found = everyone
    grade = int_or_none(question.grade)
    if grade is not None:
        found = {pk: one for pk, one in found.items() if one == grade}
    running = Plan.objects.running().filter(student__in=rows.order_by().values("pk"))
    on_plan: dict[int, list[Strategy]] = {}
    for plan in running.select_related("strategy").only("student_id", "strategy__uuid", "strategy__name"):
        on_plan.setdefault(plan.student_id, []).append(plan.strategy)
    if question.plan == ANY_PLAN:
        found = {pk: one for pk, one in found.items() if pk in on_plan}
    elif question.plan:
        found = {
            pk: one
            for pk, one in found.items()
            if any(str(strategy.uuid) == question.plan for strategy in on_plan.get(pk, []))
        }
    strategies = {one.pk: one for plans in on_plan.values() for one in plans}
    return ExploredStudents(
        *about,
        grades=sorted({one for one in everyone.values() if one is not None}),
        strategies=sorted(strategies.values(), key=lambda one: one.name),
        grade_of=found,
        students={pk: names[pk] for pk in found if pk in names},
    )
