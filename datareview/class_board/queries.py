"""A class with what is not handed in and the last note about each student."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max

from datareview.anecdotes.permissions import anecdotes_readable_by
from datareview.class_board.permissions import classes_today
from datareview.records.models import Enrollment, Student
from datareview.records.queries.order import by_name
from datareview.sections.models import MissingWork

if TYPE_CHECKING:
    import datetime as dt

    from datareview.records.models import Section
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A student of the class: work that is missing by its day, and when somebody last wrote about them."""

    student: Student
    missing: list[MissingWork] = field(default_factory=list)
    noted_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ClassBoard:
    """The page of a class; ``classes`` are all of the user, ``came`` what was handed in after all, newest first."""

    section: Section
    classes: list[Section]
    rows: list[BoardRow]
    came: list[MissingWork]


def class_board(user: User, section: Section) -> ClassBoard:
    """The board of ``section``, which the user teaches; five queries."""
    today = section.school.today()
    seats = Enrollment.objects.on(today).filter(section=section).values("student")
    students = list(Student.objects.filter(pk__in=seats, status="active").order_by(*by_name(), "pk"))
    notes = anecdotes_readable_by(user).filter(student__in=students).order_by()
    noted = dict(notes.values_list("student").annotate(Max("seen_on")))
    work = MissingWork.objects.filter(enrollment__section=section, enrollment__student__in=students)
    missing: dict[int, list[MissingWork]] = defaultdict(list)
    came = []
    for one in work.select_related("enrollment__student").order_by("due_on", "pk"):
        if one.handed_in_on is None:
            missing[one.enrollment.student_id].append(one)
        else:
            came.append(one)
    return ClassBoard(
        section=section,
        classes=list(classes_today(user).filter(school=section.school_id)),
        rows=[BoardRow(one, missing[one.pk], noted.get(one.pk)) for one in students],
        came=sorted(came, key=lambda one: (one.handed_in_on, one.pk), reverse=True)[:12],
    )
