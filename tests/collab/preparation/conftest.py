"""A future meeting, shared by all tests of its preparation."""

import datetime as dt

import pytest

from collab.meetings.models import Meeting
from collab.planning.services import meetings
from collab.protocols.models import Protocol
from teams.lib import clock

SOON = dt.timedelta(days=3)


@pytest.fixture
def planned(cast):
    """A meeting with the weekly protocol in three days, its agenda published, without the cast's own."""
    Meeting.objects.all().delete()
    meeting = meetings.plan_meeting(
        cast.team,
        actor=cast.ana,
        title="Tuesday",
        minutes=45,
        starts_at=cast.school.at(cast.school.today() + SOON, dt.time(10, 10)),
        protocol=Protocol.objects.get(key="weekly"),
    )
    meeting.published_at = clock.now()
    meeting.save(update_fields=["published_at"])
    return meeting
