"""Share a team's meeting effectiveness with leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from teams.access.permissions import is_in
from teams.audit.services import record_event
from teams.directory.models import Team

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def share_meeting_effectiveness(team: Team, *, actor: User, is_shared: bool) -> Team:
    """Share the page with the school's leaders, or stop sharing. Only team leads can."""
    team = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=team.pk)
    if not is_in(actor, team, lead=True):
        raise PermissionDenied
    if team.shares_value != is_shared:
        team.shares_value = is_shared
        team.save(update_fields=["shares_value"])
        record_event(actor, "value-shared" if is_shared else "value-unshared", team, school=team.school)
    return team
