"""Visibility of students, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from datareview.records.models import Enrollment, Student
from teams.access.permissions import schools_where
from teams.directory.models import Team, TeamGrade, TeamMember
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import User


def reasons_to_see(user: User, day: dt.date | None = None) -> dict[str, Q]:
    """Reasons to see a student, each as a Q on Student: own school, own section, own team, own plan."""
    day = day or clock.server_day()
    taught = Enrollment.objects.on(day).filter(
        section__teachers__user_id=user.pk, section__teachers__in=_own_staff_ids(user, day)
    )
    teams = Team.objects.of_user(user.pk, day)
    return {
        "school": Q(school_id__in=schools_where(user, "see_all_students")),
        "section": Q(pk__in=taught.values("student_id")),
        "team": in_cohort_of(teams, day),
        "plan": Q(
            # Plans are a higher area: only the relation's name refers to them.
            pk__in=Student.objects.filter(
                plans__state="active", plans__provider__in=_own_staff_ids(user, day)
            ).values("pk")
        ),
    }


def in_cohort_of(teams: QuerySet[Team], day: dt.date | None = None) -> Q:
    """Students for whom one of ``teams`` is responsible (`Team.cohort`), as a Q on Student."""
    day = day or clock.server_day()
    by_grade = TeamGrade.objects.filter(team__in=teams.filter(cohort=Team.Cohort.GRADES))
    by_section = Enrollment.objects.on(day).filter(
        section__teachers__memberships__in=TeamMember.objects.active(day).filter(
            team__in=teams.filter(cohort=Team.Cohort.SECTIONS)
        ),
        section__subject=F("section__teachers__memberships__team__subject"),
    )
    grades = Q(
        pk__in=Student.objects.filter(
            school__teams__grades__in=by_grade, grade=F("school__teams__grades__grade")
        ).values("pk")
    )
    return grades | Q(pk__in=by_section.values("student_id"))


def students_visible_to(user: User, day: dt.date | None = None) -> QuerySet[Student]:
    """Students the user may see, for any reason."""
    allowed = Q(pk__in=[])
    for reason in reasons_to_see(user, day).values():
        allowed |= reason
    return Student.objects.filter(allowed)


def why_visible(user: User, student: Student) -> str:
    """The first reason why the user may see ``student``, or ""."""
    for name, reason in reasons_to_see(user).items():
        if Student.objects.filter(reason, pk=student.pk).exists():
            return name
    return ""


def students_of_team(team: Team, day: dt.date | None = None) -> QuerySet[Student]:
    """Enrolled students for whom ``team`` is responsible."""
    teams = Team.objects.filter(pk=team.pk)
    return Student.objects.filter(
        in_cohort_of(teams, day), school_id=team.school_id, status=Student.Status.ACTIVE
    )


def teams_of_student(student: Student) -> QuerySet[Team]:
    """Active teams of the school that are responsible for ``student``."""
    return (
        Team.objects.filter(school_id=student.school_id, is_active=True)
        .filter(
            Q(cohort=Team.Cohort.GRADES, grades__grade=student.grade)
            | Q(
                cohort=Team.Cohort.SECTIONS,
                members__in=TeamMember.objects.active(),
                members__staff__sections__enrollments__in=Enrollment.objects.on(clock.server_day()).filter(
                    student=student
                ),
                members__staff__sections__subject=F("subject"),
            )
        )
        .distinct()
    )


def _own_staff_ids(user: User, day: dt.date) -> QuerySet:
    """Ids of the user's staff rows on ``day``, as a subquery."""
    from teams.directory.models import Staff

    return Staff.objects.active(day).filter(user_id=user.pk).values("pk")
