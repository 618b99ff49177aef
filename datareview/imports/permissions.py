"""Who may see and load files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from datareview.assessments.permissions import may_make_assessments
from datareview.imports.models import Import
from teams.access.permissions import require_ability, roles_of, schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, Team, User


def imports_visible_to(user: User) -> QuerySet[Import]:
    """Files of schools where the user may load data, and answers of assessments that the user brought for a team."""
    brought = Q(uploaded_by=user, school_id__in=roles_of(user)) & ~Q(team=None)
    return Import.objects.filter(brought | Q(team=None, school_id__in=schools_where(user, "import_data")))


def require_loading(actor: User, school: School, team: Team | None) -> None:
    """Raise PermissionDenied unless the user may load files of ``school``, or answers for the assessments of ``team``."""
    if team is None:
        require_ability(actor, "import_data", school)
    elif not may_make_assessments(actor, team):
        raise PermissionDenied


def require_own(actor: User, row: Import) -> None:
    """Raise PermissionDenied unless the user may check, apply and undo a file."""
    require_loading(actor, row.school, row.team)
    if row.team and row.uploaded_by_id != actor.pk:
        raise PermissionDenied
