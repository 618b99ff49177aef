"""Reopened, never started and abandoned meetings."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services import items
from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.discussion.queries import discussion_of
from collab.meetings.models import Meeting
from collab.planning.queries.meeting_list import meetings_of
from collab.planning.services import lapsing, meetings
from collab.preparation.services import queue
from collab.proposals import services as proposals
from collab.room.queries.room import room_of
from collab.room.services import clock, lifecycle
from collab.team_page.queries.team_page import team_page
from teams.lib.clock import now
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from tests.conftest import TODAY, make_meeting
from tests.factories.meetings import current, say


@pytest.fixture
def coming(cast):
    """The team's meeting next week."""
    meeting = make_meeting(cast.team, cast.staff.tom)
    week = dt.timedelta(days=7)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=cast.meeting.starts_at + week, ends_at=cast.meeting.ends_at + week
    )
    return meeting


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


def add(meeting, actor, title="Not reached"):
    return items.add_item(meeting, actor=actor, title=title, minutes=3, kind="discuss", capture="notes")


def visits(topic):
    return sorted(AgendaItem.objects.filter(topic=topic).values_list("state", "meeting_id"), key=str)


def test_reopening_restores_unreached_items_from_the_queue(cast, coming, live):
    item = add(live, cast.ana)
    lifecycle.close_meeting(live, actor=cast.ana)
    assert visits(item.topic) == [("moved", live.pk), ("waiting", coming.pk)]
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert visits(item.topic) == [("waiting", live.pk)]
    clock.go_to_item(Meeting.objects.get(pk=live.pk), actor=cast.ana, item_uuid=str(item.uuid))
    lifecycle.close_meeting(live, actor=cast.ana)
    assert visits(item.topic) == [("done", live.pk)]
    assert Topic.objects.get(pk=item.topic_id).is_closed


def test_reopening_continues_the_item_that_closing_interrupted(cast, live):
    item = current(live)
    lifecycle.close_meeting(live, actor=cast.ana)
    assert visits(item.topic) == [("done", live.pk)]
    reopened = lifecycle.reopen_meeting(live, actor=cast.ana)
    assert (current(reopened), Topic.objects.get(pk=item.topic_id).is_closed) == (item, False)
    assert (current(reopened).ended_at, room_of(cast.ana, reopened).place) == (None, 1)


def test_reopening_starts_the_first_item_not_reached_if_none_was_interrupted(cast, live):
    AgendaItem.objects.filter(pk=current(live).pk).update(state="done")
    lifecycle.close_meeting(live, actor=cast.ana)
    reopened = lifecycle.reopen_meeting(live, actor=cast.ana)
    assert room_of(cast.ana, reopened).place == 2


def test_items_already_prepared_for_the_next_meeting_stay_there(cast, coming, live):
    item = add(live, cast.ana)
    lifecycle.close_meeting(live, actor=cast.ana)
    copy = AgendaItem.objects.get(topic=item.topic, meeting=coming)
    Contribution.objects.create(
        item=copy, author=cast.tom, kind="note", text="Before", is_before=True, client_key=copy.uuid
    )
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert visits(item.topic) == [("moved", live.pk), ("waiting", coming.pk)]


def test_a_review_on_the_next_agenda_does_not_prevent_reopening(cast, coming):
    cast.plan.review_on = TODAY
    cast.plan.save()
    item = proposals.propose_review(cast.plan, actor=cast.ana, team=cast.team)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    lifecycle.close_meeting(live, actor=cast.ana)
    assert Topic.objects.filter(plan=cast.plan, is_closed=False).count() == 1
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert Topic.objects.filter(plan=cast.plan, is_closed=False).count() == 1
    assert Meeting.objects.get(pk=live.pk).state == "live"


def test_only_the_last_meeting_is_reopened(cast, coming, live):
    lifecycle.close_meeting(live, actor=cast.ana)
    second = lifecycle.start_meeting(coming, actor=cast.ana)
    lifecycle.close_meeting(second, actor=cast.ana)
    with pytest.raises(DomainError, match="has met since"):
        lifecycle.reopen_meeting(live, actor=cast.ana)


def test_an_unstarted_meeting_is_cancelled_and_its_topics_requeued(cast, coming):
    item = proposals.propose_candidate(cast.candidate, actor=cast.ana, team=cast.team)
    back = dt.timedelta(days=8)
    Meeting.objects.filter(pk=cast.meeting.pk).update(
        starts_at=now() - back, ends_at=now() - back + dt.timedelta(hours=1)
    )
    emails = Mail.objects.count()
    assert (lapsing.expire_unstarted_meetings(), lapsing.expire_unstarted_meetings()) == (1, 0)
    assert visits(item.topic) == [("moved", cast.meeting.pk), ("waiting", None)]
    assert queue.fill_all_agendas() >= 1
    assert visits(item.topic) == [("moved", cast.meeting.pk), ("waiting", coming.pk)]
    assert cast.meeting in meetings_of(cast.ana, cast.school).past
    assert team_page(cast.ana, cast.team).next_meeting == coming
    assert Mail.objects.count() == emails


def test_a_meeting_that_is_late_today_is_not_cancelled(cast):
    Meeting.objects.filter(pk=cast.meeting.pk).update(
        starts_at=now() - dt.timedelta(minutes=2), ends_at=now() - dt.timedelta(minutes=1)
    )
    on = Meeting.objects.get(pk=cast.meeting.pk).ends_at.astimezone(cast.school.tz).date()
    assert lapsing.expire_unstarted_meetings() == (on < cast.school.today())


def test_private_writing_is_revealed_when_the_meeting_closes(cast, live):
    item = current(live)
    contributions.write_privately(item, actor=cast.ana)
    say(item, cast.tom, "Mine")
    AgendaItem.objects.filter(pk=item.pk).update(state="done")
    lifecycle.close_meeting(live, actor=cast.ana)
    discussion = discussion_of(cast.ana, AgendaItem.objects.get(pk=item.pk))
    assert [row.text for group in discussion.kinds for row in group.contributions] == ["Mine"]


def test_private_writing_needs_the_current_item(cast, live):
    left = current(live)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(live.items.order_by("position")[1].uuid))
    with pytest.raises(DomainError, match="no longer being discussed"):
        contributions.write_privately(left, actor=cast.tom)


def test_an_item_started_meanwhile_is_not_removed(cast):
    item = cast.meeting.items.order_by("position").first()
    lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    with pytest.raises(DomainError, match="has already started"):
        items.remove_item(item, actor=cast.ana)
    assert AgendaItem.objects.get(pk=item.pk).meeting_id == cast.meeting.pk


def test_a_step_with_contributions_is_not_removed(cast):
    step = cast.meeting.items.first()
    Topic.objects.filter(pk=step.topic_id).update(kind="step")
    Contribution.objects.create(
        item=step, author=cast.tom, kind="note", text="Before", is_before=True, client_key=step.uuid
    )
    with pytest.raises(DomainError, match="already written on this step"):
        items.remove_item(step, actor=cast.ana)
    assert step.contributions.count() == 1


@pytest.mark.parametrize("what", ["review", "candidate"])
def test_a_topic_finished_in_the_live_meeting_waits_for_the_next(cast, what, settings):
    def propose():
        if what == "review":
            return proposals.propose_review(cast.plan, actor=cast.ana, team=cast.team)
        return proposals.propose_candidate(cast.candidate, actor=cast.ana, team=cast.team)

    item = propose()
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    first = live.items.order_by("position")[0]
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    settings.CLOCK_OFFSET += dt.timedelta(minutes=2)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(first.uuid))
    again = propose()
    assert (again.pk != item.pk, again.meeting) == (True, None)
    assert propose() == again
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not Topic.objects.get(pk=item.topic_id).is_closed


@pytest.mark.django_db(transaction=True)
def test_two_people_planning_the_same_meeting_at_once_plan_it_once(cast):
    def plan():
        try:
            return meetings.plan_meeting(
                cast.team,
                actor=cast.ana,
                title="Once",
                starts_at=cast.meeting.starts_at + dt.timedelta(days=3),
                minutes=45,
            )
        except DomainError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        made = [job.result() for job in [two.submit(plan), two.submit(plan)]]
    assert made.count(None) == 1
    assert Meeting.objects.filter(title="Once").count() == 1
