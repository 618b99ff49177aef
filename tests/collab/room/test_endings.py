"""Meetings started by mistake, and meetings that everybody left."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.models import AgendaItem
from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.discussion.queries import contributions_visible_to
from collab.followup.services import questions
from collab.meetings.models import Attendance, Meeting, MeetingEvent
from collab.minutes.queries.minutes import minutes_of
from collab.room.queries.room import room_of
from collab.room.services import clock, endings, lifecycle
from teams.lib.clock import now
from teams.lib.errors import DomainError
from tests.factories.meetings import current, fresh, say


def was(minutes):
    return now() - dt.timedelta(minutes=minutes)


def long_ago(live, *, started, last):
    """Date the meeting's start and last change ``minutes`` back."""
    Meeting.objects.filter(pk=live.pk).update(
        started_at=was(started), starts_at=was(started), ends_at=was(started) + dt.timedelta(minutes=45)
    )
    live.items.filter(state="current").update(started_at=was(started), ends_at=was(started - 10))
    MeetingEvent.objects.filter(meeting=live).update(at=was(last))


def test_an_accidental_start_is_undone_completely(cast, live):
    before = list(live.items.order_by("pk").values_list("minutes", flat=True))
    first, second = live.items.order_by("position")[:2]
    clock.add_minutes(live, actor=cast.ana, minutes=5)
    clock.go_to_item(live, actor=cast.tom, item_uuid=str(second.uuid))
    endings.discard_start(live, actor=cast.ana)
    live = fresh(live)
    assert (live.state, live.started_at) == ("planned", None)
    assert set(live.items.values_list("state", "seconds_used", "started_at", "ends_at")) == {
        ("waiting", 0, None, None)
    }
    assert list(live.items.order_by("pk").values_list("minutes", flat=True)) == before
    assert not Attendance.objects.filter(meeting=live).exists()
    again = lifecycle.start_meeting(live, actor=cast.ana)
    assert current(again).pk == first.pk


def test_contributions_stay_and_private_ones_stay_private(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    say(item, cast.tom, text="Toms")
    endings.discard_start(live, actor=cast.ana)
    assert not contributions_visible_to(cast.ana, [item.pk]).exists()
    assert Contribution.objects.get().text == "Toms"


def test_a_start_with_decisions_or_questions_cannot_be_undone(cast, live):
    questions.ask_leaders(current(live), actor=cast.tom, text="A bus?", client_key=uuid.uuid4())
    with pytest.raises(DomainError, match="Close it instead"):
        endings.discard_start(live, actor=cast.ana)
    assert fresh(live).state == "live"


def test_only_members_undo_a_start_and_only_of_a_live_meeting(cast, live):
    with pytest.raises(PermissionDenied):
        endings.discard_start(live, actor=cast.gil)
    lifecycle.close_meeting(live, actor=cast.ana)
    with pytest.raises(DomainError, match="not in progress"):
        endings.discard_start(live, actor=cast.ana)


def test_an_abandoned_meeting_is_closed_at_its_last_event(cast, live):
    long_ago(live, started=130, last=100)
    last = live.events.order_by("-revision").first().at
    assert endings.end_idle_meetings() == 1
    live = fresh(live)
    assert (live.state, live.closed_at) == ("closed", last)
    assert AgendaItem.objects.get(pk=live.items.order_by("position").first().pk).seconds_used == 30 * 60
    assert live.events.order_by("-revision").first().kind == "ended-idle"
    assert minutes_of(cast.ana, room_of(cast.ana, live)).ended_automatically
    assert endings.end_idle_meetings() == 0
    reopened = lifecycle.reopen_meeting(live, actor=cast.tom)
    assert reopened.state == "live"
    lifecycle.close_meeting(reopened, actor=cast.tom)
    assert not minutes_of(cast.ana, room_of(cast.ana, fresh(live))).ended_automatically


@pytest.mark.parametrize(
    ("started", "last"),
    [(100, 95), (130, 59), (200, 10)],
    ids=["within an hour of its time", "said something", "just now"],
)
def test_a_meeting_in_use_stays_open(live, started, last):
    long_ago(live, started=started, last=last)
    assert endings.end_idle_meetings() == 0
    assert fresh(live).state == "live"
