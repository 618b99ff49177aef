"""The minutes of a closed meeting: for the team, and for all staff without anything about students."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.models import Action, AgendaItem, Decision, Meeting, Visibility
from collab.queries.about import is_about_student
from collab.queries.decisions import student_of
from collab.queries.said import talk_on
from collab.queries.shown import exhibits_for
from teams.permissions import roles_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.models import Cause, TeachingChange
    from collab.queries.room import Room
    from collab.queries.said import Talk
    from collab.queries.shown import Shown
    from datareview.models import Student
    from teams.models import User


@dataclass(frozen=True, slots=True)
class Minutes:
    """One item of a closed meeting."""

    item: AgendaItem
    exhibits: list[Shown]
    talk: Talk
    causes: list[Cause]
    changes: list[TeachingChange]


def minutes_of(user: User, room: Room) -> list[Minutes]:
    """Every item that was taken up and that the user may read, with what was shown and said."""
    taken = [
        item
        for item in room.items
        if item.state == AgendaItem.State.DONE and not item.is_closed_to_me  # type: ignore[attr-defined]
    ]
    return [
        Minutes(
            item,
            exhibits_for(user, item, room.meeting),
            talk_on(user, item),
            list(item.causes.select_related("author")),
            list(item.changes.select_related("teacher__user")),
        )
        for item in taken
    ]


def students_of(room: Room) -> list[Student]:
    """The students whom items of a meeting that the user may read are about."""
    found = [student_of(item) for item in room.readable]
    return [student for student in found if student]


def staff_minutes_visible_to(user: User) -> QuerySet[Meeting]:
    """Approved minutes of the schools where the user works: what all staff may read of them."""
    return Meeting.objects.filter(
        state=Meeting.State.CLOSED,
        approved_at__isnull=False,
        team__school_id__in=roles_of(user),
    )


@dataclass(frozen=True, slots=True)
class StaffItem:
    """An item that is open to all staff, with what was decided and promised on it. No students, no charts."""

    item: AgendaItem
    decisions: list[Decision]
    actions: list[Action]


def staff_minutes_of(meeting: Meeting) -> list[StaffItem]:
    """What all staff may read: items marked so, without those that are about a student.

    Actions and decisions that were made for named students are left out too.
    """
    items = meeting.items.filter(visibility=Visibility.STAFF, state=AgendaItem.State.DONE)
    items = items.select_related("topic__decision").prefetch_related("exhibits")
    return [
        StaffItem(
            item,
            list(item.decisions.filter(students=None)),
            list(item.actions.filter(student=None, plan=None).select_related("owner__user")),
        )
        for item in items.order_by("position", "pk")
        if not is_about_student(item)
    ]
