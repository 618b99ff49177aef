"""A team's queue: everything due for its next meeting, in one list.

Nothing disappears silently: an entry is on an agenda, deferred with a reason until a date, or in the queue.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from collab.agendas.models import Topic
from collab.agendas.queries.durations import typical_durations
from collab.preparation.models import Deferral
from collab.preparation.queries.sources import QueueEntry, QueueRequest, Standing, sources
from teams.access.permissions import visible_team_ids
from teams.access.prepared import prepared_rows

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's queue before a meeting, and what is on every agenda."""

    entries: list[QueueEntry[Any]] = field(default_factory=list)
    deferred: list[QueueEntry[Any]] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Total minutes of all entries."""
        return sum(entry.minutes for entry in self.entries)

    def kept_minutes(self, reserved_for: str) -> int:
        """Minutes that a step for ``reserved_for`` keeps for standing business; at least one."""
        return sum(one.minutes for one in self.standing if one.reserved_for == reserved_for) or 1


def queue_of(team: Team, day: dt.date, *, user: User | None = None, meeting: Meeting | None = None) -> Queue:
    """The queue of ``team`` for a meeting on ``day``, most urgent first, as ``user`` may see it (None: all of it)."""
    if user and team.pk not in visible_team_ids(user):
        return Queue()  # guests read the agenda, not the team's queue
    request = QueueRequest(team, day, user, typical_durations(team), meeting)
    found = [entry for source in sources() for entry in source.entries(request)]
    found.sort(key=lambda entry: not entry.is_urgent)
    deferrals = {row.key: row for row in prepared_rows(_deferrals, team.pk, day)}
    marked = [replace(entry, deferral=deferrals.get(entry.key)) for entry in found]
    return Queue(
        entries=[entry for entry in marked if entry.deferral is None],
        deferred=[entry for entry in marked if entry.deferral],
        standing=[one for source in sources() if (one := source.standing(request))],
    )


def _deferrals(team_id: int, day: dt.date) -> QuerySet[Deferral]:
    return Deferral.objects.filter(team=team_id, until__gt=day).select_related("by")


def is_nothing_due(meeting: Meeting) -> bool:
    """Whether a planned meeting has only protocol steps and an empty queue."""
    if meeting.items.exclude(topic__kind=Topic.Kind.STEP).exists():
        return False
    request = QueueRequest(meeting.team, day_of(meeting), None, typical_durations(meeting.team))
    if any(source.is_due(request) for source in sources()):
        return False
    return not queue_of(meeting.team, request.day).entries


def day_of(meeting: Meeting) -> dt.date:
    """The date of a meeting at its school."""
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()
