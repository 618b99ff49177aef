"""Template tags for meeting effectiveness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from collab.insights.permissions import may_see_effectiveness

if TYPE_CHECKING:
    from teams.directory.models import Team, User

register = template.Library()


@register.simple_tag
def effectiveness_url(team: Team, user: User) -> str:
    """The URL of the team's meeting effectiveness; empty if the user may not see it."""
    if not may_see_effectiveness(user, team):
        return ""
    return reverse("collab:value-show", args=[team.uuid])
