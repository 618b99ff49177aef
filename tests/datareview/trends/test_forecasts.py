"""Forecasts in trend runs: checked first, shown if they beat the last score, never made from later data."""

import datetime as dt

import numpy as np
import pytest

from datareview.records.models import Benchmark, Score, Student
from datareview.records.queries.windows import school_windows
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import ForecastCheck, Trend
from datareview.trends.queries.trends import trend_in_words


@pytest.fixture
def growing(cast):
    """Forty classmates who gain about two per week, with ten weekly scores each."""
    rng = np.random.default_rng(4)
    Score.objects.all().delete()
    students = Student.objects.bulk_create(
        Student(school=cast.school, local_id=f"5{n:02}", first_name="G", last_name=f"R{n}", grade=4)
        for n in range(40)
    )
    last = cast.school.today() - dt.timedelta(days=2)
    Score.objects.bulk_create(
        Score(
            student=student,
            measure=cast.fluency,
            taken_on=last - dt.timedelta(weeks=9 - week),
            value=round(70 + 1.5 * n + 2.0 * week + rng.normal(0, 4), 1),
        )
        for n, student in enumerate(students)
        for week in range(10)
    )
    return students


def run(cast, back=0):
    return run_trends_now(cast.school, as_of=cast.school.today() - dt.timedelta(days=back))


def test_growth_is_projected_with_interval_and_chance(cast, growing):
    run(cast)
    check = ForecastCheck.objects.get(measure=cast.fluency)
    assert (check.is_shown, check.best, check.n >= 50) == (True, "pooled", True)
    trend = Trend.objects.get(student=growing[20])
    today = cast.school.today()
    first = today + dt.timedelta(days=14)
    assert first <= trend.projected_on <= school_windows(cast.school.pk).end_after(first, today=today)
    assert trend.projected_on <= today + (trend.last_on - trend.first_on)
    assert trend.projected_low < trend.projected_value < trend.projected_high
    assert "Expected on" in trend_in_words(trend, cast.fluency)
    if trend.projected_cut is not None:
        assert 0 <= trend.chance <= 1


def test_the_chance_follows_the_cut_and_turns_where_lower_is_better(cast, growing):
    run(cast)
    middle = Trend.objects.get(student=growing[20])
    Benchmark.objects.filter(measure=cast.fluency).update(at=middle.projected_value)
    run(cast)
    assert Trend.objects.get(student=growing[20]).chance == pytest.approx(0.5, abs=1e-3)
    high = Trend.objects.get(student=growing[39]).chance
    cast.fluency.higher_is_better = False
    cast.fluency.save()
    run(cast)
    assert Trend.objects.get(student=growing[39]).chance == pytest.approx(1 - high, abs=1e-5)


def test_forecasts_that_are_no_better_than_the_last_score_are_not_made(cast, growing):
    rng = np.random.default_rng(7)
    for student in growing:
        walk = 100 + rng.normal(0, 10, 10).cumsum()
        for value, score in zip(walk, student.scores.order_by("taken_on"), strict=True):
            Score.objects.filter(pk=score.pk).update(value=round(value, 1))
    run(cast)
    assert not ForecastCheck.objects.get(measure=cast.fluency).is_shown
    assert not Trend.objects.exclude(projected_value=None).exists()
    assert "Expected on" not in trend_in_words(Trend.objects.first(), cast.fluency)


def test_a_check_holds_for_a_month_and_one_of_too_few_scores_for_a_week(cast, growing):
    run(cast, back=20)
    run(cast)
    assert ForecastCheck.objects.count() == 1
    run(cast, back=-29)
    assert ForecastCheck.objects.count() == 2
    ForecastCheck.objects.all().delete()
    Score.objects.exclude(student=growing[0]).delete()
    run(cast, back=8)
    run(cast)
    assert ForecastCheck.objects.count() == 2
