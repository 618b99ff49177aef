"""Charts of one student: where the newest score is from, and what is not known."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.figures.queries.student import measure_chart, series_of
from datareview.records.models import AttendanceDay, Incident, Measure, Score
from datareview.trends.frames import read_scope
from datareview.trends.models import TrendScope


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
