"""Who may do what: one table, role × ability, for the whole product.

This table defines what a person may *do*. Which *rows* they may see is defined as SQL in each package's
`permissions.py`. No other module checks a role. Who has two roles
at a school may do what either may. README shows the same table, and a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from teams.access.prepared import prepared_rows
from teams.access.scope import StandIn, scope_of
from teams.directory.models import District, Role, Staff, Team
from teams.kept.queries import read_seldom

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from teams.directory.models import School, User


T, S, C, P, A = Role.TEACHER, Role.SPECIALIST, Role.COORDINATOR, Role.PRINCIPAL, Role.ADMINISTRATOR
FIRST_ROLE = A  # of the person for whom a school is added


ABILITIES: dict[str, frozenset[Role]] = {
    "see_all_students": frozenset({C, P, A}),
    "see_school": frozenset({C, P, A}),
    "triage": frozenset({C, P}),
    "start_plan": frozenset({C, S}),
    "deliver_plan": frozenset({T, S, C}),
    "review_plan": frozenset({S, C}),
    "run_trends": frozenset({C, P, A}),
    "edit_measures": frozenset({C, A}),
    "edit_rules": frozenset({C, A}),
    "run_surveys": frozenset({S, C, P}),
    "join_teams": frozenset({T, S, C, P}),
    "lead_all_teams": frozenset({C}),
    "edit_students": frozenset({A}),
    "record_incidents": frozenset({T, S, C, P, A}),
    "edit_incidents": frozenset({C, A}),
    "edit_strategies": frozenset({C, A}),
    "edit_standards": frozenset({T, S, C, A}),
    "edit_skills": frozenset({C, A}),
    "import_data": frozenset({A}),
    "edit_calendar": frozenset({C, P, A}),
    "schedule_teams": frozenset({C, P, A}),
    "answer_questions": frozenset({P}),
    "edit_school": frozenset({A}),
    "edit_teams": frozenset({C, A}),
    "edit_sign_in": frozenset({A}),
    "edit_people": frozenset({A}),
    "see_jobs": frozenset({A}),
    "see_disclosures": frozenset({P, A}),
}
# What each ability lets a person do, as the pages about roles say it.
ABILITY_SENTENCES: dict[str, _StrPromise] = {
    "see_all_students": _("See all students of the school."),
    "see_school": _("See the school’s overview and the pages of all teams."),
    "triage": _("Decide about candidates: which student needs a plan, a meeting or a watch."),
    "start_plan": _("Start an intervention plan for a student."),
    "deliver_plan": _("Deliver plans: log sessions and enter scores."),
    "review_plan": _("Review plans: continue, change or end them."),
    "run_trends": _("See how flags are made and run the trends again."),
    "edit_measures": _("Edit measures, their benchmarks and their dates."),
    "edit_rules": _("Adopt and change the rules for flags."),
    "run_surveys": _("Make surveys for the school, and read the answers of students whom they see."),
    "join_teams": _("Be a member of teams, and take part in peer observation and polls."),
    "lead_all_teams": _("Lead all teams: plan their meetings and run them."),
    "edit_students": _("Add and edit students, their guardians and groups."),
    "record_incidents": _("Record incidents of students whom they see, and change their own."),
    "edit_incidents": _("Change and remove incidents that others recorded."),
    "edit_strategies": _("Add, change and retire strategies for plans."),
    "edit_standards": _("Add, change and retire the school’s learning standards."),
    "edit_skills": _("Add, rename and retire the skills that notes about students can name."),
    "import_data": _("Load files with students, scores, attendance, incidents and grades."),
    "edit_calendar": _("Edit the school calendar, the bell schedule and the timetable."),
    "schedule_teams": _("Find a weekly time for every team at once."),
    "answer_questions": _("Answer the questions that teams ask their leaders."),
    "edit_school": _("Set up the school: its name, time zone, language and grades."),
    "edit_teams": _("Add, change and archive teams, and choose their members and leads."),
    "edit_sign_in": _("Set what the school requires at sign-in."),
    "edit_people": _("Add and invite people, give them roles, and end their access."),
    "see_jobs": _("See failed jobs and the outbox, without the texts of emails."),
    "see_disclosures": _("See who opened which student’s record."),
}
USUAL_ROLE = T  # of people for whom no other role is named
TEAM_ROLES = ABILITIES["join_teams"] - ABILITIES["see_school"]  # whose work is in teams


@dataclass(frozen=True, slots=True)
class Can:
    """The abilities of one user at one school, for templates: ``{% if can.triage %}``."""

    abilities: frozenset[str]

    def __getattr__(self, ability: str) -> bool:
        if ability not in ABILITIES:
            raise AttributeError(ability)
        return ability in self.abilities


def roles_of(user: User | AnonymousUser) -> Mapping[int, frozenset[Role]]:
    """Map school ids to the user's roles, for schools where the user works today."""
    return scope_of(user).roles


def schools_at(user: User | AnonymousUser) -> list[School]:
    """The schools where the user works today, by name."""
    return [staff.school for staff in scope_of(user).employed]


def first_school_of(user: User | AnonymousUser) -> School | None:
    """The school where the user has worked longest of those where they work today, or None."""
    employed = scope_of(user).employed
    return min(employed, key=lambda staff: staff.pk).school if employed else None


def can(user: User | AnonymousUser, ability: str, school: School | None) -> bool:
    """Whether the user may do ``ability`` at ``school``. An unknown ability raises KeyError."""
    return school is not None and can_at(user, ability, school.pk)


def can_at(user: User | AnonymousUser, ability: str, school_id: int) -> bool:
    """`can` at the school with this id, for rows whose school is not loaded."""
    return not ABILITIES[ability].isdisjoint(roles_of(user).get(school_id, ()))


def abilities_at(user: User | AnonymousUser, school: School | None) -> Can:
    """The user's abilities at ``school``."""
    return Can(frozenset(ability for ability in ABILITIES if can(user, ability, school)))


def require_ability(user: User | AnonymousUser, ability: str, school: School | None) -> None:
    """Raise PermissionDenied (403) if `can` is false. Services that write call this first."""
    if not can(user, ability, school):
        raise PermissionDenied


def schools_where(user: User | AnonymousUser, ability: str) -> list[int]:
    """Ids of the schools where the user may do ``ability``."""
    able = ABILITIES[ability]
    return [school_id for school_id, roles in roles_of(user).items() if not able.isdisjoint(roles)]


def districts_of(user: User) -> QuerySet[District]:
    """The districts that ``user`` administers: while they work at one of its schools."""
    own = {school.district_id for school in schools_at(user) if school.district_id}
    return District.objects.filter(administrators=user, pk__in=own) if own else District.objects.none()


def must_have_second_factor(user: User | AnonymousUser) -> bool:
    """Whether a school of the user demands a second factor of everyone, or the server of administrators.

    Those of a district are administrators too. Never in a demo: one click signs its people in, and no visitor may lock
    out the next one.
    """
    if settings.DEMO:
        return False
    if any(school.demands_second_factor for school in schools_at(user)):
        return True
    return settings.SECOND_FACTOR_FOR_ADMINISTRATORS and (
        bool(schools_where(user, "edit_sign_in")) or (user.is_authenticated and districts_of(user).exists())
    )


def staff_able(ability: str) -> QuerySet[Staff]:
    """Staff who may do ``ability`` at their school today."""
    return Staff.objects.active().filter(in_roles(ABILITIES[ability]))


def staff_where(school: School, ability: str) -> QuerySet[Staff]:
    """Staff who may do ``ability`` at ``school`` today."""
    return staff_able(ability).filter(school=school).select_related("user")


def in_roles(roles: Iterable[Role]) -> Q:
    """Whether a staff member works in one of ``roles``, as a Q on Staff."""
    wanted = list(roles)
    return Q(role__in=wanted) | Q(also__in=wanted)


def is_able(staff: Staff, ability: str) -> bool:
    """Whether a member of staff may do ``ability`` at their school while they work there."""
    return not ABILITIES[ability].isdisjoint(staff.roles)


def visible_team_ids(user: User) -> frozenset[int]:
    """Ids of the user's own teams, and of every team of schools whose overview the user may see."""
    if isinstance(user, StandIn):
        return user.team_ids
    schools = schools_where(user, "see_school")
    own = scope_of(user).team_ids
    return frozenset(team.pk for team in _read_teams(own, tuple(schools))) if schools else own


def visible_teams(user: User, school: School) -> list[Team]:
    """The teams of ``school`` among `visible_team_ids`, archived ones too, by name; one query, or none."""
    read = _read_teams(scope_of(user).team_ids, tuple(schools_where(user, "see_school")))
    teams = [copy(team) for team in read if team.school_id == school.pk]
    for team in teams:
        team.school = school
    return teams


def first_moments(user: User) -> dict[int, dt.datetime]:
    """Map ids of visible teams to the moment from which the user may read the team's record.

    Teams whose whole record they may read are left out: those of schools where new members read it all
    (`School.newcomers_read_all`), or whose overview the user may see.
    """
    if isinstance(user, StandIn):
        return user.first_moments
    scope, overseen = scope_of(user), schools_where(user, "see_school")
    schools = {staff.school_id: staff.school for staff in scope.employed}
    first: dict[int, dt.datetime] = {}
    for one in scope.memberships:
        if one.reads_from is not None and one.school_id not in overseen:
            moment = schools[one.school_id].at(one.reads_from, dt.time.min)
            first[one.team_id] = min(moment, first.get(one.team_id, moment))
    return first


@read_seldom(Team)
def _read_teams(own_ids: frozenset[int], school_ids: tuple[int, ...]) -> tuple[Team, ...]:
    return tuple(prepared_rows(_own_and_overseen, own_ids, school_ids))


def _own_and_overseen(own_ids: list[int], school_ids: list[int]) -> QuerySet[Team]:
    return Team.objects.filter(Q(pk__in=own_ids) | Q(school_id__in=school_ids))


def teams_visible_to(user: User) -> QuerySet[Team]:
    """The teams of `visible_team_ids`."""
    return Team.objects.filter(pk__in=visible_team_ids(user))


def own_teams(user: User) -> QuerySet[Team]:
    """The teams that the user is in today."""
    return Team.objects.filter(pk__in=scope_of(user).team_ids)


def own_staff(user: User, school: School) -> Staff | None:
    """The user's staff row at ``school`` today, or None."""
    return next((staff for staff in scope_of(user).employed if staff.school_id == school.pk), None)


def is_member(user: User, team: Team, *, lead: bool = False) -> bool:
    """Whether the user is in ``team`` today (``lead``: as a lead of it). A coordinator leads all teams of a school."""
    return can_at(user, "lead_all_teams", team.school_id) or is_in(user, team, lead=lead)


def may_take_part(user: User, team: Team) -> bool:
    """Whether the user may contribute, decide and commit for ``team``."""
    return is_member(user, team)


def is_in(user: User, team: Team, *, lead: bool = False) -> bool:
    """Whether the user has a membership of ``team`` today (``lead``: as a lead), regardless of abilities."""
    scope = scope_of(user)
    return team.pk in (scope.led_team_ids if lead else scope.team_ids)


def plannable_teams(user: User, school: School) -> QuerySet[Team]:
    """Teams for which the user may plan meetings: those they lead, or all teams for a coordinator."""
    teams = Team.objects.filter(school=school, is_active=True)
    if can(user, "lead_all_teams", school):
        return teams
    return teams.filter(pk__in=scope_of(user).led_team_ids)
