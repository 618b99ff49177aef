"""The source of a team's queue for open action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, ItemReader, Topic
from collab.agendas.services.placement import place_item, put_before
from collab.meetings.models import Guest, Meeting
from collab.preparation.queries.sources import QueueEntry, Rank, Source, Standing
from collab.protocols.models import Capture, ReservedFor, StepKind
from teams.access.conditions import one_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Staff, Team, TeamMember
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.preparation.queries.sources import QueueRequest
    from teams.directory.models import User

# The tables of the rules about who may read an item and what was written on it.
READ = (AgendaItem, ItemReader, Topic, Meeting, Guest, Team, TeamMember, Staff)
MINUTES_PER_ACTION, MOST_ACTION_MINUTES = 0.5, 10


class OpenActions(Source[Team]):
    """Open action items as one entry, since a meeting reviews all of them together."""

    kind, label, rank, reserved_for = (
        "promises",
        gettext_lazy("action items"),
        Rank.STANDING,
        ReservedFor.CHECKS,
    )

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Team]]:
        """Yield one entry if the meeting's agenda has no step for action items."""
        if request.meeting is None or prepared_rows(_action_steps, request.meeting.pk):
            return
        count, overdue = _count_open_actions(request.team, request.user)
        if count:
            late = ngettext("%(n)s is overdue.", "%(n)s are overdue.", overdue) % {"n": overdue}
            why = ngettext("%(n)s action item is open.", "%(n)s action items are open.", count) % {"n": count}
            why = f"{why} {late}" if overdue else why
            yield QueueEntry(
                self,
                request.team,
                _("Our action items"),
                why,
                action_minutes(count),
                self.reserved_for,
                is_urgent=overdue > 0,
            )

    def standing(self, request: QueueRequest) -> Standing | None:
        """Return how many are open, and the minutes needed to review them."""
        count, overdue = _count_open_actions(request.team, request.user)
        if not count:
            return None
        sentence = ngettext(
            "%(n)s open action item (%(overdue)s overdue) is on every agenda.",
            "%(n)s open action items (%(overdue)s overdue) are on every agenda.",
            count,
        )
        return Standing(sentence % {"n": count, "overdue": overdue}, self.reserved_for, action_minutes(count))

    def is_due(self, request: QueueRequest) -> bool:
        """Return whether an action item is due by the day of the meeting."""
        return Action.objects.open().filter(team=request.team, due_on__lte=request.day).exists()

    def place(self, entry: QueueEntry[Team], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Add a step to the top of the agenda."""
        topic = Topic.objects.create(
            team=meeting.team, title=entry.title, kind=Topic.Kind.STEP, is_standing=True, why=entry.why
        )
        item = AgendaItem(
            topic=topic,
            title=entry.title,
            prompt=_("Done, not done, what got in the way. Keep it short."),
            kind=StepKind.INFORM,
            capture=Capture.ACTION,
            reserved_for=self.reserved_for,
            minutes=entry.minutes,
        )
        first = meeting.items.order_by("position", "pk").first()
        place_item(item, meeting)
        if first:
            put_before(item, meeting, str(first.uuid))
        return item


SOURCES = (OpenActions(),)


def action_minutes(count: int) -> int:
    """Return the minutes needed to review ``count`` open action items."""
    return min(MOST_ACTION_MINUTES, max(1, round(count * MINUTES_PER_ACTION)))


@read_once(Action, *READ)
def _count_open_actions(team: Team, user: User | None) -> tuple[int, int]:
    """Number of open action items that the user may see, and how many of them are overdue."""
    days, today = prepared_rows(_due_days, team.pk, reader_of(user)), team.school.today()
    return len(days), sum(day < today for day in days)


def _due_days(team_id: int, user: User | None) -> QuerySet[Action, dt.date]:
    rows = Action.objects.open().filter(team=team_id)
    if user:
        rows = rows.filter(one_of(actions_visible_to(user)))
    return rows.order_by().values_list("due_on", flat=True)


def _action_steps(meeting_id: int) -> QuerySet[AgendaItem, tuple[int]]:
    rows = AgendaItem.objects.filter(meeting=meeting_id, topic__kind=Topic.Kind.STEP)
    return rows.filter(reserved_for=ReservedFor.CHECKS).order_by().values_list("pk")[:1]
