"""Look up a team's meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from collab.meetings.models import Meeting
from teams.access.prepared import prepared_rows
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import School, Team


def next_meeting_of(team: Team) -> Meeting | None:
    """The live meeting of ``team``, or else the next planned one."""
    return next_meetings_of([team]).get(team.pk)


def next_meetings_of(teams: Collection[Team]) -> dict[int, Meeting]:
    """`next_meeting_of` several teams, by the team's id; one query."""
    by_id = {team.pk: team for team in teams}
    found = {meeting.team_id: meeting for meeting in prepared_rows(_next, list(by_id))} if by_id else {}
    for meeting in found.values():
        meeting.team = by_id[meeting.team_id]
    return found


def _next(team_ids: list[int]) -> QuerySet[Meeting]:
    first = _coming().filter(team=OuterRef("team")).order_by("starts_at").values("pk")[:1]
    return Meeting.objects.filter(team__in=team_ids, pk=Subquery(first))


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
