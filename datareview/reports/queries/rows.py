"""Trends of a cohort as rows of numbers, and the levels of the two scores that the report compares."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from datareview.figures.queries.levels import level_of
from datareview.records.models import Measure, Score, Student
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.records.queries.windows import school_windows
from datareview.trends.columns import read_columns
from datareview.trends.models import Trend
from datareview.trends.queries.trends import ENOUGH_SCORES, ENOUGH_WEEKS
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from datareview.records.models import Benchmark
    from teams.directory.models import School

    Grades = Mapping[int, int | None]
    Measures = Mapping[int, Measure]

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
)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A trend (`TREND` are its columns), and the last score before the report's period.

    ``then`` is that score and ``then_on`` its day; both None without one.
    """

    then: float | None
    then_on: dt.date | None
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


@dataclass(frozen=True, slots=True)
class LevelPair:
    """The levels of ``then`` and ``last_value`` of a row, each by the benchmark of its own window."""

    row: TrendRow
    before: int
    after: int

    @property
    def is_move(self) -> bool:
        """Whether the levels differ."""
        return self.after != self.before

    @property
    def is_up(self) -> bool:
        """Whether the level is higher now."""
        return self.after > self.before


def rows_of(school: School, students: Grades, since: dt.date) -> list[TrendRow]:
    """Trends of the students with the last score of this school year up to ``since``; two queries."""
    own = many_ids(students)
    then = _last_scores(Score.objects.filter(student__in=own), school, since)
    rows = Trend.objects.filter(student__in=own).order_by("measure", "student").values_list(*TREND)
    return [TrendRow(*then.get((row[0], row[1]), (None, None)), *row) for row in rows]


def level_pairs(
    rows: list[TrendRow], measures: Measures, students: Grades, school: School
) -> list[LevelPair]:
    """Pairs of the rows with an earlier and a later score that both have a level, lowest level now first."""
    both = [row for row in rows if row.then_on and row.last_on and row.then_on < row.last_on]
    windows = school_windows(school.pk)
    benchmarks = benchmarks_of({row.measure_id for row in both})
    cuts: dict[tuple[int, int | None, str], Benchmark] = {
        (one.measure_id, one.grade, one.window): one for one in benchmarks
    }

    key_on = cache(windows.key_on)  # few days, many scores

    def level(row: TrendRow, value: float | None, day: dt.date | None) -> int | None:
        if value is None or day is None:
            return None
        found = cuts.get((row.measure_id, students[row.student_id], key_on(day)))
        return level_of(value, found, higher_is_better=measures[row.measure_id].higher_is_better)

    levels = [
        (row, level(row, row.then, row.then_on), level(row, row.last_value, row.last_on)) for row in both
    ]
    pairs = [
        LevelPair(row, before, after)
        for row, before, after in levels
        if before is not None and after is not None
    ]
    return sorted(pairs, key=lambda pair: pair.after)


def grade_scores(
    pairs: list[LevelPair], students: Grades, school: School, since: dt.date
) -> dict[tuple[int, int | None], list[tuple[float, float]]]:
    """Map the measures and grades of ``pairs`` to scores up to ``since`` and later ones, of all enrolled who have both.

    Two queries.
    """
    measures = {pair.row.measure_id for pair in pairs}
    grades = {grade for pair in pairs if (grade := students[pair.row.student_id]) is not None}
    enrolled = Student.objects.filter(school=school, grade__in=grades, status=Student.Status.ACTIVE).values(
        "pk"
    )
    scores = Score.objects.filter(student__in=enrolled, measure__in=measures)
    then = _last_scores(scores, school, since)
    now = Trend.objects.filter(student__in=enrolled, measure__in=measures, last_on__gt=since)
    found: dict[tuple[int, int | None], list[tuple[float, float]]] = defaultdict(list)
    for student, measure, grade, value in now.order_by("pk").values_list(
        "student_id", "measure_id", "student__grade", "last_value"
    ):
        if value is not None and (student, measure) in then:
            found[measure, grade].append((then[student, measure][0], value))
    return found


def _last_scores(
    scores: QuerySet[Score], school: School, until: dt.date
) -> dict[tuple[int, int], tuple[float, dt.date]]:
    """Map students' and measures' ids to the last of ``scores`` of this school year up to ``until``, and its day."""
    past = scores.filter(taken_on__range=(school.year_start(), until))
    names = ("student_id", "measure_id", "value", "taken_on", "id")
    student, measure, value, taken_on, pk = read_columns(past, *names).values()
    order = np.lexsort((pk, taken_on))
    days = {one: dt.date.fromordinal(int(one)) for one in set(taken_on.tolist())}
    columns = (student.astype(int), measure.astype(int), value, taken_on)
    fields = zip(*(column[order].tolist() for column in columns), strict=True)
    return {(who, what): (score, days[day]) for who, what, score, day in fields}
