"""Who may see a school's strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.strategies.models import Strategy
from teams.access.permissions import roles_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def strategies_visible_to(user: User) -> QuerySet[Strategy]:
    """The strategies of the schools where the user works today."""
    return Strategy.objects.filter(school_id__in=roles_of(user))
