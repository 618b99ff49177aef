"""How much work a student has not handed in: what the newest file says of a section, else what its teachers noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from datareview.records.models import CourseGrade, Enrollment
from datareview.sections.models import MissingWork

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from datareview.records.models import Student


def with_missing_work(students: QuerySet[Student], today: dt.date) -> QuerySet[Any]:
    """``students`` with ``missing_work``: pieces not handed in, in the sections of today."""
    here = Enrollment.objects.on(today).values("pk")
    counted = CourseGrade.objects.filter(enrollment__in=here, missing__isnull=False)
    newer = counted.filter(enrollment=OuterRef("enrollment"), as_of__gt=OuterRef("as_of"))
    newest = counted.filter(~Exists(newer))
    noted = MissingWork.objects.filter(enrollment__in=here, handed_in_on=None)
    noted = noted.filter(~Exists(counted.filter(enrollment=OuterRef("enrollment"))))
    total = _of_student(newest, Sum("missing")) + _of_student(noted, Count("pk"))
    return students.annotate(missing_work=total)


def missing_work_of(students: QuerySet[Student], today: dt.date) -> dict[int, int]:
    """Map ids of ``students`` with missing work to how much; one query."""
    rows = with_missing_work(students, today).filter(missing_work__gt=0)
    return dict(rows.order_by().values_list("pk", "missing_work"))


def _of_student(rows: QuerySet[Any], figure: Any) -> Coalesce:
    mine = rows.filter(enrollment__student=OuterRef("pk")).order_by()
    summed = mine.values(student=F("enrollment__student")).annotate(total=figure).values("total")
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))
