"""Who may see a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.polls.models import Poll, PollPerson
from teams.access.permissions import schools_where
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def polls_visible_to(user: User) -> QuerySet[Poll]:
    """Polls that the user is invited to, created, or whose team they lead, at schools where they work today."""
    scope = scope_of(user)
    asked = PollPerson.objects.filter(staff__in=scope.employed_ids).values("poll_id")
    return Poll.objects.filter(
        Q(pk__in=asked)
        | Q(made_by=user, team__school__in=scope.roles)
        | Q(team__in=scope.led_team_ids)
        | Q(team__school__in=schools_where(user, "lead_all_teams"))
    )
