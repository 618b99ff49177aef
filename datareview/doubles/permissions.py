"""Who may undo merges and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import DifferentStudents, StudentMerge
from datareview.roster.permissions import editable_students

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def undoable_merges(user: User) -> QuerySet[StudentMerge]:
    """Merges of students whom the user may edit, also those that can no longer be undone."""
    return StudentMerge.objects.filter(kept__in=editable_students(user)).select_related("kept__school")


def unmarkable_pairs(user: User) -> QuerySet[DifferentStudents]:
    """Pairs of students marked as different, of whom the user may edit both."""
    students = editable_students(user)
    rows = DifferentStudents.objects.filter(first__in=students, second__in=students)
    return rows.select_related("first__school", "second")
