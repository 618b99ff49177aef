"""Trends of a cohort as rows of the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.records.models import Measure, Score
from datareview.trends.models import Trend
from datareview.trends.queries.trends import ENOUGH_SCORES, ENOUGH_WEEKS

if TYPE_CHECKING:
    import datetime as dt

    from datareview.records.models import Student
    from datareview.records.queries.cohorts import Cohort

TREND = (
    "student_id",
    "measure_id",
    "status",
    "n",
    "first_on",
    "last_on",
    "last_value",
    "slope",
    "slope_se",
    "slope_low",
    "slope_high",
    "expected_slope",
    "benchmark_level",
)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A trend (`TREND` are its columns) with its student and measure, and the last score before the report's period."""

    student: Student
    measure: Measure
    then: float | None
    student_id: int
    measure_id: int
    status: str
    n: int
    first_on: dt.date | None
    last_on: dt.date | None
    last_value: float | None
    slope: float | None
    slope_se: float | None
    slope_low: float | None
    slope_high: float | None
    expected_slope: float | None
    benchmark_level: int | None

    @property
    def is_long_enough(self) -> bool:
        """Whether there are enough scores over enough weeks."""
        if self.first_on is None or self.last_on is None:
            return False
        return self.n >= ENOUGH_SCORES and (self.last_on - self.first_on).days >= 7 * ENOUGH_WEEKS

    @property
    def is_judged(self) -> bool:
        """Whether there is enough data for a judgement: six scores over six weeks."""
        return self.slope is not None and self.slope_se is not None and self.is_long_enough


def rows_of(cohort: Cohort, students: dict[int, Student], since: dt.date) -> list[TrendRow]:
    """Trends of the cohort with the last score of this school year up to ``since``; three queries."""
    scores = Score.objects.filter(
        student__in=cohort.students.order_by().values("pk"),
        taken_on__range=(cohort.school.year_start(), since),
    ).order_by("taken_on", "pk")
    then = {
        (student, measure): value
        for student, measure, value in scores.values_list("student_id", "measure_id", "value").iterator()
    }
    trends = Trend.objects.filter(student__in=cohort.students.order_by().values("pk"))
    rows = list(trends.order_by("measure", "student").values_list(*TREND))
    measures = Measure.objects.in_bulk({measure for _student, measure, *_rest in rows})
    return [
        TrendRow(students[row[0]], measures[row[1]], then.get((row[0], row[1])), *row)
        for row in rows
        if row[0] in students
    ]
