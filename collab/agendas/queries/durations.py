"""Typical duration of each kind of item, from the team's recent meetings."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem, Topic
from collab.meetings.models import Meeting
from teams.access.prepared import prepared_rows
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Team

LAST_MEETINGS = 12
ENOUGH = 3  # items needed before a team's own durations count
FROM_SECONDS, MOST_MINUTES = 20, 30  # shorter is a skipped item, longer is nothing to plan for


@dataclass(frozen=True, slots=True)
class TypicalDurations:
    """Typical minutes by kind of topic, and by title for protocol steps."""

    kinds: dict[str, int] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def of_item(self, item: AgendaItem) -> int | None:
        """Typical minutes of items like this one; None if unknown."""
        if item.topic.kind == Topic.Kind.STEP:
            return self.steps.get(item.title)
        return self.kinds.get(item.topic.kind)


def typical_durations(team: Team) -> TypicalDurations:
    """Median durations in the team's recent meetings, so that one very long item does not count."""
    return _read_durations(team.pk)


@read_once(Meeting, AgendaItem, Topic)
def _read_durations(team_id: int) -> TypicalDurations:
    kinds: dict[str, list[int]] = {}
    steps: dict[str, list[int]] = {}
    for kind, title, seconds in prepared_rows(_done_items, team_id):
        times = steps.setdefault(title, []) if kind == Topic.Kind.STEP else kinds.setdefault(kind, [])
        times.append(seconds)
    return TypicalDurations(_minutes(kinds), _minutes(steps))


def _done_items(team_id: int) -> QuerySet[AgendaItem, tuple[str, str, int]]:
    """Kind of topic, title and seconds of the items of the team's last meetings."""
    last = Meeting.objects.filter(team=team_id, state=Meeting.State.CLOSED).order_by("-starts_at")
    rows = AgendaItem.objects.filter(
        meeting__in=last.values("pk")[:LAST_MEETINGS],
        state=AgendaItem.State.DONE,
        seconds_used__gte=FROM_SECONDS,
    ).exclude(topic__kind__in=[Topic.Kind.OTHER, Topic.Kind.PARKED])
    return rows.values_list("topic__kind", "title", "seconds_used")


def _minutes(seconds: dict[str, list[int]]) -> dict[str, int]:
    return {
        name: min(MOST_MINUTES, ceil(median(times) / 60))
        for name, times in seconds.items()
        if len(times) >= ENOUGH
    }
