"""The only place where rows become frames.

Every function reads one school between two days (both included) as whole columns, and nothing dated
after ``until``: what a run as of that day may know.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from datareview.models import AttendanceDay, Benchmark, CourseGrade, Incident, Measure, Score, Student

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.models import School

ABSENT_DAYS = {"present": 0.0, "tardy": 0.0, "excused": 1.0, "unexcused": 1.0, "partial": 0.5}


def students_frame(school: School, ids: Collection[int] | None = None) -> pd.DataFrame:
    """Enrolled students: student_id, grade (missing where unknown)."""
    rows = _narrow(Student.objects.filter(school=school, status=Student.Status.ACTIVE), "pk", ids)
    return _frame(rows.order_by("pk"), student_id="pk", grade="grade")


def scores_frame(
    school: School, since: dt.date, until: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """Scores of enrolled students: student_id, measure_id, day, value."""
    rows = Score.objects.filter(
        measure__school=school, student__status=Student.Status.ACTIVE, taken_on__range=(since, until)
    )
    rows = _narrow(rows, "student_id", ids).order_by("student_id", "measure_id", "taken_on", "pk")
    return _frame(rows, student_id="student_id", measure_id="measure_id", day="taken_on", value="value")


def attendance_frame(
    school: School, since: dt.date, until: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """Marked days of enrolled students: student_id, day, mark, absent (days: 0, 0.5 or 1)."""
    rows = AttendanceDay.objects.filter(
        student__school=school, student__status=Student.Status.ACTIVE, day__range=(since, until)
    )
    rows = _narrow(rows, "student_id", ids).order_by("student_id", "day")
    frame = _frame(rows, student_id="student_id", day="day", mark="mark")
    return frame.assign(absent=frame["mark"].map(ABSENT_DAYS).astype(float))


def incidents_frame(
    school: School, since: dt.date, until: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """Incidents of enrolled students: student_id, day, severity, consequence."""
    rows = Incident.objects.filter(
        student__school=school, student__status=Student.Status.ACTIVE, day__range=(since, until)
    )
    rows = _narrow(rows, "student_id", ids).order_by("student_id", "day", "pk")
    return _frame(rows, student_id="student_id", day="day", severity="severity", consequence="consequence")


def grades_frame(
    school: School, since: dt.date, until: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """Marks of enrolled students: student_id, section_id, section, is_core, day, percent."""
    rows = CourseGrade.objects.filter(
        enrollment__section__school=school,
        enrollment__student__status=Student.Status.ACTIVE,
        as_of__range=(since, until),
    )
    rows = _narrow(rows, "enrollment__student_id", ids)
    frame = _frame(
        rows.order_by("enrollment__student_id", "enrollment__section_id", "as_of"),
        student_id="enrollment__student_id",
        section_id="enrollment__section_id",
        section="enrollment__section__name",
        is_core="enrollment__section__is_core",
        day="as_of",
        percent="percent",
    )
    return frame.assign(percent=frame["percent"].astype(float))


def benchmarks_frame(school: School) -> pd.DataFrame:
    """Cut scores: measure_id, grade, window, below, at, above, growth_per_week."""
    rows = Benchmark.objects.filter(measure__school=school).order_by("pk")
    columns = ("measure_id", "grade", "window", "below", "at", "above", "growth_per_week")
    return _frame(rows, **{name: name for name in columns})


def weekly_frame(
    school: School, since: dt.date, until: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """The derived measures as scores, one a whole week and student, dated on the week's Friday.

    Attendance is the share of marked days present, 0 to 100; incidents are a count over the weeks in which
    the student was marked at all. A week that is not over yet is left out.
    """
    days = attendance_frame(school, since, until, ids)
    days = days.assign(day=_fridays(days["day"]))
    days = days[days["day"] <= until]
    weeks = days.groupby(["student_id", "day"], as_index=False).agg(
        marked=("absent", "size"), absent=("absent", "sum")
    )
    weeks["attendance"] = 100.0 * (1.0 - weeks["absent"] / weeks["marked"])
    incidents = incidents_frame(school, since, until, ids)
    counts = incidents.assign(day=_fridays(incidents["day"])).groupby(["student_id", "day"]).size()
    weeks = weeks.join(counts.rename("incidents"), on=["student_id", "day"])
    weeks["incidents"] = weeks["incidents"].fillna(0.0).astype(float)
    derived = Measure.objects.filter(school=school).exclude(derived_from="")
    parts = [
        weeks[["student_id", "day"]].assign(measure_id=pk, value=weeks[source])
        for pk, source in derived.order_by("pk").values_list("pk", "derived_from")
    ]
    columns = ["student_id", "measure_id", "day", "value"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _fridays(days: pd.Series) -> list[dt.date]:
    return [day + dt.timedelta(days=4 - day.weekday()) for day in days]


def _narrow(rows: QuerySet, field: str, ids: Collection[int] | None) -> QuerySet:
    return rows if ids is None else rows.filter(**{f"{field}__in": list(ids)})


def _frame(rows: QuerySet, **columns: str) -> pd.DataFrame:
    """One column per name, read in one query; the frame has its columns even without rows."""
    data: list[tuple[Any, ...]] = list(rows.values_list(*columns.values()))
    return pd.DataFrame.from_records(data, columns=list(columns))
