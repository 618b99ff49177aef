"""Scores entered by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.hand_scores.models import SetAsideScore
from datareview.hand_scores.services import (
    NewScore,
    SecondScores,
    count_set_aside,
    enter_score,
    enter_scores,
)
from datareview.records.models import Score
from datareview.runs.models import TrendRun
from teams.lib import formats
from teams.lib.errors import DomainError
from tests.conftest import make_plan


def enter(cast, value, *, actor=None, days=0, counts=""):
    day = cast.school.today() - dt.timedelta(days=days)
    return enter_score(
        cast.maya, cast.fluency, actor=actor or cast.sol, taken_on=day, value=value, counts=counts
    )


def kept(cast):
    """The score by hand that counts, and those set aside."""
    counting = Score.objects.get(student=cast.maya, source="by hand").value
    return counting, sorted(SetAsideScore.objects.values_list("value", flat=True))


def test_a_score_is_kept_and_the_trend_computed_again(cast):
    assert [score.value for score in enter(cast, 71)] == [71]
    run = TrendRun.objects.get()
    assert (run.trigger, [part.scope.grade for part in run.parts.all()]) == ("score", [cast.maya.grade])


def test_the_same_again_changes_nothing(cast):
    assert (len(enter(cast, 71)), enter(cast, 71)) == (1, [])
    assert TrendRun.objects.count() == 1


def test_a_second_score_of_a_day_asks_which_counts_and_both_are_kept(cast):
    enter(cast, 61)
    with pytest.raises(SecondScores, match="Maya Okafor: 61") as caught:
        enter(cast, 16)
    assert (caught.value.values, kept(cast)) == ({cast.maya.pk: 61}, (61, []))
    enter(cast, 16, counts="new")
    assert kept(cast) == (16, [61])
    enter(cast, 17, counts="old")
    assert kept(cast) == (16, [17, 61])


def test_a_score_set_aside_can_count_again(cast):
    enter(cast, 61)
    enter(cast, 16, counts="new")
    aside = SetAsideScore.objects.get()
    with pytest.raises(PermissionDenied):
        count_set_aside(aside, actor=cast.ana)
    count_set_aside(aside, actor=cast.sol)
    assert kept(cast) == (61, [16])


def test_scores_of_several_are_entered_together_or_not_at_all(cast):
    make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    today = cast.school.today()
    both = [NewScore(cast.maya, 71), NewScore(cast.jonas, 95)]
    with pytest.raises(DomainError, match="off the scale"):
        enter_scores([*both[:1], NewScore(cast.jonas, 999)], cast.fluency, actor=cast.sol, taken_on=today)
    assert not Score.objects.filter(source="by hand").exists()
    enter_scores(both, cast.fluency, actor=cast.sol, taken_on=today)
    rows = Score.objects.filter(source="by hand").order_by("value").values_list("student", "value")
    assert list(rows) == [(cast.maya.pk, 71), (cast.jonas.pk, 95)]
    assert TrendRun.objects.count() == 1


@pytest.mark.parametrize("value", [-1, 251, float("nan"), float("inf")])
def test_a_score_off_the_scale_is_refused(cast, value):
    with pytest.raises(DomainError, match="off the scale"):
        enter(cast, value)
    assert not Score.objects.filter(source="by hand").exists()


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_to_come_and_one_over_a_year_ago_are_refused(cast, days):
    with pytest.raises(DomainError, match=r"in the future|more than a year ago"):
        enter(cast, 70, days=days)
    assert [score.value for score in enter(cast, 70, days=366)] == [70]


@pytest.mark.parametrize("person", ["ana", "gil", "ada", "zed"])
def test_only_the_provider_enters_scores(cast, person):
    with pytest.raises(PermissionDenied):
        enter(cast, 70, actor=getattr(cast, person))


def test_without_a_plan_there_is_no_entry_by_hand(cast):
    with pytest.raises(PermissionDenied):
        enter_score(cast.jonas, cast.fluency, actor=cast.sol, taken_on=cast.school.today(), value=90)


@pytest.mark.parametrize("value", [0, 250])
def test_both_ends_of_the_scale_are_on_it(cast, value):
    assert [score.value for score in enter(cast, value)] == [value]


def test_computed_measures_cannot_be_entered(cast):
    cast.fluency.derived_from = "attendance"
    cast.fluency.save()
    with pytest.raises(DomainError, match="is computed from daily records, so it isn’t entered"):
        enter(cast, 70)
    assert not TrendRun.objects.exists()


def test_the_page_asks_which_of_two_scores_counts_and_can_swap_them(cast, as_user):
    sol, url = as_user(cast.sol), reverse("datareview:score-enter", args=[cast.plan.uuid])
    day = cast.school.today()
    sol.post(url, {"taken_on": day, "value": 71})
    asked = sol.post(url, {"taken_on": day, "value": 17})
    assert (asked.status_code, kept(cast)) == (422, (71, []))
    assert f"There is a score of {formats.short_day(day)} already" in asked.content.decode()
    sol.post(url, {"taken_on": day, "value": 17, "counts": "new"})
    assert kept(cast) == (17, [71])
    aside = SetAsideScore.objects.get()
    sol.post(reverse("datareview:score-count", args=[cast.plan.uuid, aside.uuid]))
    assert kept(cast) == (71, [17])
