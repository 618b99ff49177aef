"""Agenda items from the data, and automatic ones."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.actions.models import Action
from collab.meetings.models import Meeting
from collab.planning.services import meetings
from collab.preparation.services import queue
from collab.proposals import services as proposals
from collab.room.services import clock, lifecycle
from teams.lib.errors import DomainError
from tests.conftest import make_team
from tests.factories.meetings import add_action


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


def test_a_candidate_goes_to_the_next_agenda_of_a_team_that_works_with_the_student_once(cast):
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    assert item.meeting == cast.meeting
    assert proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team) == item
    cast.candidate.refresh_from_db()
    assert cast.candidate.state == "on_agenda"
    assert [exhibit.view for exhibit in item.exhibits.all()] == ["student_attendance"]
    with pytest.raises(DomainError, match="doesn’t work"):
        proposals.propose_candidate(
            cast.candidate, actor=cast.cora, team=make_team(cast.school, "Grade 5", 5, [cast.staff.gil])
        )
    with pytest.raises(PermissionDenied):
        proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.other_team)


def test_a_due_review_is_added_automatically_once(cast):
    cast.plan.review_on = cast.school.today()
    cast.plan.save()
    assert queue.fill_agenda_automatically(cast.meeting) == 2  # and the open action items
    assert queue.fill_agenda_automatically(cast.meeting) == 0
    item = cast.meeting.items.get(topic__plan=cast.plan)
    assert [exhibit.view for exhibit in item.exhibits.all()] == ["plan_progress"]


def test_waiting_items_are_added_to_the_next_meeting(cast):
    Meeting.objects.all().delete()
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    assert item.meeting is None
    planned = meetings.plan_meeting(
        cast.team,
        actor=cast.ana,
        title="Next",
        minutes=45,
        starts_at=cast.school.at(cast.school.today() + dt.timedelta(days=3), dt.time(10, 10)),
    )
    item.refresh_from_db()
    assert item.meeting == planned


def test_an_action_of_a_candidates_item_names_the_student(cast):
    proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    item = live.items.get(topic__candidate=cast.candidate)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    assert add_action(cast, live).student == cast.maya
    assert Action.objects.filter(student=cast.maya).count() == 1
