"""Copy teams to the next school year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import Norm, School, Team, TeamGrade, TeamMember
from teams.lib.errors import DomainError
from teams.logs.security import log_security_event
from teams.team_admin.services.teams import LONGEST_NAME, filled_team, lock_teams, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import SchoolYear, User


@transaction.atomic
def copy_teams_forward(
    school: School, teams: Iterable[Team], *, year: SchoolYear, actor: User
) -> list[tuple[Team, Team]]:
    """Copy ``teams`` to ``year`` with their members, norms and expectations. Returns (old, new) pairs.

    The copies begin with ``year``, or today once it has begun; those who are members then or later are moved to them.
    The copy takes the name; the old team gets that of its year added and ends the day before. Queue, meetings and
    action items stay with it.
    """
    require_ability(actor, "edit_teams", school)
    lock_teams(school)
    first = max(year.starts_on, school.today())
    last_day = first - dt.timedelta(days=1)
    before = school.years.filter(starts_on__lt=year.starts_on).order_by("-starts_on").first()
    suffix = f" ({before.name})" if before else f" ({last_day.year})"
    chosen = [one.pk for one in teams]
    olds = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    pairs = []
    for old in olds.filter(school=school, pk__in=chosen).order_by("name", "pk"):
        if not old.is_active or old.ends_on:
            raise DomainError(_("%(team)s has ended. Bring it back to copy it.") % {"team": old})
        name = old.name
        new = filled_team(Team(school=school), values_of(old))
        old.name, old.ends_on = f"{name[: LONGEST_NAME - len(suffix)]}{suffix}", last_day
        if Team.objects.filter(school=school, name=old.name).exists():
            raise DomainError(_("There is a team named %(team)s already. Rename it first.") % {"team": old})
        old.save(update_fields=["name", "ends_on"])
        new.norms_adopted_on, new.norms_review_on = old.norms_adopted_on, old.norms_review_on
        new.save()
        _copy_people(old, new, first=first)
        record_event(actor, "copied-team", new, school=school, copied=str(old.uuid), year=str(year.uuid))
        log_security_event("team copied", team=str(new.uuid), copied=str(old.uuid))
        pairs.append((old, new))
    return pairs


def _copy_people(old: Team, new: Team, *, first: dt.date) -> None:
    TeamGrade.objects.bulk_create(TeamGrade(team=new, grade=row.grade) for row in old.grades.all())
    Norm.objects.bulk_create(Norm(team=new, text=row.text, position=row.position) for row in old.norms.all())
    kept = old.members.exclude(ends_on__lt=first).exclude(staff__ends_on__lt=first)
    rows = list(kept.select_related("staff").order_by("pk"))
    TeamMember.objects.bulk_create(
        TeamMember(
            team=new,
            staff=row.staff,
            is_lead=row.is_lead,
            starts_on=max(row.starts_on, first),
            ends_on=row.ends_on,
        )
        for row in rows
    )
    for row in rows:
        row.ends_on = first - dt.timedelta(days=1)
        if row.ends_on < row.starts_on:
            row.delete()
        else:
            row.save()  # one by one, for signals
