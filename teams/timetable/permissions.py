"""Visibility of timetable files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import schools_where
from teams.timetable.models import TimetableFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def timetable_files_visible_to(user: User) -> QuerySet[TimetableFile]:
    """Timetable files of schools where the user may edit the calendar."""
    return TimetableFile.objects.filter(school_id__in=schools_where(user, "edit_calendar"))
