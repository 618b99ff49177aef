"""Change the norms of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import is_member
from teams.audit.services import record_event
from teams.directory.models import Norm, Team
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User

MOST = 12
LONGEST = 200


@transaction.atomic
def set_norms(team: Team, *, actor: User, lines: list[str]) -> list[Norm]:
    """Replace the norms of a team by ``lines``, in order. Any member may do so."""
    team = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=team.pk)
    if not is_member(actor, team):
        raise PermissionDenied
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(wanted) > MOST:
        raise DomainError(_("Keep it to %(most)s norms or fewer.") % {"most": MOST})
    if any(len(line) > LONGEST for line in wanted):
        raise DomainError(_("Keep each norm to %(most)s characters or fewer.") % {"most": LONGEST})
    team.norms.all().delete()
    made = Norm.objects.bulk_create(
        Norm(team=team, text=line, position=place) for place, line in enumerate(wanted)
    )
    record_event(actor, "agreed-norms", team, school=team.school, norms=len(made))
    return made
