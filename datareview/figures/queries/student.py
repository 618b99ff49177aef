"""Charts of one student from stored data."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from datareview.figures.charts.student import scores_chart
from datareview.records.absence import friday_of, group_by_week, percent_present
from datareview.records.models import Measure, Score, Student
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.records.queries.of_student import attendance_of, incidents_of, records_incidents
from datareview.records.queries.windows import school_windows
from datareview.records.values import point_addresses
from datareview.standard_measures.queries import points_of_checks
from datareview.trends.models import Trend
from datareview.trends.queries.trends import ENOUGH_SCORES, trend_in_words
from teams.access.prepared import prepared_rows
from teams.lib import formats
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from datareview.records.models import Benchmark

Points = list[tuple["dt.date", float]]


@dataclass(frozen=True, slots=True)
class MeasureSeries:
    """What the chart of one measure of a student is drawn from.

    ``points`` are of this school year, or of all years if it has none; those of derived measures are by week.
    ``all_points`` are of all years. ``student`` is the student's public id.
    ``benchmark`` is that of the student's grade in the window of the newest value, and
    ``benchmarks`` has those of all windows by key. ``recorded`` is when the score that was recorded last was, and
    ``is_imported`` whether a file brought it.
    """

    measure: Measure
    points: Points
    student: UUID
    trend: Trend | None = None
    benchmark: Benchmark | None = None
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)
    all_points: Points = field(default_factory=list)
    recorded: dt.datetime | None = None
    is_imported: bool = False


def measure_chart(student: Student, measure: Measure) -> Chart:
    """The chart of one measure over this school year, or over all years if it has no scores."""
    (series,) = series_of(student, [measure])
    return chart_from(series)


def attendance_chart(student: Student) -> Chart:
    """The chart of attendance by week."""
    (series,) = series_of(student, [attendance_measure(student)])
    return attendance_chart_from(series)


def attendance_measure(student: Student) -> Measure:
    """The measure that the student's school derives from attendance, or an unsaved one."""
    derived = Measure.DerivedFrom.ATTENDANCE
    stored = (one for one in measures_for(student) if one.derived_from == derived)
    return next(stored, None) or Measure(
        school=student.school, name=_("Attendance"), unit="%", derived_from=derived, scale_max=100
    )


def attendance_chart_from(series: MeasureSeries) -> Chart:
    """The chart of a series of `attendance_measure`, without benchmark."""
    return chart_from(replace(series, benchmark=None, recorded=None))


@read_once(Measure, Trend, Score, Student)
def measures_for(student: Student) -> list[Any]:
    """Measures of the student's school, by domain and name, with what is known of the student on each; one query.

    Each says whether the student ``is_scored`` on it. The attribute ``trend``, the student's, is there only where one
    is stored.
    """
    return prepared_rows(_measures, student.pk, student.school_id)


def _measures(student_id: int, school_id: int) -> QuerySet[Any]:
    return (
        Measure.objects.filter(school=school_id)
        .annotate(
            trend=FilteredRelation("trends", condition=Q(trends__student=student_id)),
            is_scored=Exists(Score.objects.filter(student=student_id, measure=OuterRef("pk"))),
        )
        .select_related("trend")  # type: ignore[misc]
    )


def series_of(student: Student, measures: Sequence[Measure]) -> list[MeasureSeries]:
    """The series of each of ``measures``, in one query for each kind of row."""
    stored = [measure.pk for measure in measures if measure.pk]
    known = {one.pk: one for one in measures_for(student)} if stored else {}
    scores = defaultdict(list)
    last: dict[int, tuple[dt.datetime, str]] = {}
    for measure_id, day, value, recorded, source in prepared_rows(_scores, student.pk, stored):
        scores[measure_id].append((day, value))
        last[measure_id] = max(last.get(measure_id, (recorded, "")), (recorded, source))
    points = _points_by_measure(student, measures, scores)
    benchmarks = _benchmarks_of(student, [one.pk for one, part in zip(measures, points, strict=True) if part])
    windows = school_windows(student.school_id) if benchmarks else None
    return [
        MeasureSeries(
            measure=measure,
            points=points[place],
            student=student.uuid,
            trend=getattr(known.get(measure.pk), "trend", None),
            # A score is judged by the benchmark of its own window, here as in lists and reports.
            benchmark=benchmarks[measure.pk].get(windows.key_on(points[place][-1][0]))
            if windows and measure.pk in benchmarks
            else None,
            benchmarks=benchmarks.get(measure.pk, {}),
            all_points=scores[measure.pk],
            recorded=last[measure.pk][0] if measure.pk in last else None,
            is_imported=measure.pk in last and last[measure.pk][1] != Score.BY_HAND,
        )
        for place, measure in enumerate(measures)
    ]


def _benchmarks_of(student: Student, measures: Sequence[int]) -> dict[int, dict[str, Benchmark]]:
    """By measure and key of a window, the benchmarks of the student's grade."""
    found: dict[int, dict[str, Benchmark]] = {}
    if student.grade is None or not measures:
        return found
    for row in benchmarks_of(measures, student.grade):
        found.setdefault(row.measure_id, {})[row.window] = row
    return found


def _scores(student_id: int, measures: list[int]) -> QuerySet[Score, Any]:
    rows = Score.objects.filter(student=student_id, measure__in=measures).order_by("taken_on", "pk")
    return rows.values_list("measure_id", "taken_on", "value", "recorded_at", "source")


def chart_from(series: MeasureSeries) -> Chart:
    """The chart of a series: its title is the finding, its source has the date."""
    measure, points = series.measure, series.points
    sentence = trend_in_words(series.trend, measure) if points else _("No scores yet.")
    title, source = str(measure), ""
    if points:
        day, value = points[-1]
        last = {
            "measure": measure,
            "value": formats.number(value, measure.decimals),
            "share": formats.percent(value, measure.decimals),
            "day": formats.short_day(day),
            "n": len(points),
        }
        title = _title(measure) % last
        source = _("%(n)d values, data to %(day)s.") % last
    if series.recorded:
        words = _("Imported %(at)s.") if series.is_imported else _("Entered by hand %(at)s.")
        source += " " + words % {"at": formats.moment(series.recorded)}
    return scores_chart(
        measure,
        points,
        title=title,
        sentence=sentence,
        source=source,
        benchmark=series.benchmark,
        line=fitted_line(series.trend),
        links=point_addresses(series.student, measure, [day for day, _value in points]),
    )


def _title(measure: Measure) -> str:
    """What the last point says; attendance and incidents are those of a week."""
    if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
        return _("%(measure)s: present on %(share)s of days in the week to %(day)s")
    if measure.derived_from == Measure.DerivedFrom.INCIDENTS:
        return _("%(measure)s: %(value)s in the week to %(day)s")
    return _("%(measure)s: %(value)s on %(day)s")


def fitted_line(trend: Trend | None) -> Points:
    """The two ends of the trend's line, or none if there are too few scores."""
    if trend is None or trend.slope is None or trend.level is None or trend.n < ENOUGH_SCORES:
        return []
    if trend.first_on is None or trend.last_on is None:
        return []
    weeks = (trend.last_on - trend.first_on).days / 7
    return [(trend.first_on, trend.level - trend.slope * weeks), (trend.last_on, trend.level)]


def _points_by_measure(
    student: Student,
    measures: Sequence[Measure],
    scores: Mapping[int, Points],
) -> list[Points]:
    """Points of each of ``measures``: from ``scores`` by measure, or derived from attendance and incidents."""
    since, today = student.school.year_start(), student.school.today()
    found = []
    for measure in measures:
        if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
            marks = [(student.pk, day, mark) for day, mark in attendance_of(student)]
            found.append(percent_present(group_by_week(marks, today).get(student.pk, {})))
        elif measure.derived_from == Measure.DerivedFrom.INCIDENTS:
            incidents = [one.day for one in incidents_of(student)]
            known = attendance_of(student) if incidents or records_incidents({student.school_id}) else []
            found.append(_incidents_by_week([day for day, _mark in known], incidents, today))
        elif measure.standard_id:
            checks = points_of_checks({student.pk}, {measure.standard_id}, since, today)
            found.append(checks.get((student.pk, measure.standard_id), []))
        else:
            points = scores[measure.pk]
            found.append([point for point in points if point[0] >= since] or points)
    return found


def _incidents_by_week(marked: Iterable[dt.date], incidents: Iterable[dt.date], today: dt.date) -> Points:
    """Incidents per week, for weeks in which the student has an attendance mark."""
    weeks = dict.fromkeys(map(friday_of, marked), 0.0)
    for day in incidents:
        weeks[friday_of(day)] = weeks.get(friday_of(day), 0.0) + 1
    return sorted((week, many) for week, many in weeks.items() if week <= today)
