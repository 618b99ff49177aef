"""Who may read and write notes about which students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.anecdotes.models import Anecdote
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import User


def anecdotes_readable_by(user: User) -> QuerySet[Anecdote]:
    """Notes that the author shares with the user, and the user's own; about students whom the caller knows to be visible.

    A coordinator or a principal reads no note that is for its author, a team or named people: only those read it.
    """
    scope = scope_of(user)
    return readable_anecdotes(user.pk, scope.team_ids, scope.staff_ids)


def readable_anecdotes(
    user_id: int, team_ids: Collection[int], staff_ids: Collection[int]
) -> QuerySet[Anecdote]:
    """`anecdotes_readable_by` a user with these teams and staff rows."""
    shared = Q(sharing=Anecdote.Sharing.SCHOOL)
    for_team = Q(sharing=Anecdote.Sharing.TEAM, team__in=team_ids)
    named = Q(sharing=Anecdote.Sharing.NAMED, readers__in=staff_ids)
    rows = Anecdote.objects.filter(Q(author=user_id) | shared | for_team | named, removed_at=None)
    return rows.distinct()


def anecdotes_visible_to(user: User) -> QuerySet[Anecdote]:
    """Notes that the user may read, about students whom the user may see."""
    return anecdotes_readable_by(user).filter(one_of(students_visible_to(user), "student"))


def own_anecdotes(user: User) -> QuerySet[Anecdote]:
    """The user's own notes about students whom the user may still see, removed ones too."""
    rows = Anecdote.objects.filter(one_of(students_visible_to(user), "student"), author=user)
    return rows.select_related("student__school", "skill", "team")


def students_to_write_about(user: User) -> QuerySet[Student]:
    """Students who are at the school and whom the user may see."""
    return students_visible_to(user).filter(status=Student.Status.ACTIVE).select_related("school")
