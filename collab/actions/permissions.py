"""Who may see action items, and who may finish them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.actions.models import Action
from collab.agendas.permissions import items_visible_to
from collab.meetings.permissions import on_visible_record
from teams.access.permissions import can_at, is_member, visible_team_ids
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def actions_visible_to(user: User) -> QuerySet[Action]:
    """The user's own action items, and those of visible teams, unless from an item they may not read."""
    alone = Q(item=None) & on_visible_record(user, at="created_at")
    from_item = Q(team__in=visible_team_ids(user), item__in=items_visible_to(user))
    mine = Q(owner__in=scope_of(user).employed_ids)
    return Action.objects.filter(mine | alone | from_item)


def may_finish(user: User, action: Action) -> bool:
    """Whether the user may finish or drop ``action``: its owner, or a lead of its team."""
    own = action.owner.user_id == user.pk and can_at(user, "join_teams", action.team.school_id)
    return own or is_member(user, action.team, lead=True)
