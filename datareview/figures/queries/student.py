"""Charts of one student from stored data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from datareview.figures.charts.student import scores_chart
from datareview.records.absence import friday_of, group_by_week, percent_present
from datareview.records.models import AttendanceDay, Benchmark, Incident, Measure, Score
from datareview.records.windows import window_of
from datareview.trends.models import Trend
from datareview.trends.queries.trends import ENOUGH_SCORES, trend_in_words
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from datareview.records.models import Student

Points = list[tuple[dt.date, float]]


def measure_chart(student: Student, measure: Measure) -> Chart:
    """The chart of one measure over this school year, or over all years if it has no scores."""
    points = points_of(student, measure)
    trend = Trend.objects.filter(student=student, measure=measure).first()
    return chart_from(
        student, measure, points, trend, benchmark_of(student, measure), imported_at(student, measure)
    )


def attendance_chart(student: Student) -> Chart:
    """The chart of attendance by week."""
    measure = Measure.objects.filter(school=student.school, derived_from="attendance").first()
    measure = measure or Measure(
        school=student.school, name=_("Attendance"), unit="%", derived_from="attendance", scale_max=100
    )
    points = points_of(student, measure)
    trend = Trend.objects.filter(student=student, measure=measure).first() if measure.pk else None
    return chart_from(student, measure, points, trend, None, None)


def chart_from(
    student: Student,
    measure: Measure,
    points: Points,
    trend: Trend | None,
    benchmark: Benchmark | None,
    imported: dt.datetime | None,
) -> Chart:
    """The chart of points already read: its title is the finding, its source has the date."""
    sentence = trend_in_words(trend, measure) if points else _("No scores yet.")
    title, source = str(measure), ""
    if points:
        day, value = points[-1]
        last = {
            "measure": measure,
            "value": formats.number(value, 1),
            "day": formats.short_day(day),
            "n": len(points),
        }
        title = _("%(measure)s: %(value)s on %(day)s") % last
        source = _("%(n)d values, data to %(day)s.") % last
    if imported:
        source += " " + _("Imported %(at)s.") % {"at": formats.moment(imported)}
    return scores_chart(
        measure,
        points,
        title=title,
        sentence=sentence,
        source=source,
        benchmark=benchmark,
        line=fitted_line(trend),
    )


def fitted_line(trend: Trend | None) -> Points:
    """The two ends of the trend's line, or none if there are too few scores."""
    if trend is None or trend.slope is None or trend.level is None or trend.n < ENOUGH_SCORES:
        return []
    if trend.first_on is None or trend.last_on is None:
        return []
    weeks = (trend.last_on - trend.first_on).days / 7
    return [(trend.first_on, trend.level - trend.slope * weeks), (trend.last_on, trend.level)]


def points_of(student: Student, measure: Measure) -> Points:
    """(day, value) of this school year; derived measures by week."""
    since = student.school.year_start()
    if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
        return attendance_by_week(student, since)
    if measure.derived_from == Measure.DerivedFrom.INCIDENTS:
        return incidents_by_week(student, since)
    rows = Score.objects.filter(student=student, measure=measure).order_by("taken_on", "pk")
    found = list(rows.values_list("taken_on", "value"))
    recent = [row for row in found if row[0] >= since]
    return recent or found


def attendance_by_week(student: Student, since: dt.date) -> Points:
    """Percentage of marked days present, dated on Fridays; complete weeks only."""
    rows = AttendanceDay.objects.filter(student=student, day__gte=since).order_by("day")
    weeks = group_by_week(rows.values_list("student_id", "day", "mark"), student.school.today())
    return percent_present(weeks.get(student.pk, {}))


def incidents_by_week(student: Student, since: dt.date) -> Points:
    """Incidents per week, for weeks in which the student has an attendance mark."""
    days = AttendanceDay.objects.filter(student=student, day__gte=since).order_by("day")
    weeks = dict.fromkeys((friday_of(day) for day in days.values_list("day", flat=True)), 0.0)
    for day in Incident.objects.filter(student=student, day__gte=since).values_list("day", flat=True):
        weeks[friday_of(day)] = weeks.get(friday_of(day), 0.0) + 1
    today = student.school.today()
    return sorted((week, many) for week, many in weeks.items() if week <= today)


def benchmark_of(student: Student, measure: Measure) -> Benchmark | None:
    """The benchmark of the student's grade in the current window."""
    if student.grade is None:
        return None
    window = window_of(student.school.today())
    return Benchmark.objects.filter(measure=measure, grade=student.grade, window=window).first()


def imported_at(student: Student, measure: Measure) -> dt.datetime | None:
    """The time at which the newest of the student's scores on the measure was recorded."""
    rows = Score.objects.filter(student=student, measure=measure)
    found: dt.datetime | None = rows.aggregate(last=Max("recorded_at"))["last"]
    return found
