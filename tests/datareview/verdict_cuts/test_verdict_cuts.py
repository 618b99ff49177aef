"""A school's cut points: who sets them, what they change, and two people at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.analysis.verdicts import Cuts
from datareview.plans.models import Plan
from datareview.progress.queries.caseload import plan_rows
from datareview.progress.services.reviews import review_plan
from datareview.records.models import Score
from datareview.verdict_cuts.queries import try_cuts
from datareview.verdict_cuts.services import set_verdict_cuts
from datareview.verdicts.models import VerdictCuts
from datareview.verdicts.queries.cuts import USUAL, as_cuts, cuts_of, cuts_version, percents_of
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import TODAY

HIGH = {"change": 97, "together": 98, "higher": 99}
PAGE = "/rules/verdicts/"


def set_cuts(cast, values=HIGH, *, actor=None, seen=None):
    version = cuts_version(percents_of(cast.school)) if seen is None else seen
    return set_verdict_cuts(cast.school, actor=actor or cast.cora, seen=version, **values)


@pytest.fixture
def judged(cast):
    """Maya's plan with ten weekly scores that go a little above the goal line."""
    plan = cast.plan
    Score.objects.filter(student=cast.maya, measure=plan.measure).delete()
    Plan.objects.filter(pk=plan.pk).update(starts_on=TODAY - dt.timedelta(weeks=10))
    plan.refresh_from_db()
    days = (plan.goal_on - plan.starts_on).days
    for week in range(1, 11):
        line = plan.baseline + (plan.goal - plan.baseline) * 7 * week / days
        Score.objects.create(
            student=cast.maya,
            measure=plan.measure,
            taken_on=plan.starts_on + dt.timedelta(weeks=week),
            value=round(line) + (3 if week % 2 else -1),
            source="by hand",
        )
    return cast


def label(cast):
    rows = plan_rows(Plan.objects.filter(pk=cast.plan.pk), cast.cora, TODAY)
    return [row.progress.verdict.says for row in rows]


def test_plans_are_judged_by_the_schools_own_cut_points(judged):
    assert label(judged) == ["continue"]
    assert set_cuts(judged) is True
    assert label(judged) == ["change"]
    assert cuts_of([judged.school.pk, judged.other_school.pk]) == {
        judged.school.pk: Cuts(0.97, 0.98, 0.99),
        judged.other_school.pk: Cuts(),
    }
    event = AuditEvent.objects.get(verb="verdict-cuts-changed")
    assert (event.data["before"], event.data["after"]) == (USUAL, HIGH)
    assert set_cuts(judged) is False
    assert set_cuts(judged, USUAL) is True
    assert (label(judged), VerdictCuts.objects.count()) == (["continue"], 0)


def test_trying_names_the_plans_and_saves_nothing(judged, as_user):
    trial = try_cuts(judged.cora, judged.school, as_cuts(HIGH))
    assert [(one.plan, one.before.label, one.after.label) for one in trial.changes] == [
        (judged.plan, "On track", "Off track")
    ]
    assert (trial.total, trial.tallies) == (1, [("On track", 1, 0), ("Off track", 0, 1)])
    assert try_cuts(judged.cora, judged.school, Cuts()).changes == []
    answer = as_user(judged.cora).post(PAGE, {**HIGH, "seen": "any", "try": "yes"})
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, VerdictCuts.objects.count()) == (200, 0)
    assert "1 plan of 1 would be judged otherwise" in page
    assert judged.plan.get_absolute_url() in page
    assert 'value="97"' in page


def test_a_review_keeps_the_cut_points_it_was_based_on(judged):
    set_cuts(judged)
    review = review_plan(
        judged.plan,
        actor=judged.cora,
        decision="continue",
        reason="Growing",
        next_review_on=TODAY + dt.timedelta(weeks=6),
    )
    set_cuts(judged, USUAL)
    review.refresh_from_db()
    assert review.evidence["cuts"] == HIGH


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"change": 40, "together": 40, "higher": 90}, "must rise"),
        ({"change": 20, "together": 95, "higher": 90}, "must rise"),
        ({"change": 0, "together": 40, "higher": 90}, "must rise"),
        ({"change": 5, "together": 10, "higher": 90}, "cannot begin below 20%"),
    ],
)
def test_cut_points_that_mislead_are_refused_and_stay_as_typed(cast, as_user, values, words):
    with pytest.raises(DomainError, match=words):
        set_cuts(cast, values)
    answer = as_user(cast.cora).post(PAGE, {**values, "seen": "any"})
    assert answer.status_code == 422
    assert f'value="{values["together"]}"' in answer.content.decode()
    assert not VerdictCuts.objects.exists()


def test_of_two_who_change_them_the_second_sees_what_the_first_saved(cast, as_user):
    seen = cuts_version(USUAL)
    set_cuts(cast, actor=cast.ada)
    mine = {"change": 30, "together": 50, "higher": 80}
    with pytest.raises(StaleEdit):
        set_cuts(cast, mine, seen=seen)
    client = as_user(cast.cora)
    answer = client.post(PAGE, {**mine, "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Off track below 97%" in page
    assert 'value="30"' in page
    client.post(PAGE, {**mine, "seen": cuts_version(HIGH)})
    assert percents_of(cast.school) == mine


@pytest.mark.parametrize("person", ["ana", "tom", "sol", "pia", "gil", "zed"])
def test_who_may_not_set_them(cast, person):
    with pytest.raises(PermissionDenied):
        set_cuts(cast, actor=getattr(cast, person))
    assert not VerdictCuts.objects.exists()
