"""Who may see files of frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.frameworks.models import FrameworkFile
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def frameworks_visible_to(user: User) -> QuerySet[FrameworkFile]:
    """The files of schools where the user may change standards."""
    return FrameworkFile.objects.filter(school__in=schools_where(user, "edit_standards"))
