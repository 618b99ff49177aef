"""A student's sections of today, with teachers and grades."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q

from datareview.records.models import Enrollment
from datareview.records.values import value_address
from datareview.sections.models import MissingWork
from teams.access.prepared import prepared_rows
from teams.directory.models import User
from teams.lib import formats

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class CourseGradeLine:
    """A grade as of a day with how much work was not handed in (None: not said), and the page of where it comes from."""

    as_of: dt.date
    percent: Decimal
    letter: str
    url: str
    missing: int | None = None

    @property
    def text(self) -> str:
        """The letter, if the school gives one, with the percentage."""
        return f"{self.letter} {formats.percent(self.percent, 0)}".strip()


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A section: its teachers by their short names, its grades of this year in order, and work noted as missing."""

    name: str
    course: str
    is_core: bool
    teachers: list[str] = field(default_factory=list)
    grades: list[CourseGradeLine] = field(default_factory=list)
    missing: list[MissingWork] = field(default_factory=list)

    @property
    def now(self) -> CourseGradeLine | None:
        """The latest grade."""
        return self.grades[-1] if self.grades else None

    @property
    def before(self) -> CourseGradeLine | None:
        """The grade before the latest."""
        return self.grades[-2] if len(self.grades) > 1 else None

    @property
    def change(self) -> str:
        """The change since the grade before, in percentage points, or "" without one."""
        if self.now is None or self.before is None or self.now.percent == self.before.percent:
            return ""
        return formats.signed(self.now.percent - self.before.percent, 0)


def courses_of(student: Student) -> list[CourseLine]:
    """Sections of ``student`` today, core sections first; two queries, one with a row for each grade and teacher."""
    found: dict[int, CourseLine] = {}
    for row in prepared_rows(_enrollments, student.pk, student.school.today()):
        section = row.section
        line = found.setdefault(section.pk, CourseLine(section.name, section.course, section.is_core))
        if row.as_of:
            url = value_address(student.uuid, "grade", section.pk, row.as_of)
            grade = CourseGradeLine(row.as_of, row.percent, row.letter, url, row.missing)
            if grade not in line.grades:
                line.grades.append(grade)
        if row.last_name is not None:
            teacher = User(first_name=row.first_name, last_name=row.last_name).short_name
            if teacher not in line.teachers:
                line.teachers.append(teacher)
    for work in prepared_rows(_missing, student.pk):
        if work.section_id in found:
            found[work.section_id].missing.append(work)
    return list(found.values())


def _missing(student_id: int) -> QuerySet[Any]:
    rows = MissingWork.objects.filter(enrollment__student=student_id, handed_in_on=None)
    return rows.annotate(section_id=F("enrollment__section")).order_by("due_on", "pk")


def _enrollments(student_id: int, today: dt.date) -> QuerySet[Any]:
    path = "section__teacher_links"
    begun = Q(**{f"{path}__starts_on": None}) | Q(**{f"{path}__starts_on__lte": today})
    not_ended = Q(**{f"{path}__ends_on": None}) | Q(**{f"{path}__ends_on__gte": today})
    return (
        Enrollment.objects.on(today)
        .filter(student=student_id)
        .annotate(teaching=FilteredRelation(path, condition=begun & not_ended))
        .select_related("section")
        .annotate(
            first_name=F("teaching__staff__user__first_name"),
            last_name=F("teaching__staff__user__last_name"),
            as_of=F("grades__as_of"),
            percent=F("grades__percent"),
            letter=F("grades__letter"),
            missing=F("grades__missing"),
        )
        .order_by(
            "-section__is_core", "section__name", "section", "as_of", "-teaching__is_lead", "teaching__pk"
        )
    )
