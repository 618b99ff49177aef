"""States of a side's next meeting (`tests.factories.district`). Call them inside a transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.findings.models import ShownResults
from collab.meetings.models import Attendance, Meeting, Series
from collab.room.services import lifecycle
from datareview.flags.models import Candidate
from teams.lib import clock

if TYPE_CHECKING:
    from tests.factories.district import Side


def under_way(side: Side) -> None:
    """The meeting is live with its first item; Ana and Tom are present."""
    lifecycle.start_meeting(side.meeting, actor=side.ana)
    for person in (side.ana, side.tom):
        lifecycle.join_meeting(side.meeting, actor=person)


def talked_over(side: Side) -> None:
    """The meeting is live, and its first item has one of everything that people add."""
    under_way(side)
    side.cluster = side.item.clusters.create(title="Stalled")
    side.said = side.item.contributions.create(
        author=side.tom, text="Two more", cluster=side.cluster, client_key=uuid.uuid4()
    )
    side.decision = side.item.decisions.create(
        text="Read in pairs", decided_by=side.tom, client_key=uuid.uuid4()
    )
    side.cause = side.item.causes.create(author=side.tom, text="Too little time", client_key=uuid.uuid4())


def predicting(side: Side) -> None:
    """The meeting is live, and its chart waits for predictions."""
    under_way(side)
    side.item.exhibits.update(predict_first=True)


def about_results(side: Side) -> None:
    """The first item of the agenda is about the results of the assessment."""
    Topic.objects.filter(assessment=side.assessment).update(is_closed=True)
    Topic.objects.filter(pk=side.item.topic_id).update(assessment=side.assessment, kind=Topic.Kind.DATA)


def predicting_results(side: Side) -> None:
    """The meeting is live, and the results on its first item wait for predictions."""
    under_way(side)
    about_results(side)
    ShownResults.objects.create(item=side.item, predict_first=True)


def restricted(side: Side) -> None:
    """The meeting is live, and only Ana and Pia may read its first item; Tom facilitates."""
    under_way(side)
    kept_from_tom(side)


def kept_from_tom(side: Side) -> None:
    """Only Ana and Pia may read the next meeting's first item, which Tom facilitates."""
    Meeting.objects.filter(pk=side.meeting.pk).update(facilitator=side.staff.tom)
    AgendaItem.objects.filter(pk=side.item.pk).update(visibility="restricted")
    for staff in (side.staff.ana, side.staff.pia):
        side.item.readers.create(staff=staff)


def closed(side: Side) -> None:
    """The meeting was just closed; Tom was present."""
    under_way(side)
    lifecycle.close_meeting(side.meeting, actor=side.ana)


def draft(side: Side) -> None:
    """The previous meeting's minutes are a draft; Tom is marked absent."""
    Meeting.objects.filter(pk=side.minutes.pk).update(approved_at=None, approved_by=None)
    Attendance.objects.create(meeting=side.minutes, staff=side.staff.tom, mark="absent")


def nothing_due(side: Side) -> None:
    """The agenda and the queue are empty."""
    side.meeting.items.all().delete()
    Topic.objects.filter(team=side.team).update(is_closed=True)
    AgendaItem.objects.filter(topic__team=side.team, meeting=None).delete()
    Action.objects.filter(team=side.team).update(state="done", finished_at=clock.now())
    Candidate.objects.filter(pk=side.candidate.pk).update(state="no_action")
    side.assessment.sittings.all().delete()


def in_a_series(side: Side) -> None:
    """The meeting is the first of two in a series, and a holiday was added on its day."""
    later = side.meeting.starts_at + dt.timedelta(days=7)
    Series.objects.filter(pk=side.series.pk).update(ends_on=later.date())
    Meeting.objects.filter(pk=side.meeting.pk).update(series=side.series)
