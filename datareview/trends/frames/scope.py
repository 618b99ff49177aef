"""Convert database rows to data frames.

Days are ordinals (``date.toordinal``), as in the kernel. Nothing dated after ``until`` is read, so that a run as of
an earlier day uses only data known by then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.db.models import Case, FloatField, Value, When

from datareview.records.absence import DAYS_ABSENT, friday_of_ordinals
from datareview.records.models import AttendanceDay, Benchmark, CourseGrade, Incident, Measure, Score, Student
from datareview.records.models.measures import AT, CUTS
from datareview.records.queries.mastery import checks_of_essentials
from datareview.records.queries.of_student import records_incidents
from datareview.records.queries.windows import school_windows
from datareview.trends.columns import read_columns

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.db.models import QuerySet

    from datareview.records.windows import SchoolWindows
    from datareview.trends.models import TrendScope
    from teams.directory.models import School

ROUNDING = 1e-9
DATED = ("scores", "attendance", "incidents", "grades", "standards")


@dataclass(frozen=True, slots=True)
class ScopeData:
    """Data of the enrolled students of one scope from ``since``, the start of the year, to ``until``, as data frames.

    ``students``: student_id. ``scores``: student_id, measure_id, day, value, of entered measures and, by week, of
    derived ones. ``attendance``: student_id, day, absent (days: 0, 0.5 or 1). ``incidents``: student_id, day,
    severity, consequence. ``grades``: student_id, section_id, section, is_core, day, percent. ``standards``: student_id,
    standard_id, day, is_secure (0 or 1), one for each check of a standard that is essential for its team. ``measures``:
    measure_id, key, name, derived_from, higher_is_better, sem, scale_min, scale_max. ``cuts``: measure_id, window,
    a column for each of `CUTS`, growth_per_week, of the scope's grade; infinite where the measure has no such level.
    ``windows``: the school's benchmark windows.
    """

    since: int
    until: int
    students: pd.DataFrame
    scores: pd.DataFrame
    attendance: pd.DataFrame
    incidents: pd.DataFrame
    grades: pd.DataFrame
    standards: pd.DataFrame
    measures: pd.DataFrame
    cuts: pd.DataFrame
    windows: SchoolWindows

    def as_of(self, day: int) -> ScopeData:
        """The data as known on an earlier ``day``."""
        past = {name: getattr(self, name) for name in DATED}
        return replace(self, until=day, **{name: frame[frame["day"] <= day] for name, frame in past.items()})

    def fingerprint(self, *settings: str) -> str:
        """A hash of every value, the windows and ``settings``; equal hashes mean equal results."""
        digest = hashlib.blake2b(digest_size=32)
        for text in (*settings, repr(self.windows)):
            digest.update(text.encode() + b"\0")
        for name in ("students", *DATED, "measures", "cuts"):
            frame: pd.DataFrame = getattr(self, name)
            digest.update(name.encode() + len(frame).to_bytes(8))
            for column in frame.columns:
                values = frame[column].to_numpy()
                known = values.dtype.kind in "biuf"
                digest.update(values.tobytes() if known else "\0".join(map(str, values)).encode())
        return digest.hexdigest()


def read_scope(
    scope: TrendScope, since: dt.date, until: dt.date, students: QuerySet[Student] | None = None
) -> ScopeData:
    """Read the data of ``scope`` from ``since`` to ``until``, both included; ten queries.

    ``students`` are those of the scope at another time; None are those enrolled now.
    """
    days = (since, until)
    measures = _measures(scope.school)
    if students is None:
        students = _enrolled(scope)
    attendance, incidents = _attendance(students, days), _incidents(students, days)
    if not records_incidents({scope.school_id}):
        measures = measures[measures["derived_from"] != Measure.DerivedFrom.INCIDENTS]
    weekly = _weekly_scores(attendance, incidents, measures, until.toordinal())
    return ScopeData(
        since=since.toordinal(),
        until=until.toordinal(),
        students=_frame(students.order_by("pk"), student_id="pk"),
        scores=pd.concat([_scores(students, days), *weekly], ignore_index=True),
        attendance=attendance,
        incidents=incidents,
        grades=_grades(students, days),
        standards=_standards(students, days),
        measures=measures,
        cuts=_cuts(scope),
        windows=school_windows(scope.school_id),
    )


def _weekly_scores(
    attendance: pd.DataFrame, incidents: pd.DataFrame, measures: pd.DataFrame, until: int
) -> list[pd.DataFrame]:
    """Scores of derived measures, one per complete week and student, dated on the Friday.

    Attendance is the percentage of marked days present, from 0 to 100. Incidents are counted in weeks in which the
    student has an attendance mark. Incomplete weeks are left out.
    """
    derived = measures[measures["derived_from"] != ""]
    if derived.empty or attendance.empty:
        return []
    days = attendance.assign(day=friday_of_ordinals(attendance["day"]))
    weeks = days[days["day"] <= until].groupby(["student_id", "day"])["absent"].agg(["size", "sum"])
    counts = incidents.assign(day=friday_of_ordinals(incidents["day"])).groupby(["student_id", "day"]).size()
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


def _enrolled(scope: TrendScope) -> QuerySet[Student]:
    return Student.objects.filter(school=scope.school_id, grade=scope.grade, status=Student.Status.ACTIVE)


def _scores(students: QuerySet[Student], days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = Score.objects.filter(student__in=students, taken_on__range=days)
    found = read_columns(rows, "student_id", "measure_id", "taken_on", "value")
    student, measure, day = (
        found[name].astype(np.int64) for name in ("student_id", "measure_id", "taken_on")
    )
    order = np.lexsort((found["value"], day, measure, student))
    columns = {"student_id": student, "measure_id": measure, "day": day, "value": found["value"]}
    return pd.DataFrame({name: column[order] for name, column in columns.items()})


def _attendance(students: QuerySet[Student], days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    marks = [When(mark=mark, then=Value(absent)) for mark, absent in DAYS_ABSENT.items()]
    rows = AttendanceDay.objects.that_count().filter(student__in=students, day__range=days)
    rows = rows.annotate(absent=Case(*marks, default=None, output_field=FloatField()))
    found = read_columns(rows, "student_id", "day", "absent")
    student, day = found["student_id"].astype(np.int64), found["day"].astype(np.int64)
    order = np.lexsort((day, student))
    columns = {"student_id": student, "day": day, "absent": found["absent"]}
    return pd.DataFrame({name: column[order] for name, column in columns.items()})


def _incidents(students: QuerySet[Student], days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = Incident.objects.filter(student__in=students, day__range=days)
    return _frame(
        rows.order_by("student_id", "day", "pk"),
        student_id="student_id",
        day="day",
        severity="severity",
        consequence="consequence",
    )


def _grades(students: QuerySet[Student], days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = CourseGrade.objects.filter(enrollment__student__in=students, as_of__range=days)
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


def _standards(students: QuerySet[Student], days: tuple[dt.date, dt.date]) -> pd.DataFrame:
    rows = checks_of_essentials(students, days)
    frame = _frame(
        rows,
        student_id="student_id",
        standard_id="item__standard_id",
        day="item__assessment__given_on",
        points="got",
        possible="possible",
        mastery="mastery",
    )
    is_secure = frame["points"] >= frame["mastery"] * frame["possible"] - ROUNDING
    return frame[["student_id", "standard_id", "day"]].assign(is_secure=is_secure.astype(np.float64))


def _measures(school: School) -> pd.DataFrame:
    names = ("key", "name", "derived_from", "higher_is_better", "sem", "scale_min", "scale_max")
    rows = Measure.objects.filter(school=school).order_by("pk")
    frame = _frame(rows, measure_id="pk", **{name: name for name in names})
    return frame.assign(sem=frame["sem"].astype(float))


def _cuts(scope: TrendScope) -> pd.DataFrame:
    names = ("measure_id", "window", *CUTS, "growth_per_week")
    grades = [] if scope.grade is None else [scope.grade]
    rows = Benchmark.objects.filter(measure__school=scope.school_id, grade__in=grades).order_by("pk")
    frame = _frame(rows, **{name: name for name in names}, is_up="measure__higher_is_better")
    numbers = dict.fromkeys((*CUTS, "growth_per_week"), float)
    worst = np.where(frame["is_up"].astype(bool), -np.inf, np.inf)
    # Everyone reaches a level 2 without a level below it, and nobody a level 4 that the school does not have.
    frame = frame.astype(numbers).drop(columns="is_up")
    missing = {name: worst if level < AT else -worst for name, level in CUTS.items()}
    return frame.assign(
        **{name: frame[name].where(frame[name].notna(), one) for name, one in missing.items()}
    )


def _frame(rows: QuerySet, **columns: str) -> pd.DataFrame:
    """Read one column per name in one query. The frame has its columns and their dtypes even without rows."""
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
    "standard_id": _whole,
    "points": _number,
    "possible": _number,
    "mastery": _number,
    "day": _ordinals,
    "value": _number,
}
