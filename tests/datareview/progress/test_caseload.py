"""The caseload: whose plans, in which order, with filters in the address."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.plans.models import Plan
from datareview.progress.models import Session
from datareview.progress.queries.caseload import caseload_of
from teams.directory.models import Holiday, Substitution
from tests.conftest import make_plan

WEEKDAYS = list(range(7))


@pytest.fixture
def plans(cast):
    """Sol's plan for Maya, due in a week; Tom's for Jonas, due today, with sessions every weekday."""
    other = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.tom, cast.team)
    today = cast.school.today()
    Plan.objects.filter(pk=other.pk).update(tier=3, review_on=today, weekdays=[])
    Plan.objects.filter(pk=cast.plan.pk).update(weekdays=WEEKDAYS)
    cast.other_plan = other
    return cast


def listed(cast, user, **wanted):
    load = caseload_of(user, cast.school, wanted)
    return [row.plan for row in load.mine], [row.plan for row in load.others]


def test_own_plans_are_apart(plans):
    load = caseload_of(plans.sol, plans.school, {})
    assert ([row.plan for row in load.mine], [row.plan for row in load.others]) == ([plans.plan], [])
    assert listed(plans, plans.cora) == ([], [plans.other_plan, plans.plan])
    assert listed(plans, plans.zed) == ([], [])


def test_the_providers_plans_are_the_substitutes_own_too(plans):
    today = plans.school.today()
    Substitution.objects.create(
        replaced=plans.staff.sol, substitute=plans.staff.tom, starts_on=today, ends_on=today
    )
    mine, _others = listed(plans, plans.tom)
    assert set(mine) == {plans.plan, plans.other_plan}


def test_todays_own_plan_comes_first_then_what_is_due(plans):
    Plan.objects.update(provider=plans.staff.sol)
    rows = caseload_of(plans.sol, plans.school, {}).mine
    assert [(row.plan, row.is_today, row.is_due) for row in rows] == [
        (plans.plan, True, False),
        (plans.other_plan, False, True),
    ]
    assert listed(plans, plans.cora) == ([], [plans.other_plan, plans.plan])


@pytest.mark.parametrize(("days", "is_due"), [(-1, True), (0, True), (1, False)])
def test_a_review_is_due_on_its_day(plans, days, is_due):
    Plan.objects.update(review_on=plans.school.today() + dt.timedelta(days=days))
    load = caseload_of(plans.cora, plans.school, {})
    assert ({row.is_due for row in load.others}, load.due) == ({is_due}, 2 * is_due)


def test_nothing_is_for_today_on_a_holiday_or_before_the_plan_begins(plans):
    today = plans.school.today()
    holiday = Holiday.objects.create(school=plans.school, name="Off", starts_on=today, ends_on=today)
    assert not any(row.is_today for row in caseload_of(plans.cora, plans.school, {}).others)
    holiday.delete()
    Plan.objects.update(starts_on=today + dt.timedelta(days=1))
    assert not any(row.is_today for row in caseload_of(plans.cora, plans.school, {}).others)


def test_what_is_logged_today_is_shown(plans):
    session = Session.objects.create(plan=plans.plan, held_on=plans.school.today(), logged_by=plans.sol)
    (row,) = caseload_of(plans.sol, plans.school, {}).mine
    assert row.logged_today == session


def test_plans_that_ended_and_of_other_schools_are_not_listed(plans):
    Plan.objects.filter(pk=plans.plan.pk).update(state="ended", outcome="met", ended_on=plans.school.today())
    assert listed(plans, plans.sol) == ([], [])
    assert caseload_of(plans.cora, plans.other_school, {}).total == 0
    assert caseload_of(plans.zed, plans.other_school, {"show": "ended"}).ended_total == 0


def test_ended_plans_have_a_tab_with_the_newest_end_first(plans):
    today = plans.school.today()
    for plan, ago in ((plans.plan, 9), (plans.other_plan, 2)):
        ended_on = today - dt.timedelta(days=ago)
        Plan.objects.filter(pk=plan.pk).update(state="ended", outcome="met", ended_on=ended_on)
    assert caseload_of(plans.cora, plans.school, {}).ended is None
    load = caseload_of(plans.cora, plans.school, {"show": "ended"})
    assert (list(load.ended), load.ended_total) == ([plans.other_plan, plans.plan], 2)
    assert {staff.user.first_name for staff in load.providers} == {"Sol", "Tom"}
    narrowed = caseload_of(plans.cora, plans.school, {"show": "ended", "tier": "3"})
    assert (list(narrowed.ended), narrowed.ended_total) == ([plans.other_plan], 1)
    assert caseload_of(plans.zed, plans.school, {"show": "ended"}).ended_total == 0


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ({"tier": "2"}, ["Maya"]),
        ({"tier": "3"}, ["Jonas"]),
        ({"tier": "1"}, []),
        ({"tier": "two"}, ["Jonas", "Maya"]),
        ({"tier": "²"}, ["Jonas", "Maya"]),
        ({"show": "due"}, ["Jonas"]),
        ({"show": "collect"}, ["Maya"]),
        ({"show": "met"}, ["Jonas"]),
        ({"show": "unlogged"}, ["Maya"]),
        ({"show": "change"}, []),
        ({"show": "nonsense"}, ["Jonas", "Maya"]),
    ],
)
def test_the_list_is_narrowed_by_the_address(plans, wanted, shown):
    _mine, others = listed(plans, plans.cora, **wanted)
    assert [plan.student.first_name for plan in others] == shown


def test_the_list_is_narrowed_by_who_delivers(plans):
    assert listed(plans, plans.cora, provider=str(plans.staff.tom.pk)) == ([], [plans.other_plan])
    assert listed(plans, plans.cora, provider="x") == ([], [plans.other_plan, plans.plan])


def test_the_tallies_include_plans_that_are_filtered_out(plans):
    load = caseload_of(plans.cora, plans.school, {"show": "due"})
    # Jonas’ last scores are past the goal of his plan, and nothing of Maya’s sessions was logged.
    assert [(key, many) for key, _name, many in load.tallies] == [("collect", 1), ("met", 1), ("unlogged", 1)]
    assert (load.total, load.due, len(load.others)) == (2, 1, 1)
    assert {staff.user.first_name for staff in load.providers} == {"Sol", "Tom"}


@pytest.mark.parametrize(
    ("person", "may_start"), [("cora", True), ("sol", True), ("ana", False), ("pia", False)]
)
def test_users_who_may_start_a_plan_see_the_link(plans, person, may_start):
    assert caseload_of(getattr(plans, person), plans.school, {}).may_start is may_start
