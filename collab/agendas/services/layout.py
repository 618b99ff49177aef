"""Create a meeting's agenda from its protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services.placement import insert_item, renumber
from teams.lib import clock

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from collab.meetings.queries.roles import Turns

OF_STEP = ("title", "prompt", "kind", "speaker", "capture", "reserved_for", "shows", "minutes")


def create_with_protocol_items(meeting: Meeting, turns: Turns, *, facilitator: int | None = None) -> Meeting:
    """Save a new meeting with roles by turn and the steps of its protocol as items."""
    for role, staff in turns.take(meeting.starts_at, facilitator=facilitator).items():
        setattr(meeting, f"{role}_id", staff)
    meeting.save()
    with translation.override(meeting.team.school.language):  # an agenda is shared
        _lay_out_steps(meeting)
    return meeting


def _lay_out_steps(meeting: Meeting) -> None:
    steps = _steps_of(meeting)
    Topic.objects.bulk_create(step.topic for step in steps)
    AgendaItem.objects.bulk_create(steps)


def _steps_of(meeting: Meeting) -> list[AgendaItem]:
    """The steps of the meeting's protocol as items, which are not saved yet."""
    return [
        AgendaItem(
            topic=Topic(team=meeting.team, title=_(step.title), kind=Topic.Kind.STEP, is_standing=True),
            meeting=meeting,
            position=step.position * 10,
            title=_(step.title),
            prompt=_(step.prompt) if step.prompt else "",
            kind=step.kind,
            speaker=step.speaker,
            capture=step.capture,
            reserved_for=step.reserved_for,
            shows=step.shows,
            minutes=step.minutes,
        )
        for step in (meeting.protocol.steps.all() if meeting.protocol else ())
    ]


def lay_out_anew(meeting: Meeting) -> None:
    """Give a locked planned ``meeting`` the steps of its protocol. What people placed or wrote stays.

    A step of the same name is kept with what is on it; another one stays only if something is on it.
    """
    rows = list(meeting.items.select_related("topic").order_by("position", "pk"))
    before = {row.title: row for row in reversed(rows) if row.topic.kind == Topic.Kind.STEP}
    with translation.override(meeting.team.school.language):
        fresh = _steps_of(meeting)
    order = [_taken_over(before.pop(step.title, None), step, meeting) for step in fresh]
    for row in rows:
        if row in order:
            continue
        if row.topic.kind == Topic.Kind.STEP and not _is_used(row):
            row.delete()
        else:
            insert_item(order, row, row.reserved_for if row.topic.kind != Topic.Kind.STEP else "")
    renumber(order)


def _taken_over(known: AgendaItem | None, step: AgendaItem, meeting: Meeting) -> AgendaItem:
    """The ``known`` item with what the ``step`` says, or the step as a new item; new or changed since it was published."""
    if known is None:
        step.topic.save()
        step.placed_at = None if meeting.is_draft else clock.now()
        step.save()
        return step
    if any(getattr(known, name) != getattr(step, name) for name in OF_STEP):
        known.changed_at = clock.now()
        known.version += 1
    for name in OF_STEP:
        setattr(known, name, getattr(step, name))
    known.minutes_reserved = None
    known.save()
    return known


def _is_used(step: AgendaItem) -> bool:
    """Whether people wrote on a step or put something on it."""
    return bool(step.ask) or any(
        rows.exists() for rows in (step.contributions, step.exhibits, step.student_work)
    )
