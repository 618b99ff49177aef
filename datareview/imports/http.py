"""Helpers shared by the views of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from datareview.imports.permissions import imports_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from datareview.imports.models import Import
    from teams.lib.requests import SchoolRequest


def visible_import(request: SchoolRequest, uuid: UUID) -> Import:
    """The import if the user may load data, otherwise 404."""
    rows = imports_visible_to(request.user).select_related(
        "school", "uploaded_by", "job", "team__school", "assessment", "recipe", "part_of"
    )
    return get_object_or_404(rows, uuid=uuid)
