"""Take the work on an item that a meeting did not reach along to the next one, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.models import AgendaItem
from collab.student_work.models import StudentWork, WorkScoring

if TYPE_CHECKING:
    from collab.meetings.models import Meeting


def carry_work(meeting: Meeting) -> None:
    """Move the work on unreached items of a locked meeting to the items that wait for the next one."""
    unreached = meeting.items.filter(state=AgendaItem.State.MOVED)
    has_work = Q(student_work__isnull=False) | Q(work_scoring__isnull=False)
    for item in unreached.filter(has_work).distinct():
        waiting = AgendaItem.objects.filter(topic=item.topic_id, meeting=None).first()
        if waiting:
            move_work(item, waiting)


def move_work(item: AgendaItem, onto: AgendaItem) -> None:
    """Move the work on ``item``, with its rubric, to another item of the same topic."""
    StudentWork.objects.filter(item=item).update(item=onto)
    if not WorkScoring.objects.filter(item=onto).exists():
        WorkScoring.objects.filter(item=item).update(item=onto)
