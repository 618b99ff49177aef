"""Visibility of files of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import schools_where
from teams.staff_files.models import StaffFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def staff_files_visible_to(user: User) -> QuerySet[StaffFile]:
    """Files of people of schools where the user may edit people."""
    return StaffFile.objects.filter(school_id__in=schools_where(user, "edit_people"))
