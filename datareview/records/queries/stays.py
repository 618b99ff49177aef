"""Who was enrolled on a day: a student's first and last days are those of the last stay, the earlier ones are rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from datareview.records.models import Stay, Student

if TYPE_CHECKING:
    from django.db.models import QuerySet

Span = tuple[dt.date | None, dt.date | None]
GONE_UNKNOWN = Q(status=Student.Status.LEFT, left_on=None)


def enrolled_on(day: dt.date) -> Q:
    """The students who were enrolled on ``day``, their last day too, as a condition.

    Without a first day, a student was always enrolled; one who left on an unknown day is left out.
    """
    begun, not_over = Q(entered_on=None) | Q(entered_on__lte=day), Q(left_on=None) | Q(left_on__gte=day)
    earlier = Stay.objects.filter(begun, student=OuterRef("pk"), left_on__gte=day)
    return (begun & not_over & ~GONE_UNKNOWN) | Q(Exists(earlier))


def stays_of(students: QuerySet[Student]) -> dict[int, list[Span]]:
    """The stays of each of ``students`` by id, each with its first and last day; two queries. Read as `enrolled_on`."""
    found: dict[int, list[Span]] = {
        pk: [(entered, left)]
        for pk, entered, left in students.exclude(GONE_UNKNOWN).values_list("pk", "entered_on", "left_on")
    }
    earlier = Stay.objects.filter(student__in=students)
    for pk, entered, left in earlier.values_list("student_id", "entered_on", "left_on"):
        found.setdefault(pk, []).append((entered, left))
    return found
