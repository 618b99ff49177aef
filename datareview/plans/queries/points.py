"""Values on a plan's measure: scores, a standard's checks, or a derived measure by week; in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from datareview.records.absence import friday_of
from datareview.records.models import AttendanceDay, Incident, Measure, Score
from datareview.standard_measures.queries import points_of_checks
from datareview.trends.queries.weeks import percent_by_week

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from datareview.figures.queries.student import Points
    from datareview.plans.models import Plan

BEFORE = dt.timedelta(weeks=3)
CHECKS = Measure.DerivedFrom.CHECKS


def points_of_plans(plans: Sequence[Plan], until: dt.date) -> dict[int, Points]:
    """Map plan ids to (day, value) from three weeks before the baseline to ``until`` or the plan's end, in order."""
    if not plans:
        return {}
    since = min(_begin(plan) for plan in plans)
    students = {plan.student_id for plan in plans}
    measures = {plan.measure.derived_from for plan in plans}
    found = _scores(plans, since, until)
    standards = {pk for plan in plans if (pk := plan.measure.standard_id)}
    checks = points_of_checks(students, standards, since, until) if standards else {}
    weeks = _weeks(students, since, until) if measures - {"", CHECKS} else {}
    incidents = _incidents(students, since, until) if Measure.DerivedFrom.INCIDENTS in measures else {}
    return {
        plan.pk: points_from(
            checks.get((plan.student_id, plan.measure.standard_id), [])
            if plan.measure.standard_id
            else _series(plan, found, weeks, incidents),
            plan,
            until,
        )
        for plan in plans
    }


def points_from(points: Points, plan: Plan, until: dt.date) -> Points:
    """Those of ``points``, all of the student's on the plan's measure, by which ``plan`` is judged on day ``until``."""
    return [point for point in points if _begin(plan) <= point[0] <= (plan.ended_on or until)]


def recent_points(student_id: int, measure: Measure, since: dt.date, until: dt.date) -> Points:
    """(day, value) of one student from ``since`` to ``until``."""
    return recent_points_of({student_id}, measure, since, until)[student_id]


def recent_points_of(
    students: Collection[int], measure: Measure, since: dt.date, until: dt.date
) -> dict[int, Points]:
    """Map ids of ``students`` to their (day, value) from ``since`` to ``until``."""
    found: dict[int, Points] = {student_id: [] for student_id in students}
    if measure.standard_id:
        checks = points_of_checks(students, {measure.standard_id}, since, until)
        return found | {student: points for (student, _standard), points in checks.items()}
    if measure.derived_from:
        weeks = _weeks(students, since, until)
        if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
            return found | weeks
        counts = _incidents(students, since, until)
        return found | {
            pk: [(day, counts[pk, day]) for day, _percent in marked] for pk, marked in weeks.items()
        }
    rows = Score.objects.filter(student__in=students, measure=measure, taken_on__range=(since, until))
    for student_id, day, value in rows.order_by("taken_on", "pk").values_list(
        "student_id", "taken_on", "value"
    ):
        found[student_id].append((day, value))
    return found


def _begin(plan: Plan) -> dt.date:
    return min(plan.baseline_on, plan.starts_on) - BEFORE


def _series(
    plan: Plan,
    scores: dict[tuple[int, int], Points],
    weeks: dict[int, Points],
    incidents: dict[tuple[int, dt.date], float],
) -> Points:
    if not plan.measure.derived_from:
        return scores.get((plan.student_id, plan.measure_id), [])
    marked = weeks.get(plan.student_id, [])
    if plan.measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
        return marked
    return [(day, incidents.get((plan.student_id, day), 0.0)) for day, _percent in marked]


def _scores(plans: Sequence[Plan], since: dt.date, until: dt.date) -> dict[tuple[int, int], Points]:
    found: dict[tuple[int, int], Points] = defaultdict(list)
    rows = Score.objects.filter(
        student__in={plan.student_id for plan in plans},
        measure__in={plan.measure_id for plan in plans},
        taken_on__range=(since, until),
    ).order_by("taken_on", "pk")
    for student_id, measure_id, day, value in rows.values_list(
        "student_id", "measure_id", "taken_on", "value"
    ):
        found[student_id, measure_id].append((day, value))
    return found


def _monday(day: dt.date) -> dt.date:
    """The Monday of the week of ``day``; weeks are always counted whole, so that all lists show the same value."""
    return day - dt.timedelta(days=day.weekday())


def _weeks(students: Collection[int], since: dt.date, until: dt.date) -> dict[int, Points]:
    """Map ids of ``students`` to the percent of days present by week, of weeks with a mark."""
    days = (_monday(since), until)
    marks = AttendanceDay.objects.that_count().filter(student__in=students, day__range=days)
    return percent_by_week(marks, until)


def _incidents(students: Collection[int], since: dt.date, until: dt.date) -> dict[tuple[int, dt.date], float]:
    found: dict[tuple[int, dt.date], float] = defaultdict(float)
    rows = Incident.objects.filter(student__in=students, day__range=(_monday(since), until))
    for student_id, day in rows.values_list("student_id", "day"):
        found[student_id, friday_of(day)] += 1
    return found
