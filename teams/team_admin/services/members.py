"""Change who is in a team."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import is_able, require_ability
from teams.audit.services import record_event
from teams.directory.models import School, Team, TeamMember
from teams.lib import clock, formats
from teams.lib.errors import DomainError, StaleEdit
from teams.logs.security import log_security_event
from teams.team_admin.permissions import may_edit_members, may_edit_team

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import Staff, User


@transaction.atomic
def add_members(
    team: Team,
    staff: Sequence[Staff],
    *,
    actor: User,
    is_lead: bool = False,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> list[TeamMember]:
    """Add ``staff`` to ``team`` from ``starts_on`` (default: today) until ``ends_on``; former members join again."""
    team = _locked_team(team, actor)
    first = starts_on or team.school.today()
    _check_dates(team, actor, first, ends_on)
    earlier = {member.staff_id: member for member in team.members.filter(staff__in=staff)}
    added = []
    for person in staff:
        member = earlier.get(person.pk) or TeamMember(team=team, staff=person)
        _check_person(team, person, first)
        if member.pk and (member.ends_on is None or member.ends_on >= first):
            raise DomainError(_("%(who)s is a member already. Change the dates instead.") % {"who": person})
        member.starts_on, member.ends_on, member.is_lead = first, ends_on, is_lead
        member.save()
        _record(actor, "joined-team", member)
        added.append(member)
    return added


@transaction.atomic
def change_member(
    member: TeamMember,
    *,
    actor: User,
    seen: str,
    is_lead: bool,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> TeamMember:
    """Change a member's dates, and whether they lead.

    ``seen`` is the `state_of` the member that the actor started from; a different one raises `StaleEdit`.
    """
    team = _locked_team(member.team, actor)
    member = TeamMember.objects.select_related("team__school", "staff__user").get(pk=member.pk)
    if seen != state_of(member):
        raise StaleEdit(_("Someone changed this member while you were writing."), current=in_words(member))
    if not may_edit_team(actor, team):
        _check_lead(member, actor, ends_on)
    if starts_on != member.starts_on:
        _check_dates(team, actor, starts_on, ends_on)
    elif ends_on and ends_on < starts_on:
        raise DomainError(_("The last day is before the first."))
    if _is_later(ends_on, member.ends_on) and not is_able(member.staff, "join_teams"):
        raise DomainError(cannot_join(member.staff))
    member.is_lead, member.starts_on, member.ends_on = is_lead, starts_on, ends_on
    member.save()
    _record(actor, "changed-member", member)
    return member


@transaction.atomic
def remove_member(member: TeamMember, *, actor: User) -> None:
    """End a membership at once, also in a meeting in progress. Someone who joined today was never a member."""
    team = _locked_team(member.team, actor)
    member = TeamMember.objects.select_related("team__school", "staff__user").get(pk=member.pk)
    last_day = min(clock.server_day(), team.school.today()) - dt.timedelta(days=1)
    _record(actor, "left-team", member)
    if member.starts_on > last_day:
        member.delete()
    elif member.ends_on is None or member.ends_on > last_day:
        member.ends_on = last_day
        member.save()


@transaction.atomic
def set_team_rules(
    school: School, *, actor: User, leads_edit_members: bool, newcomers_read_all: bool
) -> School:
    """Set whether leads edit the members of their teams, and whether new members read a team's earlier record."""
    require_ability(actor, "edit_teams", school)
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    school.leads_edit_members, school.newcomers_read_all = leads_edit_members, newcomers_read_all
    school.save(update_fields=["leads_edit_members", "newcomers_read_all"])
    rules: dict[str, Any] = {
        "leads_edit_members": int(leads_edit_members),
        "newcomers_read_all": int(newcomers_read_all),
    }
    record_event(actor, "set-team-rules", school, school=school, **rules)
    log_security_event("team rules set", school=school.pk, **rules)
    return school


def state_of(member: TeamMember) -> str:
    """The dates and role of ``member``, to detect concurrent edits."""
    return f"{member.starts_on} {member.ends_on or ''} {int(member.is_lead)}"


def in_words(member: TeamMember) -> str:
    """The dates and role of ``member`` in words."""
    role = _("lead") if member.is_lead else _("member")
    first = formats.day(member.starts_on)
    if member.ends_on is None:
        return _("%(role)s from %(first)s") % {"role": role, "first": first}
    last = formats.day(member.ends_on)
    return _("%(role)s from %(first)s until %(last)s") % {"role": role, "first": first, "last": last}


def _locked_team(team: Team, actor: User) -> Team:
    locked = Team.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    team = locked.get(pk=team.pk)
    if not may_edit_members(actor, team):
        raise PermissionDenied
    return team


def _check_dates(team: Team, actor: User, first: dt.date, last: dt.date | None) -> None:
    """Raise DomainError for dates in the wrong order, and for leads who open the record of earlier days."""
    if last and last < first:
        raise DomainError(_("The last day is before the first."))
    if first < team.school.today() and not may_edit_team(actor, team):
        raise DomainError(_("You can add people from today on. Earlier days are set by who edits all teams."))


def _check_lead(member: TeamMember, actor: User, last: dt.date | None) -> None:
    """Raise DomainError for leads who open the record of a former member, or extend their own time."""
    if member.ends_on and member.ends_on < member.team.school.today():
        raise DomainError(_("This membership is over. Add the person to the team again."))
    if member.staff.user_id == actor.pk and _is_later(last, member.ends_on):
        raise DomainError(_("You can’t extend your own time in the team. Ask who edits all teams."))


def _is_later(last: dt.date | None, before: dt.date | None) -> bool:
    """Whether a membership until ``last`` is longer than one until ``before``; None is without an end."""
    return before is not None and (last is None or last > before)


def _check_person(team: Team, person: Staff, first: dt.date) -> None:
    if person.school_id != team.school_id:
        raise DomainError(_("%(who)s does not work at this school.") % {"who": person})
    if person.ends_on and person.ends_on < first:
        day = formats.day(person.ends_on)
        raise DomainError(_("%(who)s left the school on %(day)s.") % {"who": person, "day": day})
    if not is_able(person, "join_teams"):
        raise DomainError(cannot_join(person))


def cannot_join(person: Staff) -> str:
    """The sentence about someone whose role joins no teams."""
    sentence = _("%(who)s can’t be in a team with the role %(role)s.")
    return sentence % {"who": person, "role": person.roles_in_words}


def _record(actor: User, verb: str, member: TeamMember) -> None:
    """Record a change of who sees what."""
    facts: dict[str, Any] = {"staff": str(member.staff.uuid), "is_lead": int(member.is_lead)}
    dates: dict[str, Any] = {"starts_on": str(member.starts_on), "ends_on": str(member.ends_on or "")}
    record_event(actor, verb, member.team, school=member.team.school, **facts, **dates)
    log_security_event(verb.replace("-", " "), person=member.staff.user, team=str(member.team.uuid), **dates)
