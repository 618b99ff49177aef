"""Charts of one student: where the newest score is from, and what is not known."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.figures.queries.student import measure_chart, measures_for, series_of
from datareview.records.models import AttendanceDay, Benchmark, Incident, Measure, Score
from datareview.records.queries.windows import school_windows
from datareview.trends.frames.scope import read_scope
from datareview.trends.models import Trend, TrendScope
from teams.lib import clock, formats
from tests.factories.windows import let_winter_begin_today


@pytest.mark.parametrize(
    ("newest", "words"), [("import", "Imported Tue, Dec 1"), (Score.BY_HAND, "Entered by hand Tue, Dec 1")]
)
def test_the_source_of_a_chart_says_how_the_score_recorded_last_came(cast, newest, words):
    now = dt.datetime(2026, 12, 1, 9, 0, tzinfo=cast.school.tz)
    other = {"import": Score.BY_HAND, Score.BY_HAND: "import"}[newest]
    Score.objects.filter(student=cast.maya).update(source=other, recorded_at=now - dt.timedelta(days=1))
    first = Score.objects.filter(student=cast.maya).earliest("taken_on")
    Score.objects.filter(pk=first.pk).update(source=newest, recorded_at=now)
    assert words in measure_chart(cast.maya, cast.fluency).source


@pytest.fixture
def incidents(cast):
    """A measure of incidents, and four whole weeks of attendance of Maya."""
    Incident.objects.all().delete()
    monday = cast.school.today() - dt.timedelta(days=cast.school.today().weekday(), weeks=4)
    cast.maya.attendance.all().delete()
    AttendanceDay.objects.bulk_create(
        AttendanceDay(student=cast.maya, day=monday + dt.timedelta(weeks=week, days=day), mark="present")
        for week in range(4)
        for day in range(5)
    )
    return Measure.objects.create(
        school=cast.school, key="incidents", name="Incidents", domain="behavior", derived_from="incidents"
    )


def weekly(cast, measure):
    scope = TrendScope.objects.get_or_create(school=cast.school, grade=cast.maya.grade)[0]
    today = cast.school.today()
    scores = read_scope(scope, today - dt.timedelta(weeks=8), today).scores
    return scores[(scores["student_id"] == cast.maya.pk) & (scores["measure_id"] == measure.pk)][
        "value"
    ].tolist()


def test_where_no_incident_was_ever_recorded_their_number_is_not_known(cast, incidents):
    """Nothing loaded is not the same as nothing happened."""
    (series,) = series_of(cast.maya, [incidents])
    assert (series.points, weekly(cast, incidents)) == ([], [])
    Incident.objects.create(student=cast.jonas, day=cast.school.today(), kind="Fight")
    (series,) = series_of(cast.maya, [incidents])
    assert ([value for _day, value in series.points], weekly(cast, incidents)) == ([0.0] * 4, [0.0] * 4)


def test_a_measure_comes_with_the_students_own_trend_and_the_benchmark_of_their_grade_then(cast):
    """Neither another student's trend, nor another grade's or window's benchmark, nor another school's measure."""
    today = cast.school.today()
    window = school_windows(cast.school.pk).key_on(cast.maya.scores.latest("taken_on").taken_on)
    Trend.objects.all().delete()
    Benchmark.objects.all().delete()
    own, _other = (
        Trend.objects.create(
            student=student, measure=cast.fluency, status="ok", n=7, as_of=today, computed_at=clock.now()
        )
        for student in (cast.maya, cast.jonas)
    )
    at = {"measure": cast.fluency, "at": 70.0}
    wanted = Benchmark.objects.create(**at, grade=cast.maya.grade, window=window)
    Benchmark.objects.create(**at, grade=cast.maya.grade + 1, window=window)
    Benchmark.objects.create(**at, grade=cast.maya.grade, window="another")
    unknown = Measure.objects.create(school=cast.school, key="unknown", name="Unknown")
    Measure.objects.create(school=cast.other_school, key="theirs", name="Theirs")
    rows = measures_for(cast.maya)
    assert sorted(one.pk for one in rows) == sorted(cast.school.measures.values_list("pk", flat=True))
    found = {one.measure: (one.trend, one.benchmark) for one in series_of(cast.maya, rows)}
    assert found[cast.fluency] == (own, wanted)
    assert found[unknown] == (None, None)
    assert {one for one in rows if one.is_scored} == {cast.fluency}


def test_a_score_is_judged_by_the_benchmark_of_its_own_window(cast):
    """Scored in fall and looked at in winter: the level is that of fall, as in lists and reports."""
    let_winter_begin_today(cast)
    Benchmark.objects.filter(measure=cast.fluency).delete()
    for window, at in (("fall", 60), ("winter", 90)):
        Benchmark.objects.create(
            measure=cast.fluency, grade=cast.maya.grade, window=window, below=at - 20, at=at, above=at + 20
        )
    cast.maya.scores.all().delete()
    Score.objects.create(
        student=cast.maya,
        measure=cast.fluency,
        taken_on=cast.school.today() - dt.timedelta(days=30),
        value=70,
    )
    (series,) = series_of(cast.maya, [cast.fluency])
    assert series.benchmark.at == 60


@pytest.mark.parametrize(("ends", "shown"), [((1, 5), (1.0, 5.0)), ((0, 10), (0.0, 10.0)), ((0, 11), None)])
def test_a_short_scale_is_drawn_whole(cast, ends, shown):
    Measure.objects.filter(pk=cast.fluency.pk).update(scale_min=ends[0], scale_max=ends[1])
    cast.fluency.refresh_from_db()
    assert measure_chart(cast.maya, cast.fluency).y_range == shown


def test_the_title_of_a_weekly_chart_names_the_week(cast, incidents):
    attendance = Measure.objects.create(
        school=cast.school, key="days", name="Attendance", domain="attendance", derived_from="attendance"
    )
    days = cast.maya.attendance.order_by("-day")
    AttendanceDay.objects.filter(pk__in=[one.pk for one in days[:2]]).update(mark="unexcused")
    friday = formats.short_day(max(one.day for one in days))
    Incident.objects.create(student=cast.maya, day=days.last().day, kind="Fight")
    assert (
        measure_chart(cast.maya, attendance).title
        == f"Attendance: present on 60% of days in the week to {friday}"
    )
    assert measure_chart(cast.maya, incidents).title == f"Incidents: 0 in the week to {friday}"
