"""Visibility of students, with the reason."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from teams.access.permissions import schools_where, staff_where
from teams.access.prepared import in_prepared
from teams.access.scope import scope_of
from teams.directory.models import Staff, Substitution, Team, TeamGrade, TeamMember
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class StudentScope:
    """The students a user may see on one day: whole schools, own sections, and what their teams are responsible for.

    Sections of a year that ended count until the next year begins; then those of the new year do.

    ``team_grades`` are pairs of a school's id and a grade. ``section_team_ids`` are teams that are responsible for
    their members' sections. ``staff_ids`` are the user's own and those of colleagues whom the user replaces, who teach
    sections and deliver plans.
    """

    day: dt.date
    school_ids: frozenset[int]
    staff_ids: frozenset[int]
    team_grades: frozenset[tuple[int, int]]
    section_team_ids: frozenset[int]


def student_scope_of(user: User, *, without: Collection[int] = ()) -> StudentScope:
    """The students that ``user`` may see today, but for roles and teams at the schools ``without`` (ids)."""
    scope = scope_of(user)
    responsible = [one for one in scope.memberships if one.is_active and one.school_id not in without]
    return StudentScope(
        day=clock.server_day(),
        school_ids=frozenset(schools_where(user, "see_all_students")).difference(without),
        staff_ids=frozenset(staff.pk for staff in scope.employed if staff.school_id not in without)
        | scope.replaced_ids,
        team_grades=frozenset(
            (one.school_id, grade)
            for one in responsible
            if one.cohort == Team.Cohort.GRADES
            for grade in one.grades
        ),
        section_team_ids=frozenset(one.team_id for one in responsible if one.cohort == Team.Cohort.SECTIONS),
    )


def _sections_of_teams(team_ids: Iterable[int], day: dt.date) -> QuerySet[Section]:
    """Sections of each team's subject that its members teach on ``day``."""
    members = TeamMember.objects.active(day).filter(team_id__in=team_ids)
    links = SectionTeacher.objects.on(day).filter(
        staff__memberships__in=members, section__subject=F("staff__memberships__team__subject")
    )
    return Section.objects.filter(pk__in=links.values("section_id"))


def _taught_in(sections: Any, day: dt.date) -> Q:
    """Students enrolled on ``day`` in one of ``sections`` (ids or a query), as a Q on Student."""
    return Q(pk__in=Enrollment.objects.on(day).filter(section__in=sections).values("student_id"))


def _in_grades(grades: Iterable[tuple[int, int]]) -> Q:
    """Students in one of ``grades``, pairs of a school's id and a grade."""
    by_school = defaultdict(list)
    for school_id, grade in sorted(grades):
        by_school[school_id].append(grade)
    found = Q(pk__in=[])
    for school_id, theirs in by_school.items():
        found |= Q(school_id=school_id, grade__in=theirs)
    return found


def reasons_to_see(user: User) -> dict[str, Q]:
    """Reasons to see a student, each as a Q on Student: own school, own section, own team, own plan."""
    scope = student_scope_of(user)
    values = scope.day, sorted(scope.staff_ids), sorted(scope.section_team_ids)
    section, team, plan = (in_prepared(_seen_for, why, *values) for why in ("section", "team", "plan"))
    return {
        "school": Q(school_id__in=scope.school_ids),
        "section": section,
        "team": _in_grades(scope.team_grades) | team,
        "plan": plan,
    }


def students_visible_to(user: User) -> QuerySet[Student]:
    """Students the user may see, for any reason.

    A user who sees a whole school needs no other reason there: sections, teams and plans are of one school.
    """
    schools = schools_where(user, "see_all_students")
    scope = student_scope_of(user, without=schools)
    allowed = Q(school_id__in=schools) | _in_grades(scope.team_grades)
    if scope.staff_ids:
        theirs = sorted(scope.staff_ids), sorted(scope.section_team_ids)
        allowed |= in_prepared(_taught_and_served, scope.day, *theirs)
    return Student.objects.filter(allowed)


def _taught_and_served(
    day: dt.date, staff_ids: Iterable[int], section_team_ids: Iterable[int]
) -> QuerySet[Student]:
    reasons = _reasons(day, staff_ids, section_team_ids)
    return Student.objects.filter(reasons["section"] | reasons["team"] | reasons["plan"])


def _seen_for(
    why: str, day: dt.date, staff_ids: Iterable[int], section_team_ids: Iterable[int]
) -> QuerySet[Student]:
    return Student.objects.filter(_reasons(day, staff_ids, section_team_ids)[why])


def _reasons(day: dt.date, staff_ids: Iterable[int], section_team_ids: Iterable[int]) -> dict[str, Q]:
    """Reasons that are found by a query: own section, sections of the own team, own plan."""
    taught = SectionTeacher.objects.on(day).filter(staff_id__in=staff_ids)
    # Plans are a higher area: only the relation's name refers to them.
    served = Student.objects.filter(plans__state="active", plans__provider__in=staff_ids)
    return {
        "section": _taught_in(taught.values("section_id"), day),
        "team": _taught_in(_sections_of_teams(section_team_ids, day).values("pk"), day),
        "plan": Q(pk__in=served.values("pk")),
    }


def staff_who_see(student: Student) -> QuerySet[Staff]:
    """Staff who work at the student's school today and may see ``student`` (`students_visible_to`, the other way round).

    Two queries, and the one that is returned.
    """
    day = clock.server_day()
    attended = Enrollment.objects.on(day).filter(student=student).values("section_id")
    teach = SectionTeacher.objects.on(day).filter(section__in=attended).values("staff_id")
    teams = list(teams_of_student(student).values_list("pk", flat=True))
    members = TeamMember.objects.active(day).filter(team__in=teams).values("staff_id")
    deliver = Student.objects.filter(pk=student.pk, plans__state="active").values("plans__provider_id")
    own = Staff.objects.filter(Q(pk__in=teach) | Q(pk__in=members) | Q(pk__in=deliver))
    ids = list(own.values_list("pk", flat=True))
    replace = Substitution.objects.active(day).filter(replaced__in=ids).values("substitute_id")
    everyone = staff_where(student.school, "see_all_students").values("pk")
    allowed = Q(pk__in=ids) | Q(pk__in=replace) | Q(pk__in=everyone)
    return Staff.objects.active(day).filter(allowed, school=student.school_id)


def students_of_team(team: Team) -> QuerySet[Student]:
    """Enrolled students for whom ``team`` is responsible (`Team.cohort`)."""
    if team.cohort == Team.Cohort.GRADES:
        theirs = Q(grade__in=TeamGrade.objects.filter(team=team).values("grade"))
    else:
        day = clock.server_day()
        theirs = _taught_in(_sections_of_teams([team.pk], day).values("pk"), day)
    return Student.objects.filter(theirs, school_id=team.school_id, status=Student.Status.ACTIVE)


def teams_of_student(student: Student) -> QuerySet[Team]:
    """Active teams of the school that are responsible for ``student``."""
    day = clock.server_day()
    attended = Enrollment.objects.on(day).filter(student=student)
    links = SectionTeacher.objects.on(day).filter(section__in=attended.values("section_id"))
    return (
        Team.objects.filter(school_id=student.school_id, is_active=True)
        .filter(
            Q(cohort=Team.Cohort.GRADES, grades__grade=student.grade)
            | Q(
                cohort=Team.Cohort.SECTIONS,
                members__in=TeamMember.objects.active(),
                members__staff__section_links__in=links,
                members__staff__section_links__section__subject=F("subject"),
            )
        )
        .distinct()
    )


def team_of_students(students: Collection[Student]) -> dict[int, Team]:
    """Map ids of ``students`` of one school to the first of `teams_of_student`; two queries."""
    school_ids = {student.school_id for student in students}
    day = clock.server_day()
    teams = Team.objects.filter(school_id__in=school_ids, is_active=True)
    grades: dict[int, list[Team]] = defaultdict(list)
    by_grade = teams.filter(cohort=Team.Cohort.GRADES).annotate(taken=F("grades__grade"))
    for team in by_grade.filter(
        taken__in={student.grade for student in students if student.grade is not None}
    ):
        grades[team.taken].append(team)
    path = "members__staff__section_links"
    attended = Enrollment.objects.on(day).filter(student__in=students)
    by_section = teams.filter(
        **{
            "cohort": Team.Cohort.SECTIONS,
            "members__in": TeamMember.objects.active(),
            f"{path}__in": SectionTeacher.objects.on(day),
            f"{path}__section__subject": F("subject"),
            f"{path}__section__enrollments__in": attended,
        }
    ).annotate(taken=F(f"{path}__section__enrollments__student"))
    found: dict[int, list[Team]] = defaultdict(list)
    for team in by_section:
        found[team.taken].append(team)
    theirs = {
        student.pk: [*(() if student.grade is None else grades[student.grade]), *found[student.pk]]
        for student in students
    }
    return {pk: min(rows, key=lambda team: (team.name, team.pk)) for pk, rows in theirs.items() if rows}
