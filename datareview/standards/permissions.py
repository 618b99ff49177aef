"""Who may see a school's standards, and a team's essential ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.assessments.models import EssentialStandard
from datareview.records.models import Standard
from teams.access.permissions import roles_of, visible_team_ids

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def standards_visible_to(user: User) -> QuerySet[Standard]:
    """The standards of the schools where the user works today."""
    return Standard.objects.filter(school_id__in=roles_of(user))


def essentials_visible_to(user: User) -> QuerySet[EssentialStandard]:
    """The essential standards of teams that the user may see."""
    return EssentialStandard.objects.filter(team__in=visible_team_ids(user))
