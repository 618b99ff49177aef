"""New members read the team's record whole, or from the day they joined, as the school chooses."""

import datetime as dt
import uuid

import pytest

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.decisions.permissions import decisions_visible_to
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to, viewers_of
from collab.meetings.queries.calendar_entries import meetings_in_feed
from collab.room.queries.listeners import Listener, still_in
from collab.room.services import lifecycle
from collab.team_page.queries.team_page import team_page
from teams.team_admin.services.members import add_members, remove_member, set_team_rules
from tests.conftest import TODAY, make_meeting

RECORD = {
    "meetings": meetings_visible_to,
    "items": items_visible_to,
    "decisions": decisions_visible_to,
    "actions": actions_visible_to,
    "feed": lambda user: meetings_in_feed(user, None),
}


@pytest.fixture
def earlier(cast):
    """A meeting held a week ago, with a decision, an action item from it, and one without an item."""
    meeting = make_meeting(cast.team, cast.staff.ana)
    start = cast.school.at(TODAY - dt.timedelta(days=7), dt.time(10))
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=start, ends_at=start + dt.timedelta(minutes=45), state="closed", closed_at=start
    )
    item = meeting.items.first()
    Decision.objects.create(item=item, text="Pairs", decided_by=cast.ana, client_key=uuid.uuid4())
    for place in (item, None):
        action = Action.objects.create(
            team=cast.team,
            owner=cast.staff.ana,
            item=place,
            text="Copy it",
            due_on=TODAY,
            made_by=cast.ana,
            client_key=uuid.uuid4(),
        )
        Action.objects.filter(pk=action.pk).update(created_at=start)
    return Meeting.objects.get(pk=meeting.pk)


def join(cast, *, reads_all):
    set_team_rules(cast.school, actor=cast.ada, leads_edit_members=False, newcomers_read_all=reads_all)
    add_members(cast.team, [cast.staff.gil], actor=cast.cora)


def record_of(user):
    return {name: set(rows(user).values_list("pk", flat=True)) for name, rows in RECORD.items()}


def test_the_whole_record_by_default(cast, earlier):
    join(cast, reads_all=True)
    assert record_of(cast.gil) == record_of(cast.tom)
    assert earlier.pk in record_of(cast.gil)["meetings"]


def test_only_from_the_day_of_joining_if_the_school_says_so(cast, earlier):
    join(cast, reads_all=False)
    items = set(cast.meeting.items.values_list("pk", flat=True))
    assert record_of(cast.gil) == {
        "meetings": {cast.meeting.pk},
        "items": items,
        "decisions": set(),
        "actions": {cast.action.pk},
        "feed": {cast.meeting.pk},
    }
    assert viewers_of({earlier.pk: [cast.gil.pk, cast.tom.pk]}) == {earlier.pk: {cast.tom.pk}}
    assert viewers_of({cast.meeting.pk: [cast.gil.pk]}) == {cast.meeting.pk: {cast.gil.pk}}
    assert team_page(cast.gil, cast.team).past == []


def test_the_pages_of_an_earlier_meeting_are_not_there(cast, earlier, as_user):
    join(cast, reads_all=False)
    for address in (f"/meetings/{earlier.uuid}/", f"/meetings/{earlier.uuid}/minutes/paper/"):
        assert as_user(cast.gil).get(address).status_code == 404, address
    ledger = as_user(cast.gil).get(f"/teams/{cast.team.uuid}/decisions/").content.decode()
    assert "Pairs" not in ledger


def test_leaders_and_those_who_were_there_read_everything(cast, earlier):
    join(cast, reads_all=False)
    for user in (cast.ana, cast.tom, cast.cora, cast.pia):
        assert earlier.pk in record_of(user)["meetings"], user


def test_a_newcomer_who_leads_the_overview_reads_everything(cast, earlier):
    set_team_rules(cast.school, actor=cast.ada, leads_edit_members=False, newcomers_read_all=False)
    add_members(cast.team, [cast.staff.pia], actor=cast.cora)
    assert earlier.pk in record_of(cast.pia)["meetings"]


def test_who_leaves_keeps_nothing(cast, earlier):
    remove_member(cast.team.members.get(staff=cast.staff.tom), actor=cast.cora)
    assert record_of(cast.tom) == {name: set() for name in RECORD}


def test_the_live_page_of_a_removed_member_ends(cast, as_user):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    client = as_user(cast.tom)
    tom = Listener.of(client.session)
    revision = Meeting.objects.get(pk=live.pk).revision
    assert still_in({live.pk: {tom}}) == {live.pk: {tom}}
    remove_member(cast.team.members.get(staff=cast.staff.tom), actor=cast.cora)
    assert still_in({live.pk: {tom}}) == {live.pk: set()}
    assert Meeting.objects.get(pk=live.pk).revision == revision + 1
    assert client.get(f"/meetings/{live.uuid}/").status_code == 404
