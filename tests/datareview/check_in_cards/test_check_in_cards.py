"""Check-in cards: points by period, their share as a score, and the plan that is measured by it."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.check_in_cards.models import CardPoints
from datareview.check_in_cards.queries import card_version, check_in_page
from datareview.check_in_cards.services import check_in, check_out, give_points, set_up_card
from datareview.hand_scores.models import SetAsideScore
from datareview.plans.models import Plan
from datareview.records.models import Score
from teams.lib.errors import DomainError


def set_up(cast, **changes):
    values = {"periods": ["Reading", "Math", " ", "Math"], "expectations": ["Be kind"], "most": 2}
    return set_up_card(cast.plan, actor=cast.sol, **{**values, "baseline": 50, "goal": 80, **changes})


def scores(cast):
    rows = Score.objects.filter(student=cast.maya, measure__key="daily-points").order_by("taken_on")
    return list(rows.values_list("taken_on", "value"))


def test_the_first_card_measures_the_plan_by_the_share_of_points(cast):
    card = set_up(cast)
    plan = Plan.objects.select_related("measure").get(pk=cast.plan.pk)
    assert (card.periods, card.expectations, card.most) == (["Reading", "Math"], ["Be kind"], 2)
    assert (str(plan.measure), plan.measure.unit, plan.baseline, plan.goal) == ("Daily points", "%", 50, 80)
    assert plan.measured_from == cast.school.today()
    assert str(plan.past_measures.get().measure) == str(cast.fluency)


def test_points_are_given_by_whoever_has_the_student_and_checked_out_as_a_score(cast):
    card, today = set_up(cast), cast.school.today()
    check_in(card, actor=cast.sol, day=today)
    give_points(card, actor=cast.ana, day=today, period="Reading", points=2)
    give_points(card, actor=cast.tom, day=today, period="Math", points=0)
    give_points(card, actor=cast.tom, day=today, period="Math", points=1)
    assert scores(cast) == []
    check_out(card, actor=cast.sol, day=today)
    assert scores(cast) == [(today, 75)]
    assert list(cast.plan.sessions.values_list("held_on", "result", "logged_by")) == [
        (today, "held", cast.sol.pk)
    ]
    page = check_in_page(cast.ana, card, None)
    assert [(row.name, row.points.points, row.points.given_by) for row in page.rows] == [
        ("Reading", 2, cast.ana),
        ("Math", 1, cast.tom),
    ]
    assert (page.share, page.state.in_by, page.state.out_by) == (75, cast.sol, cast.sol)


def test_a_correction_after_check_out_changes_the_score_and_only_who_delivers_may(cast):
    card, today = set_up(cast), cast.school.today()
    give_points(card, actor=cast.ana, day=today, period="Reading", points=1)
    check_out(card, actor=cast.sol, day=today)
    with pytest.raises(DomainError, match="checked out"):
        give_points(card, actor=cast.ana, day=today, period="Reading", points=2)
    give_points(card, actor=cast.sol, day=today, period="Reading", points=2)
    assert scores(cast) == [(today, 100)]
    assert list(SetAsideScore.objects.values_list("value", flat=True)) == [50]


def test_a_second_tap_takes_the_points_away_and_a_period_without_points_does_not_count(cast):
    card, today = set_up(cast), cast.school.today()
    give_points(card, actor=cast.ana, day=today, period="Reading", points=2)
    give_points(card, actor=cast.ana, day=today, period="Math", points=0)
    give_points(card, actor=cast.ana, day=today, period="Math", points=None)
    assert check_in_page(cast.ana, card, None).share == 100
    give_points(card, actor=cast.ana, day=today, period="Reading", points=None)
    assert check_in_page(cast.ana, card, None).share is None
    with pytest.raises(DomainError, match="No period has points yet"):
        check_out(card, actor=cast.sol, day=today)


def test_a_changed_card_keeps_the_points_of_earlier_days(cast):
    card, today = set_up(cast), cast.school.today()
    give_points(card, actor=cast.ana, day=today - dt.timedelta(days=1), period="Math", points=1)
    card = set_up(cast, periods=["Art"], most=3, seen=card_version(card))
    yesterday = check_in_page(cast.ana, card, (today - dt.timedelta(days=1)).isoformat())
    assert [(row.name, len(row.choices)) for row in yesterday.rows] == [("Art", 4), ("Math", 3)]
    assert check_in_page(cast.ana, card, None).earlier == [(today - dt.timedelta(days=1), 50, 1)]


def test_what_cannot_be_is_refused(cast):
    card, today = set_up(cast), cast.school.today()
    for wrong in (
        {"day": today + dt.timedelta(days=1)},
        {"day": cast.plan.starts_on - dt.timedelta(days=1)},
        {"period": "Lunch"},
        {"points": 3},
    ):
        with pytest.raises(DomainError):
            give_points(card, actor=cast.ana, **{"day": today, "period": "Math", "points": 1, **wrong})
    assert CardPoints.objects.count() == 0


def test_one_tap_on_the_page_is_one_request_and_shows_the_share(cast, as_user):
    set_up(cast)
    client = as_user(cast.ana)
    at = f"/plans/{cast.plan.uuid}/card/"
    answer = client.post(
        f"{at}points/",
        {"day": cast.school.today(), "period": "Math", "points": 1},
        headers={"HX-Request": "true"},
    )
    assert "50% of the points of 1 period; the goal is 80%." in answer.content.decode()
    assert "Check out" not in answer.content.decode()  # Ana teaches; Sol delivers the plan
    assert "Check out" in as_user(cast.sol).get(at).content.decode()
