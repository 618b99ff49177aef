"""Each student's points in each check of a standard that is essential for the team of the assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, IntegerField, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Cast

from datareview.records.models import AssessmentItem, ItemResponse

if TYPE_CHECKING:
    import datetime as dt
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


def checks_of_essentials(
    students: QuerySet[Student], days: tuple[dt.date, dt.date]
) -> QuerySet[ItemResponse, Any]:
    """One row for each student, standard and assessment: ``got``, ``possible`` and the team's ``mastery``, oldest first.

    Only standards that are essential for the assessment's team in the year of its day, with at least three items that all
    were entered for the student.
    """
    asked = (
        AssessmentItem.objects.filter(
            assessment=OuterRef("item__assessment"), standard=OuterRef("item__standard"), is_dropped=False
        )
        .order_by()
        .values("assessment")
        .annotate(n=items_in())
        .values("n")
    )
    # Essential standards are of a higher area: only the relation's name refers to them.
    essential = "item__standard__essential_for"
    is_essential = Q(
        **{
            f"{essential}__team": F("item__assessment__team"),
            f"{essential}__year__starts_on__lte": F("item__assessment__given_on"),
            f"{essential}__year__ends_on__gte": F("item__assessment__given_on"),
        }
    )
    return (
        ItemResponse.objects.filter(
            is_essential,
            student__in=students,
            item__is_dropped=False,
            item__assessment__deleted_at=None,
            item__assessment__given_on__range=days,
        )
        .values("student_id", "item__standard_id", "item__assessment_id", "item__assessment__given_on")
        .annotate(
            got=Sum("points"),
            possible=Sum("item__max_points"),
            many=items_in("item__"),
            mastery=Max(f"{essential}__mastery"),
            asked=Subquery(asked),
        )
        .filter(many__gte=FEWEST_ITEMS, many=F("asked"))
        .order_by("student_id", "item__standard_id", "item__assessment__given_on", "item__assessment_id")
    )
