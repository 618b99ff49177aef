"""Archive teams, with the meetings that they had planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from collab.meetings.models import Meeting
from collab.meetings.services.locking import lock_meeting, lock_team
from collab.planning.services.meetings import cancel_locked_meeting
from teams.directory.models import School, Team
from teams.jobs.services.batches import run_each
from teams.lib.errors import DomainError
from teams.team_admin.services.copying import copy_teams_forward
from teams.team_admin.services.teams import set_active

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import SchoolYear, User


@transaction.atomic
def archive_team(team: Team, *, actor: User | None) -> Team:
    """Archive ``team`` and cancel its planned meetings. ``actor`` None is the nightly task."""
    lock_team(team)
    if Meeting.objects.filter(team=team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("A meeting of %(team)s is in progress. Close it first.") % {"team": team})
    team = set_active(team, actor=actor, is_active=False)
    with translation.override(team.school.language):
        reason = _("The team was archived.")
    for meeting in Meeting.objects.filter(team=team, state=Meeting.State.PLANNED).order_by("pk"):
        cancel_locked_meeting(lock_meeting(meeting), actor=actor, reason=reason)
    return team


@transaction.atomic
def archive_teams(teams: Iterable[Team], *, actor: User, is_active: bool) -> list[Team]:
    """Archive several teams, or bring them back, all or none. Returns those that were not so before."""
    changed = [team for team in teams if team.is_active != is_active]
    for team in changed:
        if is_active:
            set_active(team, actor=actor, is_active=True)
        else:
            archive_team(team, actor=actor)
    return changed


@transaction.atomic
def copy_to_year(school: School, teams: Iterable[Team], *, year: SchoolYear, actor: User) -> list[Team]:
    """Copy ``teams`` to ``year``, and archive those that end by today with it. Returns the copies."""
    pairs = copy_teams_forward(school, teams, year=year, actor=actor)
    for old, _new in pairs:
        if year.starts_on <= school.today():
            archive_team(old, actor=actor)
    return [new for _old, new in pairs]


def archive_ended_teams() -> int:
    """Archive the teams whose last day has passed. Returns their number."""
    over = Q(pk__in=[])
    for school in School.objects.all():
        over |= Q(school=school, ends_on__lt=school.today())
    rows = Team.objects.filter(over, is_active=True).select_related("school")
    return run_each("collab.archive_ended_teams", rows, _archive, about=lambda team: team)


def _archive(team: Team) -> bool:
    return not archive_team(team, actor=None).is_active
