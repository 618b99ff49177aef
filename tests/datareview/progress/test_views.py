"""Plans as pages: the caseload, one plan, its sessions, scores and review."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.plans.models import Plan
from datareview.privacy.models import Disclosure
from datareview.progress.models import Review, Session
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


@pytest.mark.sweep
def test_the_caseload_takes_as_many_queries_for_three_as_for_one(cast, as_user):
    client = as_user(cast.cora)
    client.get("/plans/")
    with CaptureQueriesContext(connection) as one:
        client.get("/plans/")
    queries = len(one)
    for student in (cast.jonas, cast.ines):
        make_plan(student, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    client.get("/plans/")  # the first view of these students is logged
    with CaptureQueriesContext(connection) as three:
        client.get("/plans/")
    assert len(three) == queries


@pytest.mark.parametrize("wanted", ["tier=3", "show=due", "show=change", "provider=999999"])
def test_the_caseload_is_narrowed_by_the_address(cast, as_user, wanted):
    assert "Okafor" not in as_user(cast.cora).get(f"/plans/?{wanted}").content.decode()


def test_the_plan_page_is_disclosed_and_shows_the_arithmetic(cast, as_user):
    page = as_user(cast.ana).get(cast.plan.get_absolute_url()).content.decode()
    assert "not logged" in page
    assert "Held today" not in page
    assert Disclosure.objects.get().what == "plan-detail"


def test_a_session_takes_one_tap_and_two_taps_are_one_session(cast, as_user):
    key = uuid.uuid4()
    data = {"held_on": cast.school.today(), "result": "held", "client_key": key, "from": "list"}
    for _click in range(2):
        assert as_user(cast.sol).post(at("session-log", cast), data)["Location"] == "/plans/"
    assert Session.objects.get().minutes == 20


def test_the_page_with_a_session_offers_to_remove_it(cast, as_user):
    client = as_user(cast.sol)
    data = {"held_on": cast.school.today(), "result": "held", "client_key": uuid.uuid4()}
    client.post(at("session-log", cast), data)
    session = cast.plan.sessions.get()
    page = client.get(f"/plans/{cast.plan.uuid}/")
    assert page.status_code == 200
    remove = f"/plans/{cast.plan.uuid}/session/{session.uuid}/remove/"
    assert remove in page.content.decode()
    assert client.post(remove).status_code == 302
    assert cast.plan.sessions.count() == 0


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


def test_a_session_from_the_caseload_is_confirmed_and_another_of_the_day_is_refused(cast, as_user):
    client = as_user(cast.sol)
    data = {"held_on": cast.school.today(), "result": "held", "from": "list"}
    first = client.post(at("session-log", cast), data | {"client_key": uuid.uuid4()}, follow=True)
    assert [one.level_tag for one in first.context["messages"]] == ["success"]
    again = client.post(
        at("session-log", cast), data | {"client_key": uuid.uuid4()}, headers={"HX-Request": "true"}
    )
    assert "has already logged" in again["HX-Trigger"]
    assert "Today: held" in " ".join(again.content.decode().split())
    assert Session.objects.count() == 1


def test_a_plan_that_ended_is_listed_under_ended_and_offers_no_decision(cast, as_user):
    client, today = as_user(cast.cora), cast.school.today()
    review = {"due_on": today, "decision": "end", "reason": "Reads at the benchmark", "decided_by": cast.cora}
    Review.objects.create(plan=cast.plan, **review)
    Plan.objects.filter(pk=cast.plan.pk).update(state="ended", outcome="met", ended_on=today)
    page = client.get("/plans/?show=ended").content.decode()
    assert "Reads at the benchmark" in page
    assert cast.plan.get_absolute_url() in page
    assert cast.plan.get_absolute_url() not in client.get("/plans/").content.decode()
    answer = client.get(at("plan-review", cast))
    assert (answer.status_code, answer.url) == (302, cast.plan.get_absolute_url())
