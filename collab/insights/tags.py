"""The way to a team's meeting value, for who may go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from collab.insights.permissions import effectiveness_visible_to

if TYPE_CHECKING:
    from teams.directory.models import Team, User

register = template.Library()


@register.simple_tag
def value_url(team: Team, user: User) -> str:
    """The page's address; empty for who may not see it."""
    if not effectiveness_visible_to(user).filter(pk=team.pk).exists():
        return ""
    return reverse("collab:value-show", args=[team.uuid])
