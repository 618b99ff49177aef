"""Visibility of remembered forms of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.recipes.models import FileRecipe
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def recipes_visible_to(user: User) -> QuerySet[FileRecipe]:
    """What schools where the user may load files remember of them."""
    return FileRecipe.objects.filter(school_id__in=schools_where(user, "import_data"))
