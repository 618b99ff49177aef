"""Create a meeting's agenda from its protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from collab.meetings.queries.roles import Turns


def create_with_protocol_items(meeting: Meeting, turns: Turns, *, facilitator: int | None = None) -> Meeting:
    """Save a new meeting with roles by turn and the steps of its protocol as items."""
    for role, staff in turns.take(meeting.starts_at, facilitator=facilitator).items():
        setattr(meeting, f"{role}_id", staff)
    meeting.save()
    with translation.override(meeting.team.school.language):  # an agenda is shared
        _lay_out_steps(meeting)
    return meeting


def _lay_out_steps(meeting: Meeting) -> None:
    steps = list(meeting.protocol.steps.all()) if meeting.protocol else []
    topics = [
        Topic(team=meeting.team, title=_(step.title), kind=Topic.Kind.STEP, is_standing=True)
        for step in steps
    ]
    AgendaItem.objects.bulk_create(
        AgendaItem(
            topic=topic,
            meeting=meeting,
            position=step.position * 10,
            title=topic.title,
            prompt=_(step.prompt) if step.prompt else "",
            kind=step.kind,
            speaker=step.speaker,
            capture=step.capture,
            reserved_for=step.reserved_for,
            shows=step.shows,
            minutes=step.minutes,
        )
        for step, topic in zip(steps, Topic.objects.bulk_create(topics), strict=True)
    )
