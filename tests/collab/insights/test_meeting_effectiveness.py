"""Totals over a team's last meetings, and what is too little data to show."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.decisions.models import Decision
from collab.discussion.models import Contribution
from collab.feedback.models import Pulse
from collab.followup.models import Cause, TeachingChange
from collab.insights.queries.evenness import evenness_of
from collab.insights.queries.meeting_effectiveness import meeting_effectiveness_of
from collab.meetings.models import Attendance, Meeting
from teams.lib import clock
from teams.lib.request_cache import request_cache


@pytest.fixture
def past(cast):
    """Two closed meetings, four and three weeks ago, each with two items, one of them about data."""
    return [hold(cast, weeks) for weeks in (4, 3)]


def hold(cast, weeks):
    starts = cast.school.at(cast.school.today() - dt.timedelta(weeks=weeks), dt.time(10, 10))
    meeting = Meeting.objects.create(
        team=cast.team,
        title="t",
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=45),
        started_at=starts,
        closed_at=starts + dt.timedelta(minutes=45),
        state="closed",
    )
    for position, (kind, used) in enumerate([("data", 12), ("other", 6)]):
        topic = Topic.objects.create(team=cast.team, title="t", kind=kind)
        AgendaItem.objects.create(
            topic=topic,
            meeting=meeting,
            position=position,
            title="t",
            minutes=15,
            minutes_planned=10,
            kind="explore" if kind == "data" else "inform",
            state="done",
            seconds_used=used * 60,
            ended_at=starts,
        )
    return meeting


def say(item, user, times):
    for _ in range(times):
        Contribution.objects.create(item=item, author=user, text="x", client_key=uuid.uuid4())


def test_a_team_without_meetings_says_so(cast):
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (value.rows, value.evenness, value.minutes_chart, value.rating_chart) == ([], None, None, None)
    assert value.minutes.percent is None


def test_planned_against_used_by_meeting_and_by_kind(cast, past):
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert [(row.meeting, row.planned, row.used, row.reached) for row in value.rows] == [
        (past[0], 20, 18, 2),
        (past[1], 20, 18, 2),
    ]
    assert [(row.label, row.planned, row.used) for row in value.kinds] == [
        ("Inform", 20, 12),
        ("Explore", 20, 24),
    ]
    assert (value.minutes.part, value.minutes.whole) == (36, 40)
    assert value.minutes_chart.title == "4 min less than planned"
    assert [row.meeting for row in meeting_effectiveness_of(cast.ana, cast.team, last=1).rows] == [past[1]]


def test_other_teams_and_open_meetings_do_not_count(cast, past):
    assert meeting_effectiveness_of(cast.zed, cast.other_team).rows == []
    Meeting.objects.filter(pk=past[0].pk).update(state="cancelled")
    assert len(meeting_effectiveness_of(cast.ana, cast.team).rows) == 1


def test_instruction_is_a_share_of_the_discussion_of_data(cast, past):
    first, second = (meeting.items.first() for meeting in past)
    say(first, cast.ana, 3)
    say(second, cast.ana, 1)
    say(past[0].items.last(), cast.ana, 5)
    Cause.objects.create(item=second, author=cast.ana, kind="student", text="x", client_key=uuid.uuid4())
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (value.instruction_minutes.part, value.instruction_minutes.whole) == (0, 24)
    Cause.objects.create(item=first, author=cast.ana, kind="instruction", text="x", client_key=uuid.uuid4())
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (
        value.instruction_minutes.percent,
        value.instruction_contributions.part,
        value.instruction_contributions.whole,
    ) == (50, 3, 4)
    for _ in range(2):
        TeachingChange.objects.create(item=second, teacher=cast.staff.ana, text="x", client_key=uuid.uuid4())
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (
        value.instruction_minutes.percent,
        value.instruction_contributions.part,
        value.instruction_items,
    ) == (100, 4, 2)


def test_decisions_are_checked_in_time_later_or_not(cast, past):
    item, today = past[0].items.first(), cast.school.today()

    def decide(days_ago, **fields):
        return Decision.objects.create(
            item=item,
            text="x",
            decided_by=cast.ana,
            check_on=today - dt.timedelta(days=days_ago),
            client_key=uuid.uuid4(),
            **fields,
        )

    decide(20, result_on=today - dt.timedelta(days=20), result={"n": 4})
    decide(3, result_on=today - dt.timedelta(days=3), result={"n": 0})
    decide(20)
    decide(3)
    late = decide(40)
    topic = Topic.objects.create(team=cast.team, title="c", kind="check", decision=late)
    AgendaItem.objects.create(topic=topic, title="c", state="done", ended_at=clock.now())
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (value.checked_in_time.part, value.checked_in_time.whole, value.checked_late) == (1, 3, 1)


def test_only_due_action_items_count_as_kept(cast, past):
    item, today = past[0].items.first(), cast.school.today()
    week_ago = today - dt.timedelta(days=7)
    for state, due_on, finished in [
        ("done", week_ago, -8),
        ("done", week_ago, -1),
        ("open", week_ago, None),
        ("dropped", week_ago, None),
        ("open", today, None),
    ]:
        Action.objects.create(
            team=cast.team,
            item=item,
            text="x",
            owner=cast.staff.ana,
            due_on=due_on,
            state=state,
            reason="r" if state == "dropped" else "",
            finished_at=clock.now() + dt.timedelta(days=finished) if finished else None,
            made_by=cast.ana,
            client_key=uuid.uuid4(),
        )
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert (value.actions_kept.part, value.actions_kept.whole, value.actions_in_time) == (2, 3, 1)


def test_a_rating_needs_four_answers(cast, past):
    def answer(meeting, question, yes, no):
        Pulse.objects.create(meeting=meeting, question=question, answer="yes", count=yes)
        Pulse.objects.create(meeting=meeting, question=question, answer="no", count=no)

    answer(past[0], "time", 3, 0)
    answer(past[1], "time", 3, 1)
    answer(past[1], "done", 0, 3)
    assert [row.yes for row in meeting_effectiveness_of(cast.ana, cast.team).rows] == [None, 75]
    assert meeting_effectiveness_of(cast.ana, cast.team).rating_chart is None
    answer(past[0], "track", 1, 3)
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert [row.yes for row in value.rows] == [25, 75]
    assert value.rating_chart.title == "75% “yes” in the last meeting, 25% in the first"


def test_evenness_needs_three_people_and_six_contributions(cast, past):
    item = past[0].items.first()
    say(item, cast.ana, 5)
    say(item, cast.tom, 1)
    assert meeting_effectiveness_of(cast.ana, cast.team).evenness is None
    Attendance.objects.create(meeting=past[0], staff=cast.staff.sol, mark="remote")
    found = meeting_effectiveness_of(cast.ana, cast.team).evenness
    assert (found.of, found.meetings) == (3.0, 1)
    assert (found.percent, found.as_if) == (41, 1.6)
    say(item, cast.tom, 4)
    say(item, cast.sol, 5)
    assert meeting_effectiveness_of(cast.ana, cast.team).evenness.percent == 100


@pytest.mark.parametrize(
    ("counts", "people", "share", "as_if"),
    [([4, 4], 2, 1.0, 2.0), ([8], 4, 0.0, 1.0), ([1, 1, 1], 9, 1.0, 3.0), ([1], 1, 1.0, 1.0)],
)
def test_evenness_of_plain_cases(counts, people, share, as_if):
    assert evenness_of(counts, people) == pytest.approx((share, as_if))


def test_query_count_does_not_grow_with_meetings(cast, past, django_assert_num_queries):
    for last in (1, 2):
        with request_cache(), django_assert_num_queries(9):
            meeting_effectiveness_of(cast.ana, cast.team, last=last)


def test_the_total_is_of_all_seconds_not_of_rounded_meetings(cast, past):
    """18.5 and 18.5 min are 37, although each meeting's row says 18."""
    for meeting in past:
        item = meeting.items.order_by("position")[0]
        AgendaItem.objects.filter(pk=item.pk).update(seconds_used=12 * 60 + 30)
    value = meeting_effectiveness_of(cast.ana, cast.team)
    assert ([row.used for row in value.rows], value.minutes.part) == ([18, 18], 37)
    assert value.minutes_chart.title == "3 min less than planned"
    assert value.minutes_chart.sentence.startswith("37 of 40 planned min used over 2 meetings.")


def test_the_minutes_that_a_step_gave_to_items_are_planned_once(cast, past):
    """A step of 20 min that gave 15 to an item has 5: what the agenda said before the meeting."""
    step = past[0].items.order_by("position")[0]
    AgendaItem.objects.filter(pk=step.pk).update(minutes=5, minutes_planned=None, minutes_reserved=20)
    assert meeting_effectiveness_of(cast.ana, cast.team).rows[0].planned == 15
