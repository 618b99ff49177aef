"""How long a team takes over things of one kind, from its last meetings."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem, Topic
from collab.meetings.models import Meeting

if TYPE_CHECKING:
    from teams.directory.models import Team

LAST_MEETINGS = 12
ENOUGH = 3  # times, under which a team's own pace says nothing
FROM_SECONDS, MOST_MINUTES = 20, 30  # an item passed over, and one that nobody would plan


@dataclass(frozen=True, slots=True)
class TypicalDurations:
    """Minutes that a team takes: by kind of topic, and by title for the steps of its protocols."""

    kinds: dict[str, int] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def of_item(self, item: AgendaItem) -> int | None:
        """What an item took lately where it was one of its kind; None where that is not known."""
        if item.topic.kind == Topic.Kind.STEP:
            return self.steps.get(item.title)
        return self.kinds.get(item.topic.kind)


def typical_durations(team: Team) -> TypicalDurations:
    """The middle of what the team took in its last meetings: one visit that ran away does not count."""
    last = Meeting.objects.filter(team=team, state=Meeting.State.CLOSED).order_by("-starts_at")
    rows = AgendaItem.objects.filter(
        meeting__in=last.values("pk")[:LAST_MEETINGS],
        state=AgendaItem.State.DONE,
        seconds_used__gte=FROM_SECONDS,
    ).exclude(topic__kind__in=[Topic.Kind.OTHER, Topic.Kind.PARKED])
    kinds: dict[str, list[int]] = {}
    steps: dict[str, list[int]] = {}
    for kind, title, seconds in rows.values_list("topic__kind", "title", "seconds_used"):
        times = steps.setdefault(title, []) if kind == Topic.Kind.STEP else kinds.setdefault(kind, [])
        times.append(seconds)
    return TypicalDurations(_minutes(kinds), _minutes(steps))


def _minutes(seconds: dict[str, list[int]]) -> dict[str, int]:
    return {
        name: min(MOST_MINUTES, ceil(median(times) / 60))
        for name, times in seconds.items()
        if len(times) >= ENOUGH
    }
