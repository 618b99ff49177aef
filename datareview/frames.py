"""The only place where rows become frames.

Days are ordinals (``date.toordinal``) throughout, as in the kernel. Nothing dated after the day asked for is
read: what a run as of that day may know.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.models import AttendanceDay, Benchmark, CourseGrade, Incident, Measure, Score, Student

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.db.models import QuerySet

    from datareview.models import TrendScope
    from teams.models import School

ABSENT_DAYS = {"present": 0.0, "tardy": 0.0, "excused": 1.0, "unexcused": 1.0, "partial": 0.5}
DATED = ("scores", "attendance", "incidents", "grades")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the enrolled students of one scope, as columns, from the year's start to ``until``.

    ``students``: student_id. ``scores``: student_id, measure_id, day, value, of entered measures and, week by
    week, of derived ones. ``attendance``: student_id, day,
    absent (days: 0, 0.5 or 1). ``incidents``: student_id, day, severity, consequence. ``grades``: student_id,
    section_id, section, is_core, day, percent. ``measures``: measure_id, derived_from, higher_is_better, sem,
    scale_min, scale_max. ``cuts``: measure_id, window, below, at, above, growth_per_week, of the scope's grade.
    """

    until: int
    students: pd.DataFrame
    scores: pd.DataFrame
    attendance: pd.DataFrame
    incidents: pd.DataFrame
    grades: pd.DataFrame
    measures: pd.DataFrame
    cuts: pd.DataFrame

    def as_of(self, day: int) -> Known:
        """The same as it was known on an earlier day."""
        past = {name: getattr(self, name) for name in DATED}
        return replace(self, until=day, **{name: frame[frame["day"] <= day] for name, frame in past.items()})

    def fingerprint(self, *settings: str) -> str:
        """A hash of every value and of ``settings``: equal only where the same would be computed."""
        digest = hashlib.blake2b(digest_size=32)
        for text in settings:
            digest.update(text.encode() + b"\0")
        for name in ("students", *DATED, "measures", "cuts"):
            frame: pd.DataFrame = getattr(self, name)
            digest.update(name.encode() + len(frame).to_bytes(8))
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()


def read_scope(scope: TrendScope, since: dt.date, until: dt.date) -> Known:
    """Everything that is known of ``scope`` from ``since`` to ``until``, both included; seven queries."""
    days = (since, until)
    measures = _measures(scope.school)
    attendance, incidents = _attendance(scope, days), _incidents(scope, days)
    weekly = _weekly_scores(attendance, incidents, measures, until.toordinal())
    return Known(
        until=until.toordinal(),
        students=_frame(_enrolled(scope).order_by("pk"), student_id="pk"),
        scores=pd.concat([_scores(scope, days), *weekly], ignore_index=True),
        attendance=attendance,
        incidents=incidents,
        grades=_grades(scope, days),
        measures=measures,
        cuts=_cuts(scope),
    )


def _weekly_scores(
    attendance: pd.DataFrame, incidents: pd.DataFrame, measures: pd.DataFrame, until: int
) -> list[pd.DataFrame]:
    """The derived measures as scores, one a whole week and student, dated on the week's Friday.

    Attendance is the share of marked days present, 0 to 100; incidents are a count over the weeks in which
    the student was marked at all. A week that is not over yet is left out.
    """
    derived = measures[measures["derived_from"] != ""]
    if derived.empty or attendance.empty:
        return []
    days = attendance.assign(day=_friday(attendance["day"]))
    weeks = days[days["day"] <= until].groupby(["student_id", "day"])["absent"].agg(["size", "sum"])
    counts = incidents.assign(day=_friday(incidents["day"])).groupby(["student_id", "day"]).size()
    values = {
        "attendance": 100.0 * (1.0 - weeks["sum"] / weeks["size"]),
        "incidents": counts.reindex(weeks.index).fillna(0.0).astype(float),
    }
    keys = weeks.index.to_frame(index=False)
    return [
        keys.assign(measure_id=pk, value=values[source].to_numpy())[
            ["student_id", "measure_id", "day", "value"]
        ]
        for pk, source in zip(derived["measure_id"], derived["derived_from"], strict=True)
    ]


def _friday(days: pd.Series) -> pd.Series:
    return days + 4 - (days + 6) % 7  # ordinal 1 was a Monday


def _enrolled(scope: TrendScope) -> QuerySet[Student]:
    return Student.objects.filter(school=scope.school_id, grade=scope.grade, status=Student.Status.ACTIVE)


def _scores(scope: TrendScope, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = Score.objects.filter(student__in=_enrolled(scope), taken_on__range=days)
    rows = rows.order_by("student_id", "measure_id", "taken_on", "pk")
    return _frame(rows, student_id="student_id", measure_id="measure_id", day="taken_on", value="value")


def _attendance(scope: TrendScope, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = AttendanceDay.objects.filter(student__in=_enrolled(scope), day__range=days)
    frame = _frame(rows.order_by("student_id", "day"), student_id="student_id", day="day", mark="mark")
    return frame.assign(absent=frame["mark"].map(ABSENT_DAYS).astype(float)).drop(columns="mark")


def _incidents(scope: TrendScope, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = Incident.objects.filter(student__in=_enrolled(scope), day__range=days)
    return _frame(
        rows.order_by("student_id", "day", "pk"),
        student_id="student_id",
        day="day",
        severity="severity",
        consequence="consequence",
    )


def _grades(scope: TrendScope, days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = CourseGrade.objects.filter(enrollment__student__in=_enrolled(scope), as_of__range=days)
    frame = _frame(
        rows.order_by("enrollment__student_id", "enrollment__section_id", "as_of"),
        student_id="enrollment__student_id",
        section_id="enrollment__section_id",
        section="enrollment__section__name",
        is_core="enrollment__section__is_core",
        day="as_of",
        percent="percent",
    )
    return frame.assign(percent=frame["percent"].astype(float), is_core=frame["is_core"].astype(bool))


def _measures(school: School) -> pd.DataFrame:
    names = ("derived_from", "higher_is_better", "sem", "scale_min", "scale_max")
    rows = Measure.objects.filter(school=school).order_by("pk")
    frame = _frame(rows, measure_id="pk", **{name: name for name in names})
    return frame.assign(sem=frame["sem"].astype(float))


def _cuts(scope: TrendScope) -> pd.DataFrame:
    names = ("measure_id", "window", "below", "at", "above", "growth_per_week")
    grades = [] if scope.grade is None else [scope.grade]
    rows = Benchmark.objects.filter(measure__school=scope.school_id, grade__in=grades).order_by("pk")
    frame = _frame(rows, **{name: name for name in names})
    numbers = dict.fromkeys(("below", "at", "above", "growth_per_week"), float)
    return frame.astype(numbers)


def _frame(rows: QuerySet, **columns: str) -> pd.DataFrame:
    """One column per name, read in one query; the frame has its columns, and their kinds, even without rows."""
    data: list[tuple[Any, ...]] = list(rows.values_list(*columns.values()))
    frame = pd.DataFrame.from_records(data, columns=list(columns))
    known = {name: _KINDS[name] for name in columns if name in _KINDS}
    return frame.assign(**{name: kind(frame[name]) for name, kind in known.items()})


def _whole(values: pd.Series) -> np.ndarray:
    return values.to_numpy(np.int64)


def _ordinals(values: pd.Series) -> np.ndarray:
    return np.fromiter((day.toordinal() for day in values), np.int64, len(values))


def _number(values: pd.Series) -> np.ndarray:
    return values.to_numpy(np.float64)


_KINDS: dict[str, Callable[[pd.Series], np.ndarray]] = {
    "student_id": _whole,
    "measure_id": _whole,
    "section_id": _whole,
    "day": _ordinals,
    "value": _number,
}
