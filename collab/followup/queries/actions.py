"""Where a promise leads to, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.agendas.permissions import may_read
from collab.meetings.permissions import meetings_visible_to
from datareview.records.permissions import students_visible_to

if TYPE_CHECKING:
    from collab.followup.models import Action
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Opens:
    """Which of the things that a promise came from the reader may open."""

    meeting: bool
    item: bool
    student: bool


def opens_of(user: User, action: Action) -> Opens:
    """What ``user`` may open from ``action``: whoever promised something need not see all it is about."""
    meeting = action.item.meeting if action.item else None
    student = action.plan.student if action.plan else action.student
    return Opens(
        meeting=meeting is not None and meetings_visible_to(user).filter(pk=meeting.pk).exists(),
        item=action.item is not None and may_read(user, action.item),
        student=student is not None and students_visible_to(user).filter(pk=student.pk).exists(),
    )
