"""Trend runs: what they compute, change and leave unchanged."""

import datetime as dt

import pytest

from datareview.flags.models import Candidate, Flag
from datareview.records.models import Measure, Score
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import Trend
from tests.factories.records import absent


@pytest.fixture
def run(cast):
    def run(as_of=None):
        return run_trends_now(cast.school, trigger="request", as_of=as_of or cast.school.today())

    return run


def test_a_run_writes_a_trend_for_each_series_of_its_school_only(cast, run):
    run()
    trends = {trend.student.first_name: trend for trend in Trend.objects.select_related("student")}
    assert sorted(trends) == ["Ines", "Jonas", "Maya"]
    jonas = trends["Jonas"]
    assert (jonas.status, jonas.n, jonas.last_value) == ("ok", 7, 101)
    assert jonas.slope == pytest.approx(2.25)
    assert jonas.slope_low < jonas.slope < jonas.slope_high
    assert jonas.pooled_slope is None  # three students are too few to pool
    assert (jonas.percentile, jonas.peers) == (50, 3)
    assert trends["Ines"].status == "ok"


def test_a_second_run_changes_nothing(cast, run):
    first = run()
    stamp = list(Trend.objects.order_by("pk").values())
    second = run()
    assert first.counts["changed"] == 3
    assert second.counts["changed"] == 0
    assert list(Trend.objects.order_by("pk").values()) == stamp


def test_a_run_as_of_a_day_knows_nothing_later(cast, run):
    last = Score.objects.filter(student=cast.jonas).order_by("-taken_on").first()
    run(as_of=last.taken_on - dt.timedelta(days=1))
    assert Trend.objects.get(student=cast.jonas).n == 6


def test_a_trend_without_scores_goes(cast, run):
    run()
    Score.objects.filter(student=cast.ines).delete()
    run()
    assert not Trend.objects.filter(student=cast.ines).exists()


def test_absence_of_exactly_ten_percent_a_week_ago_and_now_opens_a_flag_and_a_candidate(cast, run):
    Candidate.objects.all().delete()
    Flag.objects.all().delete()
    absent(cast.jonas, 40, marks={0, 10, 20, 30})
    absent(cast.ines, 40, marks={10, 20, 30})
    run()
    flag = Flag.objects.get(student=cast.jonas)
    assert (flag.state, flag.severity, flag.reason) == (
        "open",
        2,
        "Absent 4 of 40 days (10%). The cut point is 10%.",
    )
    assert Flag.objects.get(student=cast.ines).severity == 1
    assert [candidate.student for candidate in Candidate.objects.all()] == [cast.jonas]


def test_a_flag_of_less_than_a_week_is_only_pending(cast, run):
    Candidate.objects.all().delete()
    Flag.objects.all().delete()
    absent(cast.jonas, 40, marks={0, 1, 2, 3})
    run()
    assert Flag.objects.get(student=cast.jonas).state == "pending"
    assert not Candidate.objects.exists()


def test_a_flag_resolves_past_the_margin_and_its_undecided_candidate_clears(cast, run):
    absent(cast.maya, 60, marks=set())
    run()
    cast.flag.refresh_from_db()
    cast.candidate.refresh_from_db()
    assert (cast.flag.state, cast.candidate.state) == ("resolved", "cleared")


def test_a_flag_that_cannot_be_judged_stays(cast, run):
    run()
    cast.flag.refresh_from_db()
    assert cast.flag.state == "open"


@pytest.mark.parametrize(("state", "raised"), [("watch", 0), ("no_action", 0), ("cleared", 1)])
def test_a_decided_candidate_is_not_raised_again_by_the_same_flag(cast, run, state, raised):
    cast.candidate.state = state
    cast.candidate.watch_until = cast.school.today() + dt.timedelta(days=7) if state == "watch" else None
    cast.candidate.save()
    run()
    assert Candidate.objects.filter(state="new").count() == raised


def test_a_candidate_whose_watch_expired_is_new_again(cast, run):
    cast.candidate.state = "watch"
    cast.candidate.watch_until = cast.school.today() - dt.timedelta(days=1)
    cast.candidate.save()
    run()
    cast.candidate.refresh_from_db()
    assert cast.candidate.state == "new"


def test_derived_measures_are_computed_by_whole_weeks(cast, run):
    Measure.objects.create(
        school=cast.school,
        key="attendance",
        name="Attendance",
        domain="attendance",
        derived_from="attendance",
    )
    absent(cast.jonas, 40, marks={10})
    run()
    trend = Trend.objects.get(student=cast.jonas, measure__key="attendance")
    assert trend.n in (5, 6)
    assert trend.last_on.weekday() == 4


@pytest.mark.parametrize("person", ["subgroup", "guardian"])
def test_no_rule_reads_demographics(person):
    import inspect

    from datareview.rules import services as rules
    from datareview.trends.frames import scope

    assert person not in inspect.getsource(rules).lower().replace("demographics", "")
    assert person not in inspect.getsource(scope).lower()
