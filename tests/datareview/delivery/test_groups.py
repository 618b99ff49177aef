"""Groups: starting several plans at once, who comes and goes, and the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.delivery.queries.suggestions import Entrant, GoalRule, suggested_figures
from datareview.delivery.services import groups
from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.queries.conflicts import conflicts_of
from datareview.plans.services.checks import Conflicts
from datareview.plans.services.several import NewPlan, PlansRefused
from datareview.progress.services.reviews import review_plan
from datareview.records.models import Benchmark, Score, Student
from datareview.roster.services.leaving import settle_plan
from datareview.roster.services.students import mark_left
from datareview.strategies.models import Strategy
from teams.directory.models import Role
from teams.lib.errors import DomainError
from tests.conftest import make_plan, make_staff
from tests.factories.groups import make_group


def schedule(cast, **changes):
    today = cast.school.today()
    return {
        "name": "Fluency",
        "strategy": cast.strategy,
        "provider": cast.staff.sol,
        "measure": cast.fluency,
        "tier": 2,
        "weekdays": [3, 1],
        "time": dt.time(10, 10),
        "minutes": 20,
        "starts_on": today,
        "goal_on": today + dt.timedelta(weeks=12),
        "review_on": today + dt.timedelta(weeks=6),
        **changes,
    }


def new(student, baseline=90, goal=110, **more):
    return NewPlan(student, baseline, goal, "Reads slowly", **more)


def start(cast, *plans, actor=None, **changes):
    plans = plans or (new(cast.jonas), new(cast.ines))
    return groups.start_group(cast.school, plans, actor=actor or cast.cora, **schedule(cast, **changes))


def names(group):
    return sorted(
        GroupMember.objects.filter(group=group, left_on=None).values_list(
            "plan__student__first_name", flat=True
        )
    )


def test_one_schedule_starts_a_plan_for_each_and_answers_the_candidate(cast):
    Plan.objects.all().delete()
    group = start(cast, new(cast.maya, candidate=cast.candidate), new(cast.jonas, 95, 120), despite=True)
    plans = Plan.objects.order_by("baseline").values_list(
        "student", "baseline", "goal", "provider", "weekdays", "time", "team", "candidate"
    )
    shared = (cast.staff.sol.pk, [1, 3], dt.time(10, 10), cast.team.pk)
    assert list(plans) == [
        (cast.maya.pk, 90, 110, *shared, cast.candidate.pk),
        (cast.jonas.pk, 95, 120, *shared, None),
    ]
    assert (names(group), group.weekdays) == (["Jonas", "Maya"], [1, 3])
    cast.candidate.refresh_from_db()
    assert (cast.candidate.state, cast.candidate.decided_by) == ("plan", cast.cora)


def test_the_baseline_day_is_that_of_each_students_last_score(cast):
    start(cast)
    last = {
        student.pk: Score.objects.filter(student=student).order_by("taken_on").last().taken_on
        for student in (cast.jonas, cast.ines)
    }
    assert dict(Plan.objects.filter(student__in=last).values_list("student", "baseline_on")) == last


def test_a_baseline_better_than_the_goal_starts_nothing_and_says_whose(cast):
    with pytest.raises(PlansRefused) as caught:
        start(cast, new(cast.jonas), new(cast.ines, 112, 100))
    assert caught.value.problems == {cast.ines.pk: "The goal must be better than the baseline."}
    assert (PlanGroup.objects.count(), cast.jonas.plans.count()) == (0, 0)


def test_who_has_the_same_plan_is_named(cast):
    with pytest.raises(PlansRefused, match="Maya Okafor: Already has this plan"):
        start(cast, new(cast.maya), despite=True)


def test_two_clicks_make_one_group(cast):
    assert start(cast) == start(cast)
    assert Plan.objects.filter(student=cast.jonas).count() == 1
    with pytest.raises(DomainError, match="Another group has this name"):
        start(cast, new(cast.maya))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seats": 1}, "1 seats, and 2 students"),
        ({"name": "  "}, "one of its own"),
        ({"weekdays": []}, "days on which it is delivered"),
    ],
)
def test_a_group_that_cannot_be_is_refused(cast, changes, message):
    with pytest.raises(DomainError, match=message):
        start(cast, **changes)
    assert PlanGroup.objects.count() == 0


def test_another_running_group_keeps_its_name(cast):
    start(cast)
    with pytest.raises(DomainError, match="Another group has this name"):
        start(cast, actor=make_staff("Kai", "Moe", cast.school, Role.COORDINATOR).user)


def test_only_who_may_start_plans_starts_groups_and_of_students_they_see(cast):
    with pytest.raises(PermissionDenied):
        start(cast, actor=cast.ana)
    with pytest.raises(PermissionDenied):
        start(cast, new(cast.leak), actor=cast.cora)
    with pytest.raises(PermissionDenied):
        start(cast, new(cast.jonas), actor=cast.sol)
    assert PlanGroup.objects.count() == 0


@pytest.fixture
def other(cast):
    """Another strategy for reading."""
    return Strategy.objects.create(school=cast.school, name="Phonics", domain=cast.strategy.domain)


def test_students_who_are_far_apart_or_come_for_another_need_are_said(cast, other):
    far = "The group would have students from Grade 2 to Grade 4."
    need = "The concern about Maya Okafor is attendance; the group is measured by Oral reading fluency."
    Student.objects.filter(pk__in=[cast.ines.pk, cast.maya.pk]).update(grade=4)
    Student.objects.filter(pk=cast.jonas.pk).update(grade=2)
    for student in (cast.ines, cast.maya, cast.jonas):
        student.refresh_from_db()
    with pytest.raises(Conflicts) as caught:
        start(cast, new(cast.jonas), new(cast.maya, candidate=cast.candidate), strategy=other)
    assert caught.value.sentences[:2] == [far, need]
    Student.objects.filter(pk=cast.jonas.pk).update(grade=3)
    cast.jonas.refresh_from_db()
    group = start(cast, new(cast.jonas))
    Student.objects.filter(pk=cast.ines.pk).update(grade=5)
    cast.ines.refresh_from_db()
    with pytest.raises(Conflicts, match="from Grade 3 to Grade 5"):
        groups.join_group(group, [new(cast.ines)], actor=cast.cora)
    groups.join_group(group, [new(cast.ines)], actor=cast.cora, despite=True)
    assert names(group) == ["Ines", "Jonas"]


def conflicts(cast, *students, **changes):
    values = {
        "reader": cast.cora,
        "measure": cast.fluency,
        "provider": cast.staff.cora,
        "weekdays": [0, 1],
        "time": dt.time(10, 0),
        "minutes": 20,
    }
    return conflicts_of(students, **{**values, **changes})


def test_a_plan_for_the_same_need_or_at_the_same_time_is_said(cast):
    Plan.objects.update(time=dt.time(10, 10))
    since = cast.plan.starts_on
    assert conflicts(cast, cast.jonas) == []
    found = conflicts(cast, cast.maya)
    assert [sentence.split(",")[0].rsplit(":")[0] for sentence in found] == [
        "Maya Okafor has a plan for the same need",
        f"Maya Okafor has {cast.strategy} at the same time on Monday.",
    ]
    assert f"{since:%b}" in found[0]
    assert len(conflicts(cast, cast.maya, time=dt.time(10, 30))) == 1
    assert len(conflicts(cast, cast.maya, time=None)) == 1


def test_a_provider_who_leads_another_group_then_or_has_a_full_day_is_said(cast):
    make_group(cast, provider=cast.staff.cora, weekdays=[1], minutes=120)
    assert conflicts(cast, cast.jonas, minutes=120) == [
        "Cora Lind has another session then (Fluency): Tuesday."
    ]
    assert conflicts(cast, cast.jonas, minutes=121) == [
        "Cora Lind has another session then (Fluency): Tuesday.",
        "Cora Lind would have more than 4 hours of sessions on Tuesday.",
    ]


def test_the_providers_other_students_are_named_only_to_who_may_see_them(cast):
    plan = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.cora, cast.team)
    Plan.objects.filter(pk=plan.pk).update(weekdays=[1], time=dt.time(10, 10))
    said = "Cora Lind has another session then (%s): Tuesday."
    assert conflicts(cast, cast.maya, time=None) == conflicts(cast, cast.maya, time=None, reader=cast.sol)
    assert said % f"{cast.jonas}, {cast.strategy}" in conflicts(cast, cast.maya)
    found = conflicts(cast, cast.maya, reader=cast.sol)
    assert said % cast.strategy in found
    assert "Jonas" not in " ".join(found)


def test_what_speaks_against_a_group_is_said_before_it_is_saved(cast, other):
    with pytest.raises(Conflicts) as caught:
        start(cast, new(cast.maya, 60, 90), strategy=other)
    assert len(caught.value.sentences) == 1
    assert names(start(cast, new(cast.maya, 60, 90), strategy=other, despite=True)) == ["Maya"]


def test_a_student_joins_with_a_plan_on_the_groups_schedule(cast):
    group = make_group(cast)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    plan = cast.jonas.plans.get()
    assert (plan.weekdays, plan.time, plan.goal_on) == (group.weekdays, group.time, group.goal_on)
    assert plan.starts_on == cast.school.today()
    assert names(group) == ["Jonas", "Maya"]


def test_a_full_or_ended_group_takes_nobody(cast):
    group = make_group(cast, seats=1)
    with pytest.raises(DomainError, match="1 seats, and 2 students"):
        groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    groups.end_plan_group(group, actor=cast.cora)
    with pytest.raises(DomainError, match="has ended"):
        groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    assert cast.jonas.plans.count() == 0


def test_a_member_leaves_with_a_date_and_can_come_back(cast):
    group = make_group(cast)
    member = group.members.get()
    groups.leave_group(member, actor=cast.cora)
    member.refresh_from_db()
    cast.plan.refresh_from_db()
    assert (member.left_on, cast.plan.state) == (cast.school.today(), "active")
    groups.return_to_group(member, actor=cast.cora)
    assert names(group) == ["Maya"]


def test_nobody_comes_back_to_a_seat_that_is_taken_or_with_a_plan_that_ended(cast):
    group = make_group(cast, seats=1)
    member = group.members.get()
    groups.leave_group(member, actor=cast.cora)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    with pytest.raises(DomainError, match="seats"):
        groups.return_to_group(member, actor=cast.cora)
    Plan.objects.filter(pk=cast.plan.pk).update(state="ended", outcome="met")
    member = group.members.select_related("plan__student").get(plan=cast.plan)
    with pytest.raises(DomainError, match="plan has ended"):
        groups.return_to_group(member, actor=cast.cora)


def test_the_end_of_a_plan_frees_the_seat(cast):
    group = make_group(cast)
    review_plan(cast.plan, actor=cast.cora, decision="end", reason="Reads as her class does", despite=True)
    assert names(group) == []


def test_who_leaves_the_school_frees_the_seat_with_the_end_of_the_plan(cast):
    group = make_group(cast)
    mark_left(cast.maya, actor=cast.ada, left_on=cast.school.today())
    settle_plan(cast.plan, actor=cast.cora, keep_until=None)
    assert names(group) == []


def test_the_end_of_a_group_is_taken_back_with_those_who_left_with_it(cast):
    group = make_group(cast)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    groups.end_plan_group(group, actor=cast.cora)
    group.refresh_from_db()
    assert (group.ended_on, names(group)) == (cast.school.today(), [])
    review_plan(cast.jonas.plans.get(), actor=cast.cora, decision="end", reason="Enough", despite=True)
    groups.reopen_plan_group(group, actor=cast.cora)
    group.refresh_from_db()
    assert (group.ended_on, names(group)) == (None, ["Maya"])


def figures(cast, *students, **changes):
    today = cast.school.today()
    values = {"starts_on": today, "goal_on": today + dt.timedelta(weeks=10)}
    entrants = [Entrant(student) for student in students]
    found = suggested_figures(cast.school, entrants, cast.fluency, **{**values, **changes})
    return {pk: (theirs.baseline, theirs.goal, theirs.warning) for pk, theirs in found.items()}


def test_goals_come_from_growth_the_benchmark_or_the_school(cast):
    Benchmark.objects.all().delete()
    for window in ("fall", "winter", "spring"):
        Benchmark.objects.create(measure=cast.fluency, grade=4, window=window, at=105, growth_per_week=1.0)
    at = "Already at the benchmark of 105."
    assert figures(cast, cast.jonas, cast.ines) == {
        cast.jonas.pk: (99, 105, ""),
        cast.ines.pk: (112, 127, at),
    }
    assert figures(cast, cast.ines, rule=GoalRule.BENCHMARK) == {
        cast.ines.pk: (112, 105, "Already at the goal of 105: no plan is needed on this measure.")
    }
    assert figures(cast, cast.jonas, rule=GoalRule.OWN, own=120) == {cast.jonas.pk: (99, 120, "")}


def test_a_student_without_scores_is_asked_for_probes(cast):
    Score.objects.all().delete()
    assert figures(cast, cast.jonas) == {cast.jonas.pk: (None, None, "")}


def change(cast, group, *, seen=0, why="Too slow", **values):
    return groups.change_group(group, actor=cast.cora, seen=seen, why=why, values=values)


def test_a_groups_schedule_changes_the_plans_of_its_members_with_a_line_on_each(cast):
    group = make_group(cast)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    left = make_group(cast, name="Other", plans=[])
    change(cast, group, weekdays=[1], minutes=30, provider=cast.staff.cora, place="Room 7")
    rows = Plan.objects.order_by("student").values_list("weekdays", "minutes", "provider")
    assert list(rows) == [([1], 30, cast.staff.cora.pk)] * 2
    assert [plan.phase_changes.count() for plan in Plan.objects.all()] == [1, 1]
    group.refresh_from_db()
    assert (group.place, group.version, left.weekdays) == ("Room 7", 1, [0, 2, 4])


def test_a_new_place_or_name_draws_no_line(cast):
    group = make_group(cast)
    change(cast, group, why="", place="Room 7", name="Ours", weekdays=group.weekdays)
    assert cast.plan.phase_changes.count() == 0


def test_a_change_of_a_group_that_cannot_be_is_refused(cast):
    group = make_group(cast)
    make_group(cast, name="Taken", plans=[], time=None)
    groups.join_group(group, [new(cast.jonas)], actor=cast.cora)
    for values, message in (
        ({"name": "Taken"}, "Another group has this name"),
        ({"seats": 1}, "1 seats, and 2 students"),
        ({"minutes": 30, "why": ""}, "why it changes"),
        ({"minutes": 30, "seen": 7}, "Someone changed this group"),
    ):
        with pytest.raises(DomainError, match=message):
            change(cast, group, **values)
    groups.end_plan_group(group, actor=cast.cora)
    with pytest.raises(DomainError, match="has ended"):
        change(cast, group, minutes=30)
