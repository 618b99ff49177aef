"""How plans are judged: delivery first, then scores; derived measures by week; what is due."""

from __future__ import annotations

import datetime as dt

from datareview.progress.models import Session
from datareview.progress.queries.plan_page import plan_chart, plan_page
from datareview.progress.queries.progress import dosage_of
from teams.directory.models import Holiday
from teams.directory.queries.days import closed_days
from tests.conftest import make_scores


def hold(plan, days):
    Session.objects.bulk_create(
        Session(plan=plan, held_on=day, result="held", minutes=20, logged_by=plan.started_by) for day in days
    )


def weekdays_since(plan):
    today = plan.student.school.today()
    days = (plan.starts_on + dt.timedelta(days=n) for n in range((today - plan.starts_on).days))
    return [day for day in days if day.weekday() in plan.weekdays]


def test_sessions_not_logged_are_counted_separately(cast):
    planned = weekdays_since(cast.plan)
    hold(cast.plan, planned[:10])
    Session.objects.create(plan=cast.plan, held_on=planned[10], result="absent", logged_by=cast.sol)
    dosage = dosage_of(cast.plan, cast.school.today(), set())
    assert (dosage.planned, dosage.held, dosage.not_held) == (len(planned), 10, 1)
    assert dosage.not_logged == len(planned) - 11


def test_no_session_is_planned_on_a_holiday(cast):
    first = weekdays_since(cast.plan)[0]
    Holiday.objects.create(school=cast.school, name="Day off", starts_on=first, ends_on=first)
    page = plan_page(cast.sol, cast.plan)
    assert first not in page.missing
    assert closed_days([cast.school.pk]) == {first}


def test_a_plan_whose_sessions_were_not_logged_is_judged_by_its_scores_and_says_so(cast):
    make_scores_until_judged(cast)
    progress = plan_page(cast.sol, cast.plan).progress
    assert (progress.label, progress.delivery) == ("Off track", "Sessions not logged")


def test_a_delivered_plan_under_its_line_is_off_track(cast):
    make_scores_until_judged(cast)
    hold(cast.plan, weekdays_since(cast.plan))
    page = plan_page(cast.sol, cast.plan)
    assert page.progress.label == "Off track"
    assert [rule.name for rule in page.arithmetic] == [
        "Trend against the goal line",
        "Last four scores",
        "Median of the last three",
    ]


def make_scores_until_judged(cast):
    """Nine weeks of equal scores for a plan that began ten weeks ago."""
    cast.maya.scores.all().delete()
    cast.plan.starts_on = cast.plan.baseline_on = cast.school.today() - dt.timedelta(weeks=10)
    cast.plan.save()
    make_scores(cast.maya, cast.fluency, [63, 62, 64, 63, 62, 63, 64, 62, 63])


def test_the_chart_states_the_finding_and_survives_json(cast):
    chart = plan_chart(cast.plan)
    assert chart.title == "Maya Okafor: not enough data, keep collecting scores"
    assert type(chart).from_json(chart.to_json()) == chart
    assert chart.y_range[1] < cast.fluency.scale_max


def test_the_source_of_the_chart_counts_its_values(cast):
    scores = cast.maya.scores.filter(measure=cast.fluency)
    assert plan_chart(cast.plan).source.startswith(f"{scores.count()} values of Oral reading fluency.")
    scores.exclude(pk=scores.order_by("-taken_on").first().pk).delete()
    assert plan_chart(cast.plan).source.startswith("1 value of Oral reading fluency.")
