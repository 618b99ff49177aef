"""The list of sections, the page of one, and students in no section."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from datareview.plans.models import Plan
from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from datareview.records.queries.order import by_name
from datareview.sections.permissions import sections_overseen_by, students_overseen_by
from teams.directory.models import SchoolYear, Staff, Team, TeamGrade
from teams.directory.queries.substitutes import substitutions_for
from teams.lib.parameters import int_or_none, uuid_or_none
from teams.names.columns import people_order

if TYPE_CHECKING:
    from teams.directory.models import School, Substitution, User

A_PAGE = 50
SORTS = {"name": ("name",), "students": ("-student_count", "name"), "course": ("course", "name")}


@dataclass(frozen=True, slots=True)
class SectionList:
    """A page of sections of one year, with what needs attention in the whole year."""

    page: Page[Section]
    years: list[SchoolYear]
    year: SchoolYear | None
    without_teacher: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class SectionPage:
    """Everything on the page of one section. Present and coming enrollments come first, past ones apart."""

    section: Section
    day: dt.date
    teachers: list[SectionTeacher]
    substitutions: list[Substitution]
    enrollments: list[Enrollment]
    past: list[Enrollment]


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A student in no section: the teams responsible for the grade, and who delivers a plan. The office sees all."""

    student: Student
    teams: list[str]
    providers: list[str]


def sections_of(user: User, school: School, wanted: dict[str, Any]) -> SectionList:
    """Sections of ``school`` in the year of ``wanted`` (the query string; default: now), filtered and sorted by it."""
    years, year = _years(school, wanted)
    if year is None:
        return SectionList(Paginator([], A_PAGE).get_page(1), years, None, 0, 0)
    rows, untaught = _sections(user, year, wanted)
    return SectionList(
        page=Paginator(rows, A_PAGE).get_page(wanted.get("page", 1)),
        years=years,
        year=year,
        without_teacher=untaught.count(),
        unplaced=_unplaced(user, school).count(),
    )


def listed_sections(user: User, school: School, wanted: dict[str, Any]) -> list[Section]:
    """The sections that `sections_of` shows on all its pages."""
    _all_years, year = _years(school, wanted)
    return list(_sections(user, year, wanted)[0]) if year else []


def _sections(
    user: User, year: SchoolYear, wanted: dict[str, Any]
) -> tuple[QuerySet[Section], QuerySet[Section]]:
    """The sections of ``year`` that ``wanted`` asks for, and all of the year that nobody teaches."""
    day = _day_in(year, year.school.today())
    present = (
        Q(enrollments__starts_on__lte=day)
        & (Q(enrollments__ends_on=None) | Q(enrollments__ends_on__gte=day))
        & (Q(ends_on=None) | Q(ends_on__gte=day))
    )
    works = Q(staff__ends_on=None) | Q(staff__ends_on__gte=day)
    teaching = SectionTeacher.objects.dated(day).filter(works).select_related("staff__user")
    rows: Any = sections_overseen_by(user).filter(year=year)
    rows = rows.annotate(student_count=Count("enrollments__student", filter=present, distinct=True))
    untaught = _running(rows, day).filter(~Exists(teaching.filter(section=OuterRef("pk"))))
    shown = {"untaught": untaught, "ended": rows.filter(ends_on__lt=day), "all": rows}
    rows = shown.get(wanted.get("show", ""), _running(rows, day))
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(course__icontains=word)
            | Q(local_id__icontains=word)
            | Q(teacher_links__staff__user__last_name__icontains=word)
        )
    rows = rows.distinct().order_by(*SORTS.get(wanted.get("sort", ""), SORTS["name"]), "pk")
    return rows.prefetch_related(Prefetch("teacher_links", queryset=teaching)), untaught


def section_page(section: Section) -> SectionPage:
    """The page of a section that the user may see."""
    day = section.school.today()
    rows = list(section.enrollments.select_related("student").order_by(*by_name("student__"), "starts_on"))
    lasts = {row: min(filter(None, (row.ends_on, section.ends_on)), default=None) for row in rows}
    past = [row for row, last in lasts.items() if last is not None and last < day]
    teachers = list(section.teacher_links.select_related("staff__user"))
    return SectionPage(
        section=section,
        day=day,
        teachers=teachers,
        substitutions=substitutions_for([one.staff_id for one in teachers], day),
        enrollments=[row for row in rows if row not in past],
        past=past,
    )


def unplaced_students(
    user: User, school: School, wanted: dict[str, Any]
) -> tuple[Page[Student], list[UnplacedRow]]:
    """A page of enrolled students who are in no section today, and who sees each of them besides the office."""
    page = Paginator(listed_unplaced(user, school, wanted), A_PAGE).get_page(wanted.get("page", 1))
    teams: dict[int, list[str]] = defaultdict(list)
    grades = TeamGrade.objects.filter(
        team__school=school, team__is_active=True, team__cohort=Team.Cohort.GRADES
    )
    for grade, name in grades.order_by("team__name").values_list("grade", "team__name"):
        teams[grade].append(name)
    providers: dict[int, list[str]] = defaultdict(list)
    plans = Plan.objects.running().filter(student__in=list(page)).select_related("provider__user")
    for plan in plans:
        providers[plan.student_id].append(str(plan.provider))
    return page, [
        UnplacedRow(one, teams[one.grade] if one.grade is not None else [], sorted(set(providers[one.pk])))
        for one in page
    ]


def listed_unplaced(user: User, school: School, wanted: dict[str, Any]) -> QuerySet[Student]:
    """The students whom `unplaced_students` shows on all its pages."""
    rows = _unplaced(user, school)
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(grade=grade)
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(local_id__icontains=word)
        )
    return rows.order_by(*(() if wanted.get("sort") == "name" else ("grade",)), *by_name(), "pk")


def staff_to_choose(school: School) -> QuerySet[Staff]:
    """People who work at ``school`` today, by name."""
    rows = Staff.objects.active(school.today()).filter(school=school)
    return rows.select_related("user").order_by(*people_order("user__"))


def _unplaced(user: User, school: School) -> QuerySet[Student]:
    day = school.today()
    # Not a subquery for each student: that takes minutes on PostgreSQL before it has counted a large load.
    here = Enrollment.objects.on(day).filter(student__school=school).values("student")
    rows = students_overseen_by(user).filter(school=school, status=Student.Status.ACTIVE)
    return rows.exclude(pk__in=here)


def _running(rows: QuerySet[Any], day: dt.date) -> QuerySet[Any]:
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))


def _years(school: School, wanted: dict[str, Any]) -> tuple[list[SchoolYear], SchoolYear | None]:
    """The school's years, newest first, and the one that is wanted (default: now)."""
    years, today = list(school.years.order_by("-starts_on")), school.today()
    for year in years:
        year.school = school
    uuid = uuid_or_none(wanted.get("year"))
    chosen = next((year for year in years if year.uuid == uuid), None)
    now = next((year for year in years if year.starts_on <= today <= year.ends_on), None)
    return years, chosen or now or (years[0] if years else None)


def _day_in(year: SchoolYear, today: dt.date) -> dt.date:
    return min(max(today, year.starts_on), year.ends_on)
