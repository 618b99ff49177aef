"""The list of guardians of the students whom somebody may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from datareview.records.models import Enrollment, Guardian, Section, Student
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from teams.lib import formats
from teams.lib.parameters import int_or_none, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from teams.directory.models import School, User

A_PAGE = 50
SHOWN = {"silent": Q(phone="", email=""), "never": Q(may_contact=False), "may": Q(may_contact=True)}


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """A guardian in the list, with the language by its name."""

    guardian: Guardian
    language: str


@dataclass(frozen=True, slots=True)
class GuardianList:
    """A page of guardians, the choices of its filters, and how many students have none."""

    page: Page[Guardian]
    rows: list[GuardianRow]
    grades: list[int]
    sections: list[Section]
    languages: list[tuple[str, str]]
    without: int


def guardians_page(user: User, school: School, wanted: dict[str, Any]) -> GuardianList:
    """Guardians of present students of ``school`` whom the user may see, filtered and sorted by ``wanted``."""
    students = _students(user, school)
    page = Paginator(listed_guardians(user, school, wanted), A_PAGE).get_page(wanted.get("page", 1))
    grades = sorted({grade for grade in students.values_list("grade", flat=True) if grade is not None})
    attended = Enrollment.objects.on(school.today()).filter(student__in=students).values("section")
    codes = Guardian.objects.filter(student__in=students).order_by().values_list("language", flat=True)
    languages = [(code, formats.language(code)) for code in codes.distinct()]
    return GuardianList(
        page=page,
        rows=rows_of_guardians(page),
        grades=grades,
        sections=list(Section.objects.filter(pk__in=attended, is_core=True).order_by("name")),
        languages=sorted(languages, key=lambda one: one[1].casefold()),
        without=students.filter(guardians=None).count(),
    )


def rows_of_guardians(guardians: Iterable[Guardian]) -> list[GuardianRow]:
    """Rows of the list."""
    return [GuardianRow(one, formats.language(one.language)) for one in guardians]


def listed_guardians(user: User, school: School, wanted: dict[str, Any]) -> QuerySet[Guardian]:
    """The guardians that `guardians_page` shows on all its pages."""
    rows = Guardian.objects.filter(student__in=_students(user, school)).select_related("student__school")
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(student__grade=grade)
    if section := uuid_or_none(wanted.get("section")):
        here = Enrollment.objects.on(school.today()).filter(section__uuid=section)
        rows = rows.filter(student__in=here.values("student"))
    if language := wanted.get("language"):
        rows = rows.filter(language=language)
    rows = rows.filter(SHOWN.get(wanted.get("show", ""), Q()))
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(phone__icontains=word)
            | Q(email__icontains=word)
            | Q(student__first_name__icontains=word)
            | Q(student__preferred_name__icontains=word)
            | Q(student__last_name__icontains=word)
            | Q(student__local_id__icontains=word)
        )
    of_student = by_name("student__")
    order: dict[str, list[Any]] = {
        "student": of_student,
        "grade": ["student__grade", *of_student],
        "language": ["language", "name"],
    }
    return rows.order_by(*order.get(wanted.get("sort", ""), ["name", *of_student]), "pk")


def _students(user: User, school: School) -> QuerySet[Student]:
    return students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
