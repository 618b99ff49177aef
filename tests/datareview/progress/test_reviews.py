"""Decisions about plans, with the data they were made on."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied

from datareview.plans.services.checks import Conflicts
from datareview.progress.models import Review
from datareview.progress.services.reviews import reopen_plan, review_plan
from datareview.records.models import Score, Student
from teams.lib.errors import DomainError
from tests.conftest import make_plan


def review(cast, decision="continue", *, actor=None, **changes):
    values = {
        "reason": "Growing",
        "next_review_on": cast.school.today() + dt.timedelta(weeks=6),
        "due_on": cast.plan.review_on,
        "despite": True,
    }
    return review_plan(cast.plan, actor=actor or cast.sol, decision=decision, **{**values, **changes})


def test_continuing_sets_the_next_review_and_keeps_the_data(cast):
    done = review(cast)
    cast.plan.refresh_from_db()
    assert cast.plan.review_on == cast.school.today() + dt.timedelta(weeks=6)
    kept = Review.objects.get().evidence
    assert (kept["as_of"], kept["verdict"]["n"]) == (
        cast.school.today().isoformat(),
        done.evidence["verdict"]["n"],
    )
    Score.objects.all().delete()
    assert Review.objects.get().evidence == kept


def test_a_change_draws_a_phase_line(cast):
    review(cast, "change", what_changes="Smaller group")
    assert cast.plan.phase_changes.get().what == "Smaller group"


def test_a_change_says_what_changes(cast):
    with pytest.raises(DomainError, match="what changes"):
        review(cast, "change")
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("decision", "outcome"),
    [("fade", "faded"), ("end", "met"), ("not_met", "not_met"), ("refer", "referred")],
)
def test_an_end_has_an_outcome_and_needs_no_next_date(cast, decision, outcome):
    review(cast, decision, next_review_on=None)
    cast.plan.refresh_from_db()
    assert (cast.plan.state, cast.plan.outcome, cast.plan.ended_on) == ("ended", outcome, cast.school.today())


@pytest.mark.parametrize(
    ("higher", "goal", "values", "said"),
    [
        (True, 60, [50, 61, 55], "The goal is 60; the last scores are 50, 61, 55."),
        (True, 60, [10, 60, 40, 61], ""),
        (False, 2, [3, 2, 1], ""),
        (False, 2, [0, 4, 3], "The goal is 2; the last scores are 0, 4, 3."),
        (True, 60, [], "No score since the plan began shows that the goal is met."),
    ],
)
def test_a_goal_that_the_last_scores_do_not_show_is_met_only_on_demand(cast, higher, goal, values, said):
    Score.objects.all().delete()
    cast.fluency.higher_is_better = higher
    cast.fluency.save()
    type(cast.plan).objects.update(goal=goal, starts_on=cast.school.today() - dt.timedelta(weeks=9))
    for week, value in enumerate(reversed(values)):
        day = cast.school.today() - dt.timedelta(weeks=week)
        Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=day, value=value)
    if said:
        with pytest.raises(Conflicts) as caught:
            review(cast, "end", despite=False)
        assert caught.value.sentences == [said]
        review(cast, "not_met", despite=False)
    else:
        review(cast, "end", despite=False)
    assert Review.objects.count() == 1


def test_the_page_of_a_review_says_what_speaks_against_it_and_saves_all_the_same(cast, as_user):
    Score.objects.all().delete()
    client, page = as_user(cast.cora), f"{cast.plan.get_absolute_url()}review/"
    data = {"decision": "end", "reason": "Reads well", "due_on": cast.plan.review_on}
    answer = client.post(page, data)
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert "No score since the plan began shows that the goal is met." in answer.content.decode()
    client.post(page, data | {"despite": "on"})
    assert Review.objects.get().decision == "end"


def test_a_review_from_the_desk_goes_on_there(cast, as_user):
    client, page = as_user(cast.cora), f"{cast.plan.get_absolute_url()}review/"
    jonas = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    desk = client.get(f"/desk/?section=not_logged&line=plan-{cast.plan.uuid}").content.decode()
    onward = f"section=not_logged&line=plan-{jonas.uuid}"
    asked = f"?desk={quote(onward, safe='')}"
    assert f'href="{page}{asked}"' in desk
    assert f'name="desk" value="{onward.replace("&", "&amp;")}"' in client.get(page + asked).content.decode()
    data = {"decision": "fade", "reason": "Reads well", "due_on": cast.plan.review_on}
    assert client.post(page, data | {"desk": onward})["Location"] == f"/desk/?{onward}"


def test_an_earlier_review_is_quoted_only_to_who_came_second(cast, as_user):
    seen = cast.plan.review_on
    review(cast, reason="Two weeks more")
    cast.plan.refresh_from_db()
    page = f"{cast.plan.get_absolute_url()}review/"
    for due_on, is_quoted in ((seen, True), (cast.plan.review_on, False)):
        data = {"decision": "change", "reason": "Stuck", "due_on": due_on}
        answer = as_user(cast.cora).post(page, data)
        assert answer.status_code == 422
        assert ("Two weeks more" in answer.content.decode().split('name="reason"')[0]) is is_quoted


def test_the_second_of_two_reviewers_is_told(cast):
    due = cast.plan.review_on
    review(cast, reason="First")
    with pytest.raises(DomainError, match="in the meantime"):
        review(cast, "end", actor=cast.cora, due_on=due)
    assert Review.objects.get().reason == "First"


def test_a_reason_is_required(cast):
    with pytest.raises(DomainError):
        review(cast, reason=" ")


@pytest.mark.parametrize("person", ["ana", "gil", "ada", "zed"])
def test_who_may_not_review(cast, person):
    with pytest.raises(PermissionDenied):
        review(cast, actor=getattr(cast, person))


@pytest.mark.parametrize("days", [None, 0, 7])
def test_continuing_needs_a_day_after_today_and_after_the_one_now_due(cast, days):
    """The plan is due in a week: that day is refused, the day after it is accepted."""
    when = None if days is None else cast.school.today() + dt.timedelta(days=days)
    with pytest.raises(DomainError, match="Choose a day for the next review"):
        review(cast, next_review_on=when)
    assert not Review.objects.exists()
    review(cast, next_review_on=cast.school.today() + dt.timedelta(days=8))
    assert Review.objects.get().decision == "continue"


def test_what_has_ended_is_not_reviewed_again(cast):
    review(cast, "end", next_review_on=None)
    with pytest.raises(DomainError, match="This plan has already ended"):
        review(cast, "fade", next_review_on=None, due_on=None)
    assert Review.objects.get().decision == "end"


def test_intensifying_draws_a_phase_line_and_a_second_of_the_day_replaces_its_words(cast):
    review(cast, "intensify", what_changes="Five days a week")
    cast.plan.refresh_from_db()
    review(
        cast,
        "change",
        what_changes="Five days, two children",
        next_review_on=cast.school.today() + dt.timedelta(weeks=9),
    )
    assert [(line.changed_on, line.what) for line in cast.plan.phase_changes.all()] == [
        (cast.school.today(), "Five days, two children")
    ]


def reopened(cast, **changes):
    values = {"reason": "It came back", "next_review_on": cast.plan.review_on + dt.timedelta(weeks=6)}
    return reopen_plan(cast.plan, actor=cast.sol, **{**values, **changes})


def test_a_plan_that_ended_goes_on_with_its_reviews_and_a_phase_line(cast):
    review(cast, "end", next_review_on=None)
    plan = reopened(cast)
    assert (plan.state, plan.outcome, plan.ended_on) == ("active", "", None)
    assert plan.goal_on == cast.plan.goal_on  # the line of earlier scores stays
    assert plan.reviews.count() == 1
    line = plan.phase_changes.get()
    today = cast.school.today()
    assert (line.what, line.changed_on, line.paused_from) == ("Reopened: It came back", today, today)
    assert reopened(cast).phase_changes.count() == 1  # a second click
    cast.plan.refresh_from_db()
    assert (
        review(cast, "continue", next_review_on=plan.review_on + dt.timedelta(weeks=2)).due_on
        == plan.review_on
    )


def test_a_plan_that_began_again_is_not_reopened(cast):
    review(cast, "end", next_review_on=None)
    make_plan(cast.maya, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    with pytest.raises(DomainError, match="same plan again"):
        reopened(cast)
    cast.plan.refresh_from_db()
    assert (cast.plan.state, cast.plan.phase_changes.count()) == ("ended", 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"next_review_on": None}, "Choose a day"),
        ({"next_review_on": dt.date(2020, 1, 1)}, "Choose a day"),
    ],
)
def test_reopening_needs_a_reason_and_a_day(cast, changes, words):
    review(cast, "end", next_review_on=None)
    with pytest.raises(DomainError, match=words):
        reopened(cast, **changes)


def test_a_plan_of_a_student_who_left_is_not_reopened(cast):
    review(cast, "end", next_review_on=None)
    Student.objects.filter(pk=cast.maya.pk).update(status="left", left_on=cast.school.today())
    with pytest.raises(DomainError, match="has left"):
        reopened(cast)


@pytest.mark.parametrize("person", ["ana", "tom", "pia", "ada"])
def test_who_may_not_reopen(cast, person):
    review(cast, "end", next_review_on=None)
    with pytest.raises(PermissionDenied):
        reopen_plan(cast.plan, actor=getattr(cast, person), reason="Why", next_review_on=None)
