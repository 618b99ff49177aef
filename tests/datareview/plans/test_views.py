"""The page that starts a plan."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.strategies.models import Strategy


def test_a_plan_starts_from_the_data(cast, as_user):
    page = as_user(cast.cora).get(f"/plans/start/?student={cast.jonas.uuid}").content.decode()
    assert 'value="99"' in page
    assert "97 (" in page
    assert "realistic" in page


def form(cast, **changes):
    today = cast.school.today()
    return {
        "concern": "Slow",
        "strategy": cast.strategy.uuid,
        "provider": cast.staff.sol.uuid,
        "tier": 2,
        "weekdays": [0, 2],
        "minutes": 20,
        "measure": cast.fluency.uuid,
        "baseline": 99,
        "goal": 115,
        "goal_on": today + dt.timedelta(weeks=12),
        "review_on": today + dt.timedelta(weeks=6),
        **changes,
    }


def test_a_plan_is_started_once_by_two_clicks(cast, as_user):
    address = f"/plans/start/?student={cast.jonas.uuid}"
    first, second = (as_user(cast.cora).post(address, form(cast)) for _click in range(2))
    assert first["Location"] == second["Location"] == cast.jonas.plans.get().get_absolute_url()


def test_a_running_plan_is_linked(cast, as_user):
    answer = as_user(cast.cora).post(f"/plans/start/?student={cast.maya.uuid}", form(cast))
    assert answer.status_code == 422
    assert cast.plan.get_absolute_url() in answer.content.decode()


def test_what_was_typed_stays_when_the_goal_is_wrong(cast, as_user):
    answer = as_user(cast.cora).post(
        f"/plans/start/?student={cast.jonas.uuid}", form(cast, goal=50, concern="My words")
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "must be better than the baseline" in page
    assert "My words" in page


@pytest.mark.parametrize(("person", "status"), [("ana", 403), ("gil", 404), ("zed", 404), ("sol", 200)])
def test_who_may_start_a_plan(cast, as_user, person, status):
    assert as_user(getattr(cast, person)).get(f"/plans/start/?student={cast.maya.uuid}").status_code == status


def test_another_measure_brings_its_own_figures(cast, as_user):
    """The baseline that was typed for one measure is never kept for another."""
    address = f"/plans/start/?student={cast.jonas.uuid}&measure={cast.fluency.uuid}&baseline=12&goal=40"
    page = as_user(cast.cora).get(f"{address}&fresh=yes", headers={"HX-Request": "true"}).content.decode()
    assert 'value="99"' in page
    assert 'value="12"' not in page
    assert 'value="12"' in as_user(cast.cora).get(address, headers={"HX-Request": "true"}).content.decode()


def test_the_card_of_a_strategy_has_the_first_step_and_how_many_follow(cast, as_user):
    address = f"/plans/start/?student={cast.jonas.uuid}"
    for steps, words in (
        ("Read aloud.\nRead it again.\nTalk.", "and 2 more steps"),
        ("Read.\nTalk.", "and 1 more step"),
    ):
        cast.strategy.what_to_do = steps
        cast.strategy.save()
        card = (
            as_user(cast.cora).get(address).content.decode().split('class="strategy"')[1].split("</label>")[0]
        )
        text = " ".join(card.split())
        assert (steps.split("\n")[0] in text, words in text, "Talk." in text) == (True, True, False)


def test_what_speaks_against_a_plan_is_said_once_and_saved_all_the_same(cast, as_user):
    other = Strategy.objects.create(school=cast.school, name="Echo reading", domain="academic")
    today, address = cast.school.today(), f"/plans/start/?student={cast.maya.uuid}"
    data = {
        "concern": "Reads slowly",
        "strategy": other.uuid,
        "provider": cast.staff.sol.uuid,
        "tier": 2,
        "weekdays": [0, 2],
        "minutes": 20,
        "measure": cast.fluency.uuid,
        "baseline": 68,
        "goal": 100,
        "goal_on": today + dt.timedelta(days=90),
        "review_on": today + dt.timedelta(days=42),
    }
    asked = as_user(cast.cora).post(address, data)
    page = asked.content.decode()
    assert (asked.status_code, "has a plan for the same need" in page, 'name="despite"' in page) == (
        422,
        True,
        True,
    )
    assert not other.plans.exists()
    as_user(cast.cora).post(address, {**data, "despite": "on"})
    assert other.plans.get().student == cast.maya
