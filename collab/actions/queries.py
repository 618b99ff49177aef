"""A meeting's action items, those carried from earlier meetings, and what each links to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.permissions import may_read
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.records.permissions import students_visible_to
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Opens:
    """Which pages linked from an action item the reader may open."""

    meeting: bool
    item: bool
    student: bool


def actions_on(items: Collection[AgendaItem]) -> QuerySet[Action]:
    """Action items created on ``items``, with the students they are about."""
    rows = Action.objects.filter(item__in=items).select_related("student", "plan__student")
    return lines_of(rows).order_by("pk")


def carried_actions(user: User, meeting: Meeting) -> QuerySet[Action]:
    """Action items from earlier meetings that ``user`` may see: still open, or for minutes finished in it."""
    rows = Action.objects.filter(team=meeting.team, created_at__lt=meeting.started_at or clock.now())
    rows = rows.exclude(item__meeting=meeting)
    if meeting.state == Meeting.State.CLOSED:
        rows = rows.filter(finished_at__range=(meeting.started_at, meeting.closed_at))
    elif meeting.started_at:
        rows = rows.open() | rows.filter(finished_at__gte=meeting.started_at)
    else:
        rows = rows.open()
    return lines_of(rows.filter(pk__in=actions_visible_to(user).values("pk"))).order_by("due_on", "pk")


def lines_of(rows: QuerySet[Action]) -> QuerySet[Action]:
    """``rows`` with what a line of a list shows of them."""
    return rows.select_related("owner__user", "team")


def opens_of(user: User, action: Action) -> Opens:
    """Which pages linked from ``action`` the user may open. An owner may not see all of them."""
    meeting = action.item.meeting if action.item else None
    student = action.plan.student if action.plan else action.student
    return Opens(
        meeting=meeting is not None and meetings_visible_to(user).filter(pk=meeting.pk).exists(),
        item=action.item is not None and may_read(user, action.item),
        student=student is not None and students_visible_to(user).filter(pk=student.pk).exists(),
    )
