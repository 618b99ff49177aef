"""Who sees, and who may remove, a saved view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.explore.models import SavedView
from teams.access.permissions import may_take_part, roles_of, visible_team_ids

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def saved_views_visible_to(user: User) -> QuerySet[SavedView]:
    """The user's own saved views at schools where they work, and those of teams that they see."""
    own = Q(owner=user, school__in=roles_of(user))
    return SavedView.objects.filter(own | Q(team__in=visible_team_ids(user)))


def may_remove_view(user: User, view: SavedView) -> bool:
    """Whether the user may remove a view: their own, or one of a team in which they take part."""
    return view.owner_id == user.pk or (view.team is not None and may_take_part(user, view.team))
