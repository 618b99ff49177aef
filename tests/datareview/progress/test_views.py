"""Plans as pages: caseload, start, one plan, its sessions, scores and review."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.plans.models import Plan, Review, Session
from datareview.privacy.models import Disclosure
from datareview.records.models import Score
from tests.conftest import make_plan


def at(name, cast):
    return reverse(f"datareview:{name}", args=[cast.plan.uuid])


def test_the_caseload_says_how_each_goes(cast, as_user):
    page = as_user(cast.sol).get("/plans/").content.decode()
    assert "Plans I deliver" in page
    assert "Not enough data" in page


@pytest.mark.parametrize(("person", "sees"), [("ana", True), ("pia", True), ("gil", False), ("zed", False)])
def test_the_caseload_shows_own_students_only(cast, as_user, person, sees):
    assert ("Okafor" in as_user(getattr(cast, person)).get("/plans/").content.decode()) == sees


def test_the_caseload_takes_as_many_queries_for_three_as_for_one(cast, as_user):
    client = as_user(cast.cora)
    client.get("/plans/")
    with CaptureQueriesContext(connection) as one:
        client.get("/plans/")
    for student in (cast.jonas, cast.ines):
        make_plan(student, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    with CaptureQueriesContext(connection) as three:
        client.get("/plans/")
    assert len(three) == len(one)


@pytest.mark.parametrize("wanted", ["tier=3", "show=due", "show=change", "provider=999999"])
def test_the_caseload_is_narrowed_by_the_address(cast, as_user, wanted):
    assert "Okafor" not in as_user(cast.cora).get(f"/plans/?{wanted}").content.decode()


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


def test_the_plan_page_is_disclosed_and_shows_the_arithmetic(cast, as_user):
    page = as_user(cast.ana).get(cast.plan.get_absolute_url()).content.decode()
    assert "not logged" in page
    assert "Held today" not in page
    assert Disclosure.objects.get().what == "plan-page"


def test_a_session_takes_one_tap_and_two_taps_are_one_session(cast, as_user):
    key = uuid.uuid4()
    data = {"held_on": cast.school.today(), "result": "held", "client_key": key, "from": "list"}
    for _click in range(2):
        assert as_user(cast.sol).post(at("session-log", cast), data)["Location"] == "/plans/"
    assert Session.objects.get().minutes == 20


def test_a_score_off_the_scale_keeps_what_was_typed(cast, as_user):
    answer = as_user(cast.sol).post(
        at("score-enter", cast), {"taken_on": cast.school.today(), "value": "720"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "off the scale" in page
    assert 'value="720"' in page


def test_a_score_is_entered(cast, as_user):
    as_user(cast.sol).post(at("score-enter", cast), {"taken_on": cast.school.today(), "value": "72"})
    assert Score.objects.get(source="by hand").value == 72


def test_the_second_reviewer_sees_the_first_decision(cast, as_user):
    data = {
        "decision": "continue",
        "reason": "Growing",
        "due_on": cast.plan.review_on,
        "next_review_on": cast.school.today() + dt.timedelta(weeks=6),
    }
    assert as_user(cast.sol).post(at("plan-review", cast), data).status_code == 302
    answer = as_user(cast.cora).post(at("plan-review", cast), {**data, "reason": "Mine, typed"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Growing" in page
    assert "Mine, typed" in page
    assert Review.objects.count() == 1


@pytest.mark.parametrize("name", ["session-log", "score-enter", "plan-review"])
@pytest.mark.parametrize(("person", "status"), [("ana", 403), ("gil", 404), ("zed", 404)])
def test_not_visible_and_not_allowed_differ(cast, as_user, name, person, status):
    today = cast.school.today()
    data = {
        "held_on": today,
        "result": "held",
        "client_key": uuid.uuid4(),
        "taken_on": today,
        "value": 70,
        "decision": "continue",
        "reason": "x",
        "due_on": cast.plan.review_on,
    }
    assert as_user(getattr(cast, person)).post(at(name, cast), data).status_code == status
    assert not Session.objects.exists()
    assert Plan.objects.get().state == "active"


def test_another_measure_brings_its_own_figures(cast, as_user):
    """The baseline that was typed for one measure is never kept for another."""
    address = f"/plans/start/?student={cast.jonas.uuid}&measure={cast.fluency.uuid}&baseline=12&goal=40"
    page = as_user(cast.cora).get(f"{address}&fresh=yes", headers={"HX-Request": "true"}).content.decode()
    assert 'value="99"' in page
    assert 'value="12"' not in page
    assert 'value="12"' in as_user(cast.cora).get(address, headers={"HX-Request": "true"}).content.decode()


def test_a_session_from_the_caseload_is_confirmed_and_another_of_the_day_is_refused(cast, as_user):
    client = as_user(cast.sol)
    data = {"held_on": cast.school.today(), "result": "held", "from": "list"}
    first = client.post(at("session-log", cast), data | {"client_key": uuid.uuid4()}, follow=True)
    assert [one.level_tag for one in first.context["messages"]] == ["success"]
    again = client.post(
        at("session-log", cast),
        data | {"client_key": uuid.uuid4()},
        follow=True,
        headers={"HX-Request": "true"},
    )
    assert [place for place, _status in again.redirect_chain] == ["/plans/"]
    assert Session.objects.count() == 1
