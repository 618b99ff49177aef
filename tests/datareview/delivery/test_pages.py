"""Pages of groups."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.plans.models import Plan, PlanGroup
from datareview.strategies.models import Strategy
from tests.conftest import make_student
from tests.factories.groups import make_group

START = "/plans/groups/start/"


def form(cast, *students, **changes):
    today = cast.school.today()
    figures = {}
    for student in students:
        figures |= {f"baseline-{student.uuid}": 90, f"goal-{student.uuid}": 110}
    return {
        "strategy": cast.strategy.uuid,
        "provider": cast.staff.sol.uuid,
        "tier": 2,
        "weekdays": [1, 3],
        "time": "10:10",
        "minutes": 25,
        "measure": cast.fluency.uuid,
        "starts_on": today,
        "goal_on": today + dt.timedelta(weeks=12),
        "review_on": today + dt.timedelta(weeks=6),
        **figures,
        **changes,
    }


def address(*students):
    return START + "?" + "&".join(f"student={student.uuid}" for student in students)


def test_the_form_suggests_figures_for_each_student(cast, as_user):
    page = as_user(cast.cora).get(address(cast.jonas, cast.ines, cast.leak)).content.decode()
    assert [f'name="baseline-{one.uuid}"' in page for one in (cast.jonas, cast.ines, cast.leak)] == [
        True,
        True,
        False,
    ]
    assert f'name="baseline-{cast.jonas.uuid}" value="99"' in page


def test_strategies_follow_the_first_student(cast, as_user):
    client = as_user(cast.cora)
    pages = [client.get(where).content.decode() for where in (START, address(cast.jonas))]
    assert [(cast.strategy.name in page, "Add the first student" in page) for page in pages] == [
        (False, True),
        (True, False),
    ]


def test_a_group_without_a_name_gets_the_strategys(cast, as_user):
    answer = as_user(cast.cora).post(address(cast.jonas, cast.ines), form(cast, cast.jonas, cast.ines))
    group = PlanGroup.objects.get()
    assert answer["Location"] == group.get_absolute_url()
    assert (group.name, group.time, group.minutes) == (cast.strategy.name, dt.time(10, 10), 25)


def test_what_speaks_against_it_is_shown_once_and_can_be_passed(cast, as_user):
    other = Strategy.objects.create(school=cast.school, name="Phonics", domain=cast.strategy.domain)
    typed = form(cast, cast.maya, strategy=other.uuid, place="Room 7")
    refused = as_user(cast.cora).post(address(cast.maya), typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert (page.count("has a plan for the same need"), 'value="Room 7"' in page) == (1, True)
    assert 'name="despite"' in page
    assert as_user(cast.cora).post(address(cast.maya), {**typed, "despite": "on"}).status_code == 302
    assert Plan.objects.filter(student=cast.maya, strategy=other).count() == 1


def test_a_goal_below_the_baseline_is_marked_at_its_student(cast, as_user):
    typed = form(cast, cast.jonas, cast.ines) | {f"goal-{cast.ines.uuid}": 50}
    page = as_user(cast.cora).post(address(cast.jonas, cast.ines), typed)
    assert page.status_code == 422
    assert page.context["form"].errors[f"baseline-{cast.ines.uuid}"] == [
        "The goal must be better than the baseline."
    ]
    assert PlanGroup.objects.count() == 0


def test_another_measure_takes_the_figures_again(cast, as_user):
    typed = form(cast, cast.jonas, fresh="yes", name="Ours")
    page = as_user(cast.cora).post(address(cast.jonas), typed)
    assert f'name="baseline-{cast.jonas.uuid}" value="99"' in page.content.decode()
    assert [page.context["form"][name].value() for name in ("name", "weekdays")] == ["Ours", ["1", "3"]]


def test_another_strategy_brings_its_own_days_and_minutes(cast, as_user):
    daily = Strategy.objects.create(
        school=cast.school, name="Daily", domain=cast.strategy.domain, sessions_per_week=5, minutes=15
    )
    typed = form(cast, cast.jonas, strategy=daily.uuid, schedule="yes", fresh="yes")
    fields = as_user(cast.cora).get(START, {**typed, "student": cast.jonas.uuid}).context["form"]
    assert (fields["weekdays"].value(), fields["minutes"].value()) == ([0, 1, 2, 3, 4], 15)


def test_candidates_chosen_together_open_the_form(cast, as_user):
    answer = as_user(cast.cora).post("/candidates/group/", {"candidate": [cast.candidate.uuid], "back": ""})
    assert answer["Location"] == f"{START}?candidate={cast.candidate.uuid}"
    assert cast.candidate.reason in as_user(cast.cora).get(answer["Location"]).content.decode()
    assert as_user(cast.cora).post("/candidates/group/", {"back": "state=new"})["Location"] == (
        "/candidates/?state=new"
    )


def test_a_groups_page_names_only_members_one_may_see(cast, as_user):
    group = make_group(cast)
    plan = Plan.objects.get(pk=cast.plan.pk)
    plan.pk, plan.uuid, plan.student = None, None, cast.ines
    plan._state.adding = True
    plan.uuid = Plan._meta.get_field("uuid").get_default()
    plan.save()
    group.members.create(plan=plan, joined_on=group.starts_on)
    page = as_user(cast.cora).get(group.get_absolute_url()).content.decode()
    assert ("Maya" in page, "Ines" in page) == (True, True)
    Plan.objects.filter(pk=plan.pk).update(provider=cast.staff.cora)
    page = as_user(cast.sol).get(group.get_absolute_url()).content.decode()
    assert ("Maya Okafor" in page, "Ines Duarte</a>" in page) == (True, False)
    assert "And 1 student whom you may not see." in page


def test_leaving_and_putting_back_are_one_click_each(cast, as_user):
    group = make_group(cast)
    member = group.members.get()
    leave = f"{group.get_absolute_url()}members/{member.pk}/leave/"
    as_user(cast.cora).post(leave)
    page = as_user(cast.cora).get(group.get_absolute_url()).content.decode()
    assert ("No one is in this group now." in page, "Put back" in page) == (True, True)
    as_user(cast.cora).post(leave, {"back": "yes"})
    member.refresh_from_db()
    assert member.left_on is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", ["Early", "Late"]), ("?sort=name", ["Early", "Late"]), ("?show=ended", ["Gone"])],
)
def test_the_list_is_in_order_of_time(cast, as_user, query, expected):
    make_group(cast, name="Late", time=dt.time(13, 0))
    make_group(cast, name="Early", time=dt.time(8, 5), plans=[])
    make_group(cast, name="Gone", plans=[], ended_on=cast.school.today())
    page = as_user(cast.cora).get(f"/plans/groups/{query}")
    assert [row.group.name for row in page.context["groups"].rows] == expected


def test_students_of_one_name_are_told_apart_where_one_is_chosen(cast, as_user):
    make_student(cast.school, "1007", "Maya", "Okafor", 5)
    make_student(cast.school, "1008", "Ines", "Duarte", 4)
    form = as_user(cast.cora).get(START).context["add_form"]
    assert [
        name for _uuid, name in form.fields["student"].choices if "Okafor" in name or "Duarte" in name
    ] == [
        "Ines Duarte (1003), Grade 4",
        "Ines Duarte (1008), Grade 4",
        "Maya Okafor (1001), Grade 4",
        "Maya Okafor (1007), Grade 5",
    ]
