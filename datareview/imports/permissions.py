"""Visibility of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.imports.models import Import
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def imports_visible_to(user: User) -> QuerySet[Import]:
    """Imports of schools where the user may load data."""
    return Import.objects.filter(school_id__in=schools_where(user, "import_data"))
