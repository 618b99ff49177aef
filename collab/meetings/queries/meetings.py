"""Look up a team's meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.meetings.models import Meeting
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import School, Team


def next_meeting_of(team: Team) -> Meeting | None:
    """The live meeting of ``team``, or else the next planned one."""
    coming = Meeting.objects.filter(team=team, state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
    coming = coming.filter(ends_at__gte=clock.now()) | coming.filter(state=Meeting.State.LIVE)
    return coming.order_by("starts_at").first()


def clashes(team: Team, starts_at: dt.datetime, ends_at: dt.datetime) -> QuerySet[Meeting]:
    """Meetings of ``team`` that overlap the given time."""
    rows = Meeting.objects.filter(team=team, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(state=Meeting.State.CANCELLED)


def has_meetings(school: School) -> bool:
    """Whether any team of ``school`` has planned or held a meeting."""
    return Meeting.objects.filter(team__school=school).exists()
