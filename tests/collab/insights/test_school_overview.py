"""Teams × weeks."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from collab.actions.models import Action
from collab.insights.queries.school_overview import teams_by_week
from collab.meetings.models import Meeting
from teams.directory.cycles import monday_of
from teams.lib import clock
from teams.lib.request_cache import request_cache


@pytest.fixture
def noon(cast):
    """A Wednesday noon two weeks ago, school time."""
    day = monday_of(cast.school.today()) - dt.timedelta(days=12)
    return cast.school.at(day, dt.time(12))


def meet(cast, starts, state, **fields):
    return Meeting.objects.create(
        team=cast.team,
        title="Then",
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=45),
        state=state,
        **fields,
    )


def add_action(cast, due_on, state, reason=""):
    return Action.objects.create(
        team=cast.team,
        owner=cast.staff.tom,
        text="Bring the running records",
        due_on=due_on,
        state=state,
        reason=reason,
        made_by=cast.tom,
        client_key=uuid.uuid4(),
    )


def row_of(cast, user):
    rows = {row.team.name: row for row in teams_by_week(user, cast.school).rows}
    return rows["Grade 4"]


def test_a_held_meeting_takes_precedence_over_a_cancelled_one_in_the_same_week(cast, noon):
    Meeting.objects.all().delete()
    meet(cast, noon, "cancelled")
    held = meet(cast, noon + dt.timedelta(days=1), "closed", closed_at=clock.now())
    row = row_of(cast, cast.pia)
    assert [[(mark.state, mark.meeting) for mark in week.marks] for week in row.weeks][-3:] == [
        [("met", held)],
        [],
        [],
    ]
    assert (row.met, row.held_or_due, row.met_share) == (1, 1, 1.0)


def test_each_meeting_of_a_week_counts(cast, noon, as_user):
    Meeting.objects.all().delete()
    meet(cast, noon, "closed", closed_at=clock.now())
    meet(cast, noon + dt.timedelta(days=1), "planned")
    meet(cast, noon + dt.timedelta(days=7), "cancelled")
    row = row_of(cast, cast.pia)
    assert [[mark.state for mark in week.marks] for week in row.weeks][-3:] == [
        ["met", "missed"],
        ["cancelled"],
        [],
    ]
    assert (row.met, row.held_or_due) == (1, 3)
    page = as_user(cast.pia).get(reverse("collab:overview-show")).content.decode()
    assert (
        page.count('class="week week-met"') == page.count('class="week week-missed"') == 1 + 1
    )  # and the legend


def test_a_planned_meeting_in_the_past_was_missed_and_one_to_come_is_not_due(cast, noon):
    Meeting.objects.all().delete()
    meet(cast, noon, "planned")
    row = row_of(cast, cast.pia)
    assert (row.met, row.held_or_due, row.met_share) == (0, 1, 0.0)


def test_action_items_count_in_the_week_they_are_due_and_dropped_ones_do_not(cast, noon):
    Action.objects.all().delete()
    due = noon.date()
    add_action(cast, due, "done")
    add_action(cast, due, "open")
    add_action(cast, due, "dropped", reason="The assembly took the time")
    add_action(cast, cast.school.today(), "open")  # there is still time
    add_action(cast, cast.school.today() + dt.timedelta(days=3), "open")
    row = row_of(cast, cast.pia)
    assert (row.actions_done, row.actions_due) == (1, 2)
    assert row.oldest_open.due_on == due


def test_without_anything_due_there_is_no_share_and_the_sentence_says_so(cast):
    Meeting.objects.all().delete()
    strip = teams_by_week(cast.pia, cast.school)
    assert strip.rows[0].met_share is None
    assert strip.finding == "No meetings were due in these 12 weeks."


def test_the_strip_shows_own_teams_only_to_a_teacher_and_none_to_a_stranger(cast):
    assert [row.team for row in teams_by_week(cast.ana, cast.school).rows] == [cast.team]
    assert teams_by_week(cast.zed, cast.school).rows == []


def test_query_count_does_not_grow_with_teams(cast, django_assert_num_queries):
    from tests.conftest import make_meeting, make_team

    with request_cache(), django_assert_num_queries(7):
        teams_by_week(cast.pia, cast.school)
    for name in ("Grade 5", "Grade 3"):
        make_meeting(make_team(cast.school, name, 5, [cast.staff.gil]), cast.staff.gil)
    with request_cache(), django_assert_num_queries(7):
        teams_by_week(cast.pia, cast.school)
