"""A plan is measured by something else from a day on: both measures have their own aim line and verdict."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.delivery.services.groups import end_plan_group, reopen_plan_group
from datareview.plans.models import GroupMember, Plan
from datareview.plans.services.several import PlansRefused
from datareview.progress.models import PhaseChange
from datareview.progress.queries.plan_page import plan_page
from datareview.progress.services.changes import plan_version
from datareview.progress.services.reviews import review_plan
from datareview.records.models import Measure
from datareview.remeasuring.models import PastMeasure
from datareview.remeasuring.queries import past_phases
from datareview.remeasuring.services import remeasure_group, remeasure_plan, undo_measure
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import make_plan, make_scores
from tests.factories.groups import make_group


@pytest.fixture
def accuracy(cast):
    measure = Measure.objects.create(
        school=cast.school, name="Accuracy", domain=cast.fluency.domain, kind="probe", scale_max=100
    )
    make_scores(cast.maya, measure, [80, 82])
    return measure


def fresh(cast):
    return Plan.objects.select_related("student__school", "measure", "provider__user", "strategy").get(
        pk=cast.plan.pk
    )


def change(cast, measure, *, actor=None, baseline=82, goal=97, why="Speed is fine", seen=None):
    plan = fresh(cast)
    return remeasure_plan(
        plan,
        actor=actor or cast.cora,
        measure=measure,
        baseline=baseline,
        goal=goal,
        goal_on=plan.goal_on + dt.timedelta(weeks=2),
        why=why,
        seen=plan_version(plan) if seen is None else seen,
    )


def line_of(plan):
    return plan.measure.name, plan.baseline, plan.goal, plan.goal_on, plan.line_from


def test_each_measure_has_its_line_its_scores_and_its_verdict(cast, accuracy):
    today, was = cast.school.today(), line_of(cast.plan)
    before = plan_page(cast.cora, fresh(cast)).progress
    change(cast, accuracy)
    plan = fresh(cast)
    page = plan_page(cast.cora, plan)
    assert line_of(plan) == ("Accuracy", 82, 97, was[3] + dt.timedelta(weeks=2), today)
    assert plan.baseline_on == today - dt.timedelta(days=2)  # of the last score on it
    goal = next(one for one in page.chart.series if one.role == "goal")
    assert (list(goal.x), list(goal.y)) == ([today, plan.goal_on], [82, 97])
    assert [(one.at, one.label) for one in page.chart.lines if one.role == "phase"] == [
        (today, f"{cast.fluency} → Accuracy (Speed is fine)"[:40])
    ]
    assert (page.progress.verdict.n, page.progress.verdict.whole) == (0, None)
    (past,) = past_phases(plan)
    assert (past.progress.label, past.progress.verdict.n) == (before.label, before.verdict.n)
    assert past.progress.verdict.chance == pytest.approx(before.verdict.chance, abs=0.02)
    goal = next(one for one in past.chart.series if one.role == "goal")
    assert (list(goal.x), list(goal.y)) == ([was[4], was[3]], [was[1], was[2]])
    assert next(one for one in past.chart.series if one.role == "data").y[-1] == 68


def test_the_page_says_from_which_day_the_goal_line_rises(cast, accuracy, as_user):
    client, address = as_user(cast.cora), cast.plan.get_absolute_url()
    assert "goal line from" not in client.get(address).content.decode()
    change(cast, accuracy)
    day = formats.day(fresh(cast).measured_from)
    assert f"goal line from {day}" in " ".join(client.get(address).content.decode().split())


def test_after_another_change_what_counts_since_is_the_measure(cast, accuracy, settings):
    change(cast, accuracy)
    settings.CLOCK_OFFSET += dt.timedelta(weeks=8)
    plan = fresh(cast)
    today = cast.school.today()
    PhaseChange.objects.create(
        plan=plan, changed_on=today - dt.timedelta(days=7), what="Daily", changed_by=cast.cora
    )
    for week in range(7):
        day = today - dt.timedelta(days=50 - 7 * week)
        cast.maya.scores.create(measure=accuracy, taken_on=day, value=83 + week, source="by hand")
    said = plan_page(cast.cora, plan).progress.sentence
    assert "Since the measure changed: " in said
    assert "Since the plan began" not in said


def test_undoing_gives_everything_back_until_a_review_follows(cast, accuracy):
    was = line_of(fresh(cast))
    change(cast, accuracy)
    undo_measure(fresh(cast), actor=cast.cora)
    undo_measure(fresh(cast), actor=cast.cora)
    assert (line_of(fresh(cast)), fresh(cast).measured_from) == (was, None)
    assert (PastMeasure.objects.count(), PhaseChange.objects.count()) == (0, 0)
    change(cast, accuracy)
    review_plan(
        fresh(cast),
        actor=cast.cora,
        decision="continue",
        reason="It grows",
        next_review_on=cast.school.today() + dt.timedelta(days=30),
    )
    with pytest.raises(DomainError, match="reviewed on the new measure"):
        undo_measure(fresh(cast), actor=cast.cora)


def test_two_changes_of_a_day_keep_what_measured_it_before(cast, accuracy):
    change(cast, accuracy)
    change(cast, cast.fluency, baseline=70, goal=100)
    assert [str(past.measure) for past in PastMeasure.objects.all()] == [str(cast.fluency)]
    assert fresh(cast).baseline == 70


def test_what_cannot_be_is_refused(cast, accuracy):
    with pytest.raises(PlansRefused, match="must be better than the baseline"):
        change(cast, accuracy, baseline=98)
    with pytest.raises(StaleEdit):
        change(cast, accuracy, seen="")
    with pytest.raises(DomainError, match="why it changes"):
        change(cast, accuracy, why=" ")
    make_group(cast)
    with pytest.raises(DomainError, match="is in Fluency, which has one measure for all"):
        change(cast, accuracy)
    assert PastMeasure.objects.count() == 0


def test_a_group_changes_at_once_and_back(cast, accuracy, django_assert_max_num_queries):
    other = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    group = make_group(cast, plans=[cast.plan, other])
    remeasure_group(
        group,
        actor=cast.sol,
        measure=accuracy,
        figures={cast.plan.pk: (82, 97), other.pk: (90, 99)},
        goal_on=group.goal_on,
        why="Speed is fine",
        seen=group.version,
    )
    group.refresh_from_db()
    rows = Plan.objects.order_by("baseline").values_list("measure", "baseline", "goal", "measured_from")
    today = cast.school.today()
    assert list(rows) == [(accuracy.pk, 82, 97, today), (accuracy.pk, 90, 99, today)]
    assert (group.measure, group.version) == (accuracy, 1)
    undo_measure(Plan.objects.get(pk=other.pk), actor=cast.sol)
    group.refresh_from_db()
    assert (group.measure, group.version) == (cast.fluency, 2)
    assert set(Plan.objects.values_list("measure", "measured_from")) == {(cast.fluency.pk, None)}


def test_who_was_remeasured_alone_does_not_return_to_the_group(cast, accuracy, as_user):
    group = end_plan_group(make_group(cast), actor=cast.cora)
    change(cast, accuracy)
    reopen_plan_group(group, actor=cast.sol)
    assert GroupMember.objects.filter(group=group, left_on=None).count() == 0
    ends = as_user(cast.cora).get(group.get_absolute_url()).context["page"].ends
    assert [(again, event.actor) for again, event in ends] == [(True, cast.sol), (False, cast.cora)]
