"""Start, join, run, close and reopen a meeting."""

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from collab.actions import services as actions
from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services import items
from collab.decisions.services import decisions
from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.meetings.models import Meeting, MeetingEvent
from collab.room.queries.listeners import regions_since
from collab.room.queries.room import room_of
from collab.room.services import clock, lifecycle
from datareview.records.models import Score
from teams.directory.models import TeamMember
from teams.lib.clock import now
from teams.lib.errors import DomainError
from teams.lib.tags.dates import iso, when
from tests.factories.meetings import add_action, current, say


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


def test_starting_makes_the_first_item_current_and_starting_again_changes_nothing(cast, live):
    first = live.items.first()
    assert (live.state, current(live)) == ("live", first)
    assert first.ends_at - first.started_at == dt.timedelta(minutes=10)
    again = lifecycle.start_meeting(live, actor=cast.tom)
    assert again.revision == live.revision


@pytest.mark.parametrize("person", ["gil", "zed", "pia"])
def test_only_members_start_and_contribute(cast, person):
    with pytest.raises(PermissionDenied):
        lifecycle.start_meeting(cast.meeting, actor=getattr(cast, person))


def test_every_change_raises_the_revision_and_names_the_region(cast, live):
    before = live.revision
    say(current(live), cast.tom)
    live.refresh_from_db()
    assert live.revision == before + 1
    assert regions_since(live.pk, before, until=before + 1) == ["contributions"]
    assert [event.revision for event in MeetingEvent.objects.filter(meeting=live)] == [1, 2]


def test_a_double_click_creates_one_contribution(cast, live):
    key = uuid.uuid4()
    assert say(current(live), cast.tom, key=key) == say(current(live), cast.tom, key=key)
    assert Contribution.objects.count() == 1


def test_an_empty_contribution_is_refused_with_a_sentence(cast, live):
    with pytest.raises(DomainError, match="Write what you see first"):
        say(current(live), cast.tom, text="  ")


def test_an_agreement_is_its_own_row_and_can_be_undone(cast, live):
    contribution = say(current(live), cast.tom)
    assert contributions.toggle_agreement(contribution, actor=cast.ana) is True
    assert contribution.agreements.count() == 1
    assert contributions.toggle_agreement(contribution, actor=cast.ana) is False
    with pytest.raises(DomainError):
        contributions.toggle_agreement(contribution, actor=cast.tom)


def test_a_second_click_on_next_does_not_skip_an_item(cast, live):
    first, second = live.items.order_by("position")
    for _click in range(2):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), expected=str(first.uuid))
    third = AgendaItem.objects.create(
        topic=Topic.objects.create(team=cast.team, title="More"), meeting=live, position=99, title="More"
    )
    clock.go_to_item(live, actor=cast.tom, item_uuid=str(third.uuid), expected=str(first.uuid))
    assert current(live) == second
    first.refresh_from_db()
    assert first.state == "done"


def test_going_back_makes_what_was_only_passed_wait_again(cast, live, settings):
    items.add_item(live, actor=cast.ana, title="Reading night", minutes=5)
    first, second, third = live.items.order_by("position")
    for item in (second, third, first):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid), anyway=True)
    assert list(live.items.order_by("position").values_list("state", flat=True)) == [
        "current",
        "waiting",
        "waiting",
    ]
    assert room_of(cast.ana, live).following.uuid == second.uuid
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    say(second, cast.tom)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(third.uuid), anyway=True)
    settings.CLOCK_OFFSET += dt.timedelta(minutes=1)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(first.uuid), anyway=True)
    assert list(live.items.order_by("position").values_list("state", flat=True)) == [
        "current",
        "done",
        "done",
    ]


def test_a_meeting_of_a_later_day_is_started_by_who_prepares_it_and_knows_it(cast, as_user):
    start = reverse("collab:meeting-start", args=[cast.meeting.uuid])
    page = cast.meeting.get_absolute_url()
    Meeting.objects.filter(pk=cast.meeting.pk).update(published_at=None)
    texts = [" ".join(as_user(who).get(page).content.decode().split()) for who in (cast.ana, cast.tom)]
    assert [(start in text, "Its agenda is still a draft. Once it" in text) for text in texts] == [
        (True, True),
        (False, False),
    ]
    found = []
    for who, sent in ((cast.tom, {"early": "yes"}), (cast.ana, {}), (cast.ana, {"early": "yes"})):
        as_user(who).post(start, sent)
        found.append(Meeting.objects.get(pk=cast.meeting.pk).state)
    assert found == ["planned", "planned", "live"]


def test_closing_says_how_much_is_left_and_what_of_it_goes_to_the_queue(cast, live, as_user):
    def said() -> str:
        page = " ".join(as_user(cast.ana).get(live.get_absolute_url()).content.decode().split())
        (text,) = re.findall(r"Close the meeting</button> <small>(.*?)</small>", page)
        return text.strip()

    assert said() == "1 item is not reached yet. It would go back to the queue."
    step = items.add_item(live, actor=cast.ana, title="Norms", minutes=5)
    Topic.objects.filter(pk=step.topic_id).update(kind="step")
    assert said() == (
        "2 items are not reached yet. 1 of them would go back to the queue, the others are steps of the protocol."
    )
    live.items.filter(state="waiting").exclude(pk=step.pk).delete()
    assert said() == "1 item is not reached yet."


def test_less_than_a_minute_off_is_on_time(cast, live):
    live.ends_at = live.starts_at + dt.timedelta(minutes=20)  # what is planned
    item, found = current(live), []
    for seconds in (0, 50, 120):
        AgendaItem.objects.filter(pk=item.pk).update(ends_at=item.ends_at + dt.timedelta(seconds=seconds))
        found.append(room_of(cast.ana, live).agenda.predicted_end - live.held_until)
    assert [round(one.total_seconds()) for one in found] == [0, 0, 120]


def test_added_minutes_postpone_the_end(cast, live):
    end = current(live).ends_at
    clock.add_minutes(live, actor=cast.tom, minutes=2)
    assert current(live).ends_at == end + dt.timedelta(minutes=2)
    with pytest.raises(DomainError):
        clock.add_minutes(live, actor=cast.tom, minutes=500)


def test_a_decision_and_its_consensus_vote(cast, live):
    decision = decisions.decide(
        current(live),
        actor=cast.ana,
        text="Repeated reading",
        check_on=cast.school.today(),
        client_key=uuid.uuid4(),
    )
    decisions.cast_consensus_vote(decision, actor=cast.tom, fingers=3)
    decisions.cast_consensus_vote(decision, actor=cast.tom, fingers=5)
    assert list(decision.votes.values_list("fingers", flat=True)) == [5]
    with pytest.raises(DomainError):
        decisions.cast_consensus_vote(decision, actor=cast.tom, fingers=6)
    with pytest.raises(DomainError, match="passed"):
        decisions.decide(
            current(live),
            actor=cast.ana,
            text="Too late",
            client_key=uuid.uuid4(),
            check_on=cast.school.today() - dt.timedelta(days=1),
        )


def test_an_action_item_needs_an_owner_in_the_team_and_a_future_day(cast, live):
    assert add_action(cast, live).state == "open"
    with pytest.raises(DomainError, match="team"):
        add_action(cast, live, owner=cast.staff.gil)
    with pytest.raises(DomainError, match="passed"):
        add_action(cast, live, due_on=cast.school.today() - dt.timedelta(days=1))


def test_dropping_needs_a_reason_and_is_for_owner_and_leads(cast):
    with pytest.raises(DomainError, match="why"):
        actions.finish_action(cast.action, actor=cast.ana, state="dropped")
    with pytest.raises(PermissionDenied):
        actions.finish_action(cast.action, actor=cast.tom, state="done")
    done = actions.finish_action(cast.action, actor=cast.ana, state="done")
    assert (done.state, actions.finish_action(done, actor=cast.ana, state="done")) == ("done", done)


def of_last_week(action):
    """Move ``action`` to an earlier meeting, whose item is gone."""
    Action.objects.filter(pk=action.pk).update(item=None, created_at=now() - dt.timedelta(days=7))


def test_closing_freezes_charts_requeues_unreached_items_and_carries_action_items(cast, live):
    of_last_week(cast.action)
    item = current(live)
    parameters = {"student": str(cast.maya.uuid), "measure": str(cast.fluency.uuid)}
    item.exhibits.create(view="student_measure", parameters=parameters, added_by=cast.ana)
    closed = lifecycle.close_meeting(live, actor=cast.tom)
    exhibit = item.exhibits.get()
    frozen = exhibit.frozen
    Score.objects.filter(student=cast.maya).update(value=200)
    exhibit.refresh_from_db()
    assert (closed.state, exhibit.frozen) == ("closed", frozen)
    second = live.items.order_by("position")[1]
    assert second.state == "moved"
    assert AgendaItem.objects.get(topic=second.topic, meeting=None).title == "Winter fluency"
    cast.action.refresh_from_db()
    assert cast.action.carried == 1


def test_an_action_item_is_carried_over_by_the_meetings_after_its_own(cast, live):
    of_last_week(cast.action)
    new = add_action(cast, live)
    lifecycle.close_meeting(live, actor=cast.ana)
    new.refresh_from_db()
    cast.action.refresh_from_db()
    assert (new.carried, cast.action.carried) == (0, 1)
    lifecycle.reopen_meeting(live, actor=cast.ana)
    new.refresh_from_db()
    cast.action.refresh_from_db()
    assert (new.carried, cast.action.carried) == (0, 0)


def test_two_people_closing_close_once(cast, live):
    of_last_week(cast.action)
    lifecycle.close_meeting(live, actor=cast.ana)
    lifecycle.close_meeting(live, actor=cast.tom)
    assert MeetingEvent.objects.filter(meeting=live, kind="closed").count() == 1
    cast.action.refresh_from_db()
    assert cast.action.carried == 1


def test_minutes_accept_no_contributions(cast, live):
    item = current(live)
    lifecycle.close_meeting(live, actor=cast.ana)
    with pytest.raises(DomainError, match="not in progress"):
        say(item, cast.tom)


def test_a_meeting_closed_by_mistake_can_be_reopened_within_a_day(cast, live):
    lifecycle.close_meeting(live, actor=cast.ana)
    assert lifecycle.reopen_meeting(live, actor=cast.tom).state == "live"
    lifecycle.close_meeting(live, actor=cast.ana)
    Meeting.objects.update(closed_at=now() - dt.timedelta(days=2))
    with pytest.raises(DomainError, match="last day"):
        lifecycle.reopen_meeting(live, actor=cast.tom)


def test_a_member_removed_during_the_meeting_loses_access_at_once(cast, live):
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    with pytest.raises(PermissionDenied):
        say(current(live), cast.tom)


def test_opening_the_room_marks_present_once(cast, live):
    assert lifecycle.join_meeting(live, actor=cast.tom) is True
    assert lifecycle.join_meeting(live, actor=cast.tom) is False
    assert lifecycle.join_meeting(live, actor=cast.pia) is False
    assert room_of(cast.ana, live).here == 1


@pytest.mark.parametrize(
    ("began", "held"),
    [
        (-141, (-141, -96)),
        (-4320, (-4320, -4275)),
        (0, (0, 45)),
        (5, (0, 45)),
        (45, (45, 90)),
        (600, (600, 645)),
    ],
)
def test_a_meeting_started_outside_its_time_counts_from_its_real_start(cast, as_user, began, held):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    planned = live.starts_at
    live.ends_at, live.started_at = planned + dt.timedelta(minutes=45), planned + dt.timedelta(minutes=began)
    live.save()
    start, end = (planned + dt.timedelta(minutes=minutes) for minutes in held)
    assert (live.held_from, live.held_until) == (start, end)
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    with timezone.override(cast.school.tz):
        assert f'data-ends-at="{iso(end)}"' in page
        assert when(start, end) in page
