"""Look up a team's meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from collab.meetings.models import Meeting
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import School, Team


def next_meeting_of(team: Team) -> Meeting | None:
    """The live meeting of ``team``, or else the next planned one."""
    return _coming().filter(team=team).order_by("starts_at").first()


def next_meetings_of(teams: Collection[Team]) -> dict[int, Meeting]:
    """`next_meeting_of` several teams, by the team's id; one query."""
    first = _coming().filter(team=OuterRef("team")).order_by("starts_at").values("pk")[:1]
    rows = Meeting.objects.filter(team__in=teams, pk=Subquery(first)) if teams else ()
    return {meeting.team_id: meeting for meeting in rows}


def _coming() -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
    return rows.filter(ends_at__gte=clock.now()) | rows.filter(state=Meeting.State.LIVE)


def clashes(team: Team, starts_at: dt.datetime, ends_at: dt.datetime) -> QuerySet[Meeting]:
    """Meetings of ``team`` that overlap the given time."""
    rows = Meeting.objects.filter(team=team, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(state=Meeting.State.CANCELLED)


def has_meetings(school: School) -> bool:
    """Whether any team of ``school`` has planned or held a meeting."""
    return Meeting.objects.filter(team__school=school).exists()
