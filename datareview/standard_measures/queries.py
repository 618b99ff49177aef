"""Standards as measures of plans: which are offered, their values, and from which share one counts as mastered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef, Q

from datareview.records.models import ItemResponse, Measure, Standard, Student
from datareview.records.queries.mastery import checks_of_standards

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from uuid import UUID

    from teams.directory.models import School

USUAL_MASTERY = 0.8  # share of points, where no team has said another
WHOLE = 100.0


def measure_of_standard(standard: Standard) -> Measure:
    """The measure that stands for ``standard``: a new one that is not saved if there is none yet."""
    try:
        return standard.measure
    except Measure.DoesNotExist:
        return Measure(
            uuid=standard.uuid,
            school_id=standard.school_id,
            standard=standard,
            key=f"standard-{standard.uuid}",
            name=_name(standard),
            subject=standard.subject[:40],
            derived_from=Measure.DerivedFrom.CHECKS,
            unit="%",
            scale_max=WHOLE,
            decimals=0,
        )


def named_measure(school: School, uuid: UUID | None) -> Measure | None:
    """The school's measure in use with this public id, or that of the standard which has it."""
    if uuid is None:
        return None
    found = Measure.objects.in_use().filter(school=school, uuid=uuid).first()
    if found:
        return found
    standard = Standard.objects.filter(school=school, uuid=uuid).select_related("measure").first()
    return measure_of_standard(standard) if standard else None


def measures_of_standards(school: School, students: Collection[int]) -> list[Measure]:
    """Those of standards that ``students`` were checked on this school year, or that are essential for a team of theirs."""
    today = school.today()
    checked = ItemResponse.objects.filter(
        item__standard=OuterRef("pk"),
        student__in=list(students),
        item__is_dropped=False,
        item__assessment__deleted_at=None,
        item__assessment__given_on__range=(school.year_start(), today),
    )
    known = Student.objects.filter(pk__in=list(students)).exclude(grade=None)
    # Essential standards are of a higher area: only the relation's name refers to them.
    essential = Standard.objects.filter(
        pk=OuterRef("pk"),
        essential_for__year__starts_on__lte=today,
        essential_for__year__ends_on__gte=today,
        essential_for__team__grades__grade__in=known.values("grade"),
    )
    rows = Standard.objects.filter(
        Exists(checked) | (Exists(essential) & Q(is_retired=False)), school=school
    ).select_related("measure")
    return [measure_of_standard(one) for one in rows.order_by("framework", "code", "pk")]


def points_of_checks(
    students: Collection[int], standards: Collection[int], since: dt.date, until: dt.date
) -> dict[tuple[int, int], list[tuple[dt.date, float]]]:
    """Map students' and standards' ids to (day, percent of points) of each check, in order; one query."""
    rows = checks_of_standards(students, (since, until)).filter(item__standard__in=standards)
    sums: dict[tuple[int, int], dict[dt.date, tuple[float, float]]] = defaultdict(dict)
    for row in rows:
        of_day, day = sums[row["student_id"], row["item__standard_id"]], row["item__assessment__given_on"]
        got, possible = of_day.get(day, (0.0, 0.0))
        of_day[day] = got + row["got"], possible + row["possible"]
    return {
        key: [(day, round(WHOLE * got / possible, 1)) for day, (got, possible) in sorted(days.items())]
        for key, days in sums.items()
    }


def mastered_from(measure: Measure, today: dt.date) -> float:
    """The percentage of points from which the standard counts as mastered this school year: the highest of all teams'."""
    days = {
        "essential_for__year__starts_on__lte": today,
        "essential_for__year__ends_on__gte": today,
    }
    found = Standard.objects.filter(pk=measure.standard_id or 0, **days).aggregate(
        cut=Max("essential_for__mastery")
    )
    return WHOLE * float(found["cut"] or USUAL_MASTERY)


def _name(standard: Standard) -> str:
    words = f"{standard.code} {standard.words}".strip()
    return words if len(words) <= 120 else f"{words[:119].rstrip()}…"
