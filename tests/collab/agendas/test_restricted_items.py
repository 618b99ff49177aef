"""Restricted items, action items, reviews, and figures before their reveal stay with people who may see them."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from collab.agendas.services import exhibits, items
from collab.followup.models import Question
from collab.followup.services import questions
from collab.insights.queries.school_overview import teams_by_week
from collab.meetings.models import Meeting
from collab.meetings.services import roles
from collab.minutes.queries.staff_minutes import staff_minutes_of
from collab.preparation.forms import ItemForm
from collab.preparation.queries.queue import queue_of
from collab.proposals import services as proposals
from collab.room.queries.room import room_of
from collab.room.services import clock, lifecycle
from collab.search.queries.texts import search
from datareview.plans.models import Plan
from teams.access.permissions import ABILITIES
from teams.directory.models import Staff
from teams.lib.clock import now
from teams.lib.errors import DomainError
from tests.conftest import TODAY, make_meeting, make_student, make_team
from tests.factories.meetings import current


def secret(meeting, actor, **fields):
    given = {"title": "Secret", "minutes": 3, "kind": "discuss", "capture": "notes", **fields}
    return items.add_item(meeting, actor=actor, visibility="restricted", **given)


def reads(user, item):
    return items_visible_to(user).filter(pk=item.pk).exists()


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


# Restricted items ------------------------------------------------------------------------------------------


def test_taking_a_meeting_role_reveals_no_restricted_item(cast):
    item = secret(cast.meeting, cast.ana)
    roles.set_role(cast.meeting, actor=cast.tom, role="facilitator", staff=cast.staff.tom)
    assert (reads(cast.ana, item), reads(cast.tom, item)) == (True, False)


def test_the_facilitator_at_the_time_of_restriction_reads_it(cast):
    roles.set_role(cast.meeting, actor=cast.ana, role="facilitator", staff=cast.staff.tom)
    item = secret(cast.meeting, cast.ana)
    assert reads(cast.tom, item)


def test_only_people_who_can_open_the_meeting_can_be_readers(cast):
    named = set(ItemForm({}, meeting=cast.meeting, user=cast.ana).fields["readers"].queryset)
    members = {row.staff for row in cast.team.members.all()}
    leaders = set(Staff.objects.filter(school=cast.school, role__in=ABILITIES["see_school"]))
    assert named == members | leaders
    roles.invite_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    assert cast.staff.gil in ItemForm({}, meeting=cast.meeting, user=cast.ana).fields["readers"].queryset


def test_a_question_from_a_restricted_item_and_its_answer_are_for_its_readers_only(cast, live):
    item = secret(live, cast.ana)
    row = questions.ask_leaders(item, actor=cast.ana, text="May she come?", client_key=uuid.uuid4())
    Question.objects.filter(pk=row.pk).update(created_at=now() - dt.timedelta(days=8))
    waits = {
        name: len(queue_of(cast.team, TODAY, user=getattr(cast, name)).entries) for name in ("ana", "tom")
    }
    assert waits["ana"] - waits["tom"] == 1
    lifecycle.close_meeting(live, actor=cast.ana)
    coming = make_meeting(cast.team, cast.staff.tom)
    Meeting.objects.filter(pk=coming.pk).update(
        starts_at=now() + dt.timedelta(days=7),
        ends_at=now() + dt.timedelta(days=7, hours=1),
    )
    questions.answer_question(row, actor=cast.pia, answer="No.")
    answer = AgendaItem.objects.get(topic__question=row)
    assert (answer.visibility, reads(cast.ana, answer), reads(cast.tom, answer)) == (
        "restricted",
        True,
        False,
    )


def test_a_topic_parked_from_a_restricted_item_is_for_its_readers_and_does_not_replace_the_teams(cast, live):
    item = secret(live, cast.ana, owner=cast.staff.tom)
    parked = items.park(item, actor=cast.tom, text="The bus")
    assert (reads(cast.tom, parked), reads(cast.cora, parked)) == (True, False)
    open_to_all = items.park(current(live), actor=cast.cora, text="The bus")
    assert open_to_all.pk != parked.pk
    assert reads(cast.cora, open_to_all)


def test_an_item_restricted_while_current_leaves_every_screen(cast, live):
    item = current(live)
    items.edit_item(item, actor=cast.ana, version=item.version, visibility="restricted")
    assert live.events.order_by("revision").last().region == "room"


# Action items ----------------------------------------------------------------------------------------------


@pytest.fixture
def action_item(cast):
    """An overdue action item of an earlier meeting that names a student."""
    earlier = make_meeting(cast.team, cast.staff.ana)
    back = now() - dt.timedelta(days=7)
    Meeting.objects.filter(pk=earlier.pk).update(
        state="closed", starts_at=back - dt.timedelta(hours=1), ends_at=back, started_at=back, closed_at=back
    )
    row = Action.objects.create(
        team=cast.team,
        owner=cast.staff.tom,
        item=earlier.items.first(),
        text="Call Maya Okafor's mother",
        due_on=TODAY - dt.timedelta(days=3),
        made_by=cast.ana,
        client_key=uuid.uuid4(),
    )
    Action.objects.filter(pk=row.pk).update(created_at=back)
    return row


def test_a_guest_does_not_read_the_teams_action_items(cast, action_item, as_user):
    roles.invite_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    meeting = Meeting.objects.get(pk=cast.meeting.pk)
    assert action_item in room_of(cast.tom, meeting).carried
    assert action_item not in room_of(cast.gil, meeting).carried
    assert "Call Maya" not in as_user(cast.gil).get(meeting.get_absolute_url()).content.decode()


def test_the_school_overview_shows_no_restricted_action_item(cast, action_item):
    Action.objects.exclude(pk=action_item.pk).delete()

    def oldest_open():
        rows = teams_by_week(cast.pia, cast.school).rows
        return next(row.oldest_open for row in rows if row.team == cast.team)

    assert oldest_open() == action_item
    AgendaItem.objects.filter(pk=action_item.item_id).update(visibility="restricted")
    assert oldest_open() is None


def test_people_who_left_the_school_no_longer_open_their_action_items(cast, action_item):
    assert action_item in actions_visible_to(cast.tom)
    Staff.objects.filter(user=cast.tom).update(ends_on=TODAY - dt.timedelta(days=1))
    cast.team.members.filter(staff__user=cast.tom).update(ends_on=TODAY - dt.timedelta(days=1))
    assert action_item not in actions_visible_to(type(cast.tom).objects.get(pk=cast.tom.pk))


def test_an_action_item_is_open_done_or_dropped_and_nothing_else(cast, as_user):
    url = reverse("collab:action-finish", args=[cast.action.uuid, "nonsense"])
    as_user(cast.ana).post(url)
    cast.action.refresh_from_db()
    assert cast.action.state == "open"


# Students on agendas ---------------------------------------------------------------------------------------


def test_a_review_is_sent_by_people_who_may_to_teams_that_work_with_the_student(cast):
    five = make_team(cast.school, "Grade 5", 5, [cast.staff.gil, cast.staff.sol])
    make_meeting(five, cast.staff.gil)
    with pytest.raises(DomainError, match="doesn’t work with this student"):
        proposals.propose_review(cast.plan, actor=cast.sol, team=five)
    with pytest.raises(PermissionDenied):
        proposals.propose_review(cast.plan, actor=cast.ada, team=cast.team)
    with pytest.raises(PermissionDenied):
        proposals.propose_review(cast.plan, actor=cast.gil, team=cast.team)
    assert not AgendaItem.objects.filter(topic__plan=cast.plan).exists()
    Plan.objects.filter(pk=cast.plan.pk).update(state="ended", outcome="ended")
    with pytest.raises(DomainError, match="ended"):
        proposals.propose_review(cast.plan, actor=cast.ana, team=cast.team)


def test_a_students_chart_is_never_open_to_all_staff(cast):
    views = {"student": str(cast.maya.uuid), "measure": str(cast.fluency.uuid)}
    item = proposals.propose_exhibit(cast.team, actor=cast.ana, view="student_measure", parameters=views)
    with pytest.raises(DomainError, match="about a student"):
        items.edit_item(item, actor=cast.ana, version=item.version, visibility="staff")
    AgendaItem.objects.filter(pk=item.pk).update(visibility="staff", state="done")
    assert staff_minutes_of(item.meeting) == []


def test_no_sentence_reveals_a_chart_that_waits_for_predictions(cast, as_user):
    item = proposals.propose_candidate(cast.candidate, actor=cast.ana, team=cast.team)

    def page():
        return as_user(cast.tom).get(item.meeting.get_absolute_url()).content.decode()

    reason = cast.candidate.reason
    assert reason in page()
    exhibit = item.exhibits.first()
    exhibits.ask_to_predict(exhibit, actor=cast.ana, wanted=True)
    assert reason not in page()
    meeting = lifecycle.start_meeting(item.meeting, actor=cast.ana)
    clock.go_to_item(meeting, actor=cast.ana, item_uuid=str(item.uuid))
    assert reason not in page()
    assert search(cast.tom, cast.school, text=reason.split()[0], kind="item").found == []
    exhibits.ask_to_predict(exhibit, actor=cast.ana, wanted=False)
    assert reason in page()


def test_a_chart_is_checked_by_the_student_it_shows_whatever_else_is_sent(cast, as_user):
    """A plan of a student of the team does not open the chart of another student for its agenda."""
    five = make_student(cast.school, "5001", "Nora", "Other", 5)
    address = reverse("collab:exhibit-propose", args=[cast.team.uuid])
    sent = {"view": "student_attendance", "student": five.uuid, "plan": cast.plan.uuid}
    as_user(cast.cora).post(address, sent)
    assert not cast.team.topics.filter(kind="data").exists()
    sent["plan"] = "abc"
    assert as_user(cast.cora).post(address, sent).status_code == 302
