"""Each student's points in each check of a standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Cast

from datareview.records.models import AssessmentItem, ItemResponse

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from typing import Any

    from django.db.models import QuerySet

    from datareview.records.models import Student

FEWEST_ITEMS = 3  # to say whether a student is secure, as `analysis.mastery` does


def items_in(prefix: str = "") -> Sum:
    """How many items the rows of `AssessmentItem` under ``prefix`` stand for, as their ``parts``."""
    one = Case(
        When(
            **{f"{prefix}kind": AssessmentItem.Kind.TOTAL}, then=Cast(f"{prefix}max_points", IntegerField())
        ),
        default=1,
        output_field=IntegerField(),
    )
    return Sum(one)


def checks_of_standards(
    students: QuerySet[Student] | Collection[int], days: tuple[dt.date, dt.date]
) -> QuerySet[ItemResponse, Any]:
    """One row for each student, standard and assessment: ``got`` and ``possible``, oldest first.

    Only standards with at least three items that all were entered for the student.
    """
    return _checks(ItemResponse.objects.filter(student__in=students), days)


def checks_of_essentials(
    students: QuerySet[Student], days: tuple[dt.date, dt.date]
) -> QuerySet[ItemResponse, Any]:
    """As `checks_of_standards`, with the team's ``mastery``: of standards essential for the assessment's team on its day."""
    # Essential standards are of a higher area: only the relation's name refers to them.
    essential = "item__standard__essential_for"
    is_essential = Q(
        **{
            f"{essential}__team": F("item__assessment__team"),
            f"{essential}__year__starts_on__lte": F("item__assessment__given_on"),
            f"{essential}__year__ends_on__gte": F("item__assessment__given_on"),
        }
    )
    rows = ItemResponse.objects.filter(is_essential, student__in=students)
    return _checks(rows, days, mastery=Max(f"{essential}__mastery"))


def _checks(
    rows: QuerySet[ItemResponse], days: tuple[dt.date, dt.date], **more: Any
) -> QuerySet[ItemResponse, Any]:
    asked = (
        AssessmentItem.objects.filter(
            assessment=OuterRef("item__assessment"), standard=OuterRef("item__standard"), is_dropped=False
        )
        .order_by()
        .values("assessment")
        .annotate(n=items_in())
        .values("n")
    )
    return (
        rows.filter(
            item__is_dropped=False,
            item__assessment__deleted_at=None,
            item__assessment__given_on__range=days,
        )
        .values("student_id", "item__standard_id", "item__assessment_id", "item__assessment__given_on")
        .annotate(
            got=Sum("points"),
            possible=Sum("item__max_points"),
            many=items_in("item__"),
            asked=Subquery(asked),
            **more,
        )
        .filter(many__gte=FEWEST_ITEMS, many=F("asked"))
        .order_by("student_id", "item__standard_id", "item__assessment__given_on", "item__assessment_id")
    )
