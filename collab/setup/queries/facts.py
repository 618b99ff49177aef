"""What a school has, as counts, in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from collab.meetings.models import Meeting
from datareview.flags.models import Rule
from datareview.records.models import (
    AttendanceDay,
    Benchmark,
    Enrollment,
    Incident,
    Measure,
    Score,
    Section,
    Student,
)
from datareview.strategies.models import Strategy
from teams.access.permissions import plannable_teams, staff_where
from teams.directory.models import Holiday, Period, School, Staff, Team, TeamMember
from teams.directory.queries.days import year_on
from teams.mail.queries import mail_is_configured, mail_of
from teams.people.queries.people import described_people

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import SchoolYear, Term, User


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each thing a school has today."""

    holidays: int
    periods: int
    staff: int
    never_signed_in: int
    joiners: int  # who may be in a team
    without_team: int
    second_factors: int
    teams: int
    teams_without_lead: int
    without_grades: int  # teams of grades that name none, and so have no students
    students: int
    without_section: int
    sections: int
    without_teacher: int
    measures: int  # on which scores are entered
    with_benchmarks: int
    rules: int
    strategies: int
    meetings: int
    unsent: int
    has_scores: bool
    has_attendance: bool
    has_incidents: bool


@dataclass(frozen=True, slots=True)
class SetupFacts:
    """A school with its counts, its year and terms, its leads, and whether this server sends email."""

    school: School
    today: dt.date
    counts: Counts
    year: SchoolYear | None
    terms: tuple[Term, ...]
    leads: tuple[Staff, ...]
    may_plan: bool
    has_mail_server: bool


def setup_facts(user: User, school: School) -> SetupFacts:
    """The facts of ``school`` for ``user``, who sets it up."""
    today = school.today()
    year = year_on(school, today)
    lead_rows = TeamMember.objects.active(today).filter(
        team__school=school, team__is_active=True, is_lead=True
    )
    leads = Staff.objects.filter(pk__in=lead_rows.values("staff")).select_related("user")
    return SetupFacts(
        school=school,
        today=today,
        counts=_counts(school, today),
        year=year,
        terms=tuple(year.terms.all()) if year else (),
        leads=tuple(leads[:3]),
        may_plan=plannable_teams(user, school).exists(),
        has_mail_server=mail_is_configured(),
    )


def _counts(school: School, today: dt.date) -> Counts:
    """All counts in one query, each as a subquery."""
    staff = Staff.objects.active(today).filter(school=school)
    joiners = staff_where(school, "join_teams")
    teams = Team.objects.filter(school=school, is_active=True)
    members = TeamMember.objects.active(today).filter(team__in=teams)
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    students = Student.objects.filter(school=school, status=Student.Status.ACTIVE)
    enrolled = Enrollment.objects.on(today).filter(section__school=school)
    sections = Section.objects.filter(school=school, year__in=school.years.on(today))
    measures = Measure.objects.in_use().filter(school=school, derived_from="")
    cuts = Benchmark.objects.filter(measure__in=measures)
    rows: dict[str, QuerySet[Any]] = {
        "holidays": Holiday.objects.filter(school=school, ends_on__gte=today),
        "periods": Period.objects.filter(school=school),
        "staff": staff,
        "never_signed_in": described_people(school).filter(pk__in=staff, seen_at=None),
        "joiners": joiners,
        "without_team": joiners.exclude(pk__in=members.values("staff")),
        "second_factors": staff.filter(user__in=factors.values("user")),
        "teams": teams,
        "teams_without_lead": teams.exclude(pk__in=members.filter(is_lead=True).values("team")),
        "without_grades": teams.filter(cohort=Team.Cohort.GRADES, kind=Team.Kind.GRADE, grades=None),
        "students": students,
        "without_section": students.exclude(pk__in=enrolled.values("student")),
        "sections": sections,
        "without_teacher": sections.filter(teachers=None),
        "measures": measures,
        "with_benchmarks": measures.filter(pk__in=cuts.values("measure")),
        "rules": Rule.objects.filter(school=school, is_on=True),
        "strategies": Strategy.objects.filter(school=school, is_retired=False),
        "meetings": Meeting.objects.filter(team__school=school),
        "unsent": mail_of(school).waiting(),
    }
    # Of large tables it matters only whether there is anything.
    some = {
        "has_scores": Exists(Score.objects.filter(measure__in=measures)),
        "has_attendance": Exists(AttendanceDay.objects.filter(student__in=students)),
        "has_incidents": Exists(Incident.objects.filter(student__in=students)),
    }
    counted = {**{name: _number(of) for name, of in rows.items()}, **some}
    # School has fields of these names too.
    row = School.objects.filter(pk=school.pk).values(
        **{f"of_{name}": value for name, value in counted.items()}
    )
    found: Any = row.get()
    return Counts(**{name.removeprefix("of_"): value for name, value in found.items()})


def _number(rows: QuerySet[Any]) -> Coalesce:
    """The number of ``rows`` as a subquery."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)
