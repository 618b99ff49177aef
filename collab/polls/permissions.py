"""Who may see a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.polls.models import Poll, PollPerson
from teams.access.permissions import schools_where
from teams.directory.models import Staff, TeamMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def polls_visible_to(user: User) -> QuerySet[Poll]:
    """Polls that the user is invited to, created, or whose team they lead, at schools where they work today."""
    mine = Staff.objects.active().filter(user_id=user.pk)
    asked = PollPerson.objects.filter(staff__in=mine).values("poll_id")
    led = TeamMember.objects.active().filter(staff__user_id=user.pk, is_lead=True).values("team_id")
    return Poll.objects.filter(
        Q(pk__in=asked)
        | Q(made_by=user, team__school__in=mine.values("school_id"))
        | Q(team__in=led)
        | Q(team__school__in=schools_where(user, "lead_all_teams"))
    )
