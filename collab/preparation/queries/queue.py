"""What waits for a team's next meeting: one list, from everything that is due.

Nothing leaves it silently: an entry is on an agenda, deferred with a reason until a day, or here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from collab.agendas.models import Topic
from collab.followup.models import Action
from collab.followup.permissions import actions_visible_to
from collab.preparation.queries.durations import pace_of
from collab.preparation.queries.queue_entries import SOURCES, Entry, Search, promises_entry
from collab.protocols.models import Holds
from teams.access.permissions import teams_visible_to

if TYPE_CHECKING:
    import datetime as dt

    from collab.meetings.models import Meeting
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's queue before a meeting."""

    entries: list[Entry]
    deferred: list[Entry]
    promises: int
    overdue: int

    @property
    def minutes(self) -> int:
        """Minutes that all of it would take."""
        return sum(entry.minutes for entry in self.entries)


def queue_of(team: Team, day: dt.date, *, user: User | None = None, meeting: Meeting | None = None) -> Queue:
    """What waits for a meeting of ``team`` on ``day``, most pressing first; as ``user`` may see it (None: all).

    Promises come with ``meeting``, where its agenda keeps no minutes for them.
    """
    if user and not teams_visible_to(user).filter(pk=team.pk).exists():
        return Queue([], [], 0, 0)  # a guest reads the agenda, not what else the team has to do
    search = Search(team, day, user, pace_of(team))
    promises = Action.objects.open().filter(team=team)
    if user:
        promises = promises.filter(pk__in=actions_visible_to(user).values("pk"))
    count, overdue = promises.count(), promises.overdue(search.today).count()
    found = [entry for source in SOURCES for entry in source(search)]
    if meeting and count and not _keeps_promises(meeting):
        found.insert(0, promises_entry(team, count, overdue))
    found.sort(key=lambda entry: not entry.is_urgent)
    deferrals = {row.key: row for row in team.deferrals.filter(until__gt=day).select_related("by")}
    marked = [replace(entry, deferral=deferrals.get(entry.key)) for entry in found]
    return Queue(
        entries=[entry for entry in marked if entry.deferral is None],
        deferred=[entry for entry in marked if entry.deferral],
        promises=count,
        overdue=overdue,
    )


def is_nothing_due(meeting: Meeting) -> bool:
    """Whether a planned meeting has nothing on it but its protocol, and nothing waits for it."""
    own = meeting.items.exclude(topic__kind=Topic.Kind.STEP)
    day = day_of(meeting)
    if own.exists() or Action.objects.open().filter(team=meeting.team, due_on__lte=day).exists():
        return False
    return not queue_of(meeting.team, day).entries


def day_of(meeting: Meeting) -> dt.date:
    """The school's day of a meeting."""
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()


def _keeps_promises(meeting: Meeting) -> bool:
    return meeting.items.filter(topic__kind=Topic.Kind.STEP, holds=Holds.CHECKS).exists()
