"""A plan is measured by a standard: baseline, goal, points, verdict and origin follow the answers of its checks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.models import EssentialStandard
from datareview.hand_scores.services import enter_score
from datareview.plans.models import Plan
from datareview.plans.queries.points import points_of_plans, recent_points_of
from datareview.plans.queries.starting import plan_start
from datareview.provenance.queries.values import named_value
from datareview.records.models import AssessmentItem, ItemResponse, Measure, Standard
from datareview.records.values import point_addresses
from datareview.standard_measures.queries import measure_of_standard, measures_of_standards
from datareview.standard_measures.services import kept_measure
from teams.lib.errors import DomainError
from tests.factories.assessments import answer, make_assessment, make_standard

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def standard(cast):
    return make_standard(cast.school)


@pytest.fixture
def checks(cast, standard):
    """Checks of four items six weeks ago, a week ago and today; Jonas had one, two and three right."""
    found = []
    for weeks, letters in ((6, "AAAA"), (1, "ABBB"), (0, "ABCC")):
        one = make_assessment(
            cast.team,
            "ABCD",
            title=f"Check {weeks}",
            given_on=cast.school.today() - weeks * WEEK,
            standard=standard,
        )
        answer(one, cast.jonas, letters)
        found.append(one)
    return found


def this_year(cast):
    today = cast.school.today()
    return cast.school.years.get(starts_on__lte=today, ends_on__gte=today)


def start(cast, as_user, standard, **changes):
    today = cast.school.today()
    sent = {
        "concern": "Fractions",
        "strategy": cast.strategy.uuid,
        "provider": cast.staff.sol.uuid,
        "tier": 2,
        "weekdays": [0, 2],
        "minutes": 20,
        "measure": standard.uuid,
        "baseline": 62.5,
        "goal": 80,
        "goal_on": today + 12 * WEEK,
        "review_on": today + 6 * WEEK,
        "despite": "on",
        **changes,
    }
    return as_user(cast.cora).post(f"/plans/start/?student={cast.jonas.uuid}", sent)


def test_a_standard_is_offered_with_the_last_checks_as_baseline_and_mastery_as_goal(
    cast, checks, standard, as_user
):
    begun = plan_start(cast.jonas, None, cast.cora, {"measure": str(standard.uuid)})
    assert [str(one.uuid) for one in begun.standards] == [str(standard.uuid)]
    assert (begun.initial["baseline"], begun.initial["goal"]) == ("62.5", "80")
    assert "75" in begun.baseline_words
    assert "80%" in begun.goal_words
    page = as_user(cast.cora).get(f"/plans/start/?student={cast.jonas.uuid}&measure={standard.uuid}").text
    assert f'value="{standard.uuid}" selected' in page
    year = this_year(cast)
    EssentialStandard.objects.create(team=cast.team, year=year, standard=standard, mastery=0.6)
    again = plan_start(cast.jonas, None, cast.cora, {"measure": str(standard.uuid)})
    assert again.initial["goal"] == ""  # 62.5 is over it
    assert "mastered" in again.goal_words


def test_the_plan_follows_the_answers_also_when_they_are_corrected(cast, checks, standard, as_user):
    sent = start(cast, as_user, standard)
    plan = Plan.objects.get(student=cast.jonas, measure__standard=standard)
    assert sent["Location"] == plan.get_absolute_url()
    today = cast.school.today()
    days = [(today - WEEK, 50.0), (today, 75.0)]  # from three weeks before the start on
    assert points_of_plans([plan], today)[plan.pk] == days
    assert recent_points_of({cast.jonas.pk, cast.maya.pk}, plan.measure, today - WEEK, today) == {
        cast.jonas.pk: days,
        cast.maya.pk: [],
    }
    page = as_user(cast.cora).get(plan.get_absolute_url()).text
    assert "Computed from the answers" in page
    assert point_addresses(cast.jonas.uuid, plan.measure, [today])[0].replace("&", "&amp;") in page
    ItemResponse.objects.filter(student=cast.jonas, item__assessment=checks[2], item__number=4).update(
        points=1
    )
    assert points_of_plans([plan], today)[plan.pk][-1] == (today, 100.0)
    checks[2].deleted_at = checks[2].created_at
    checks[2].save()
    assert points_of_plans([plan], today)[plan.pk] == days[:1]
    with pytest.raises(DomainError, match="Correct the answers"):
        enter_score(cast.jonas, plan.measure, actor=cast.cora, taken_on=today, value=50)


def test_a_check_of_two_items_or_entered_in_part_is_no_value(cast, checks, standard):
    today = cast.school.today()
    measure = measure_of_standard(standard)
    AssessmentItem.objects.filter(assessment=checks[2], number__gt=2).update(is_dropped=True)
    ItemResponse.objects.filter(student=cast.jonas, item__assessment=checks[1], item__number=1).delete()
    found = recent_points_of({cast.jonas.pk}, measure, today - 8 * WEEK, today)
    assert found == {cast.jonas.pk: [(today - 6 * WEEK, 25.0)]}


def test_a_value_says_which_answers_it_comes_from_and_who_entered_them(cast, checks, standard):
    today = cast.school.today()
    item = checks[2].items.get(number=4)
    ItemResponse.objects.filter(student=cast.jonas, item=item).update(entered_by=cast.tom)
    value = named_value(cast.cora, cast.jonas, f"check-{standard.pk}-{today.isoformat()}")
    (one,) = value.values
    assert (one.text, one.origin.who, value.day) == ("3 of 4", cast.tom.short_name, today)
    assert "Check 0" in value.note
    assert named_value(cast.cora, cast.maya, f"check-{standard.pk}-{today.isoformat()}").values == []


def test_a_measure_of_a_standard_is_in_no_list_of_measures_and_there_is_one(cast, checks, standard):
    Measure.objects.create(school=cast.school, key=f"standard-{standard.pk}", name=f"Standard {standard.pk}")
    measure = kept_measure(measure_of_standard(standard))
    standard = Standard.objects.get(pk=standard.pk)
    assert kept_measure(measure_of_standard(standard)) == measure
    assert measure.uuid == standard.uuid
    assert measure not in Measure.objects.all()
    assert measure not in cast.school.measures.all()
    assert measure in Measure.every.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.every.filter(pk=measure.pk).update(derived_from="")


def test_only_standards_that_were_checked_or_are_essential_are_offered(cast, checks, standard):
    essential = make_standard(cast.school, "4.OA.A.1", "Interpret a multiplication.")
    make_standard(cast.school, "4.MD.A.1", "Know sizes of units.")
    assert [one.standard for one in measures_of_standards(cast.school, [cast.jonas.pk])] == [standard]
    assert measures_of_standards(cast.school, [cast.maya.pk]) == []
    EssentialStandard.objects.create(team=cast.team, year=this_year(cast), standard=essential)
    assert [one.standard for one in measures_of_standards(cast.school, [cast.maya.pk])] == [essential]


def test_a_group_starts_on_a_standard_with_each_students_own_baseline(cast, checks, standard, as_user):
    answer(checks[2], cast.maya, "AAAA")
    address = f"{reverse('datareview:plan-group-start')}?student={cast.jonas.uuid}&student={cast.maya.uuid}"
    page = as_user(cast.cora).get(f"{address}&measure={standard.uuid}")
    initial = page.context["form"].initial
    assert initial[f"baseline-{cast.jonas.uuid}"] == "62.5"
    assert initial[f"baseline-{cast.maya.uuid}"] == "25"
    assert initial[f"goal-{cast.maya.uuid}"] == "80"
    sent = {name: value for name, value in initial.items() if value not in (None, "")}
    sent |= {
        "strategy": cast.strategy.uuid,
        "provider": cast.staff.sol.uuid,
        "name": "Fractions",
        "despite": "on",
    }
    answered = as_user(cast.cora).post(f"{address}&measure={standard.uuid}", sent)
    assert answered.status_code == 302, answered.context["form"].errors
    plans = Plan.objects.filter(measure__standard=standard)
    assert {(plan.student, plan.baseline, plan.goal) for plan in plans} == {
        (cast.jonas, 62.5, 80.0),
        (cast.maya, 25.0, 80.0),
    }


def test_typed_answers_move_the_plan_of_their_student(cast, standard, as_user):
    """From the grid to the plan without anything in between."""
    check = make_assessment(cast.team, "ABCD", sections=[cast.section], standard=standard)
    plan_measure = kept_measure(measure_of_standard(standard))
    cells = [TypedCell(cast.jonas.uuid, number, letter) for number, letter in enumerate("ABCA", start=1)]
    save_answers(check, cells, actor=cast.ana, section=cast.section)
    today = cast.school.today()
    assert recent_points_of({cast.jonas.pk}, plan_measure, today, today) == {cast.jonas.pk: [(today, 75.0)]}
