"""Who may edit which students, guardians and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import GroupName, Guardian, Student, Subgroup
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def editable_students(user: User) -> QuerySet[Student]:
    """Students, also past ones, of schools where the user may edit students."""
    return Student.objects.filter(school__in=schools_where(user, "edit_students")).select_related("school")


def editable_guardians(user: User) -> QuerySet[Guardian]:
    """Guardians of the students whom the user may edit."""
    return Guardian.objects.filter(student__in=editable_students(user)).select_related("student__school")


def editable_memberships(user: User) -> QuerySet[Subgroup]:
    """Memberships of groups of the students whom the user may edit."""
    return Subgroup.objects.filter(student__in=editable_students(user)).select_related("student__school")


def editable_group_names(user: User) -> QuerySet[GroupName]:
    """The lists of groups of schools where the user may edit students."""
    return GroupName.objects.filter(school__in=schools_where(user, "edit_students")).select_related("school")


def group_names_seen_by(user: User) -> QuerySet[GroupName]:
    """The lists of groups of schools where the user may see all students."""
    return GroupName.objects.filter(school__in=schools_where(user, "see_all_students")).select_related(
        "school"
    )
