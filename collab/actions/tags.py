"""Template filters for action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from collab.actions.permissions import may_finish

if TYPE_CHECKING:
    from collab.actions.models import Action
    from teams.directory.models import User

register = template.Library()


@register.filter
def finishable_by(action: Action, user: User) -> bool:
    """Whether the user may finish or drop the action item."""
    return may_finish(user, action)
