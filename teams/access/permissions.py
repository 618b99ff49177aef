"""Who may do what: one table, role × ability, for the whole product.

This table defines what a person may *do*. Which *rows* they may see is defined as SQL in each package's
`permissions.py`. No other module checks a role. README shows the same table, and a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from teams.directory.models import Role, Staff, Team

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from teams.directory.models import School, User


T, S, C, P, A = Role.TEACHER, Role.SPECIALIST, Role.COORDINATOR, Role.PRINCIPAL, Role.ADMINISTRATOR


ABILITIES: dict[str, frozenset[Role]] = {
    "see_all_students": frozenset({C, P, A}),
    "see_school": frozenset({C, P, A}),
    "triage": frozenset({C, P}),
    "start_plan": frozenset({C, S}),
    "deliver_plan": frozenset({T, S, C}),
    "review_plan": frozenset({S, C}),
    "run_trends": frozenset({C, P, A}),
    "edit_rules": frozenset({C, A}),
    "join_teams": frozenset({T, S, C, P}),
    "lead_all_teams": frozenset({C}),
    "import_data": frozenset({A}),
    "edit_calendar": frozenset({C, P, A}),
    "schedule_teams": frozenset({C, P, A}),
    "answer_questions": frozenset({P}),
    "see_jobs": frozenset({A}),
    "see_disclosures": frozenset({P, A}),
}


@dataclass(frozen=True, slots=True)
class Can:
    """The abilities of one user at one school, for templates: ``{% if can.triage %}``."""

    abilities: frozenset[str]

    def __getattr__(self, ability: str) -> bool:
        if ability not in ABILITIES:
            raise AttributeError(ability)
        return ability in self.abilities


def roles_of(user: User | AnonymousUser) -> dict[int, Role]:
    """Map school ids to the user's role, for schools where the user works today; read once per request."""
    if not user.is_authenticated:
        return {}
    return {row.school_id: Role(row.role) for row in _staff_rows(user)}


def schools_at(user: User | AnonymousUser) -> list[School]:
    """The schools where the user works today, by name."""
    rows = _staff_rows(user) if user.is_authenticated else []
    return [row.school for row in rows]


def _staff_rows(user: User) -> list[Staff]:
    cached: list[Staff] | None = getattr(user, "_staff_rows", None)
    if cached is None:
        rows = Staff.objects.active().filter(user_id=user.pk)
        cached = list(rows.select_related("school").order_by("school__name"))
        user._staff_rows = cached  # type: ignore[attr-defined]  # noqa: SLF001 (kept for this request only)
    return cached


def can(user: User | AnonymousUser, ability: str, school: School | None) -> bool:
    """Whether the user may do ``ability`` at ``school``. An unknown ability raises KeyError."""
    return school is not None and roles_of(user).get(school.pk) in ABILITIES[ability]


def abilities_at(user: User | AnonymousUser, school: School | None) -> Can:
    """The user's abilities at ``school``."""
    return Can(frozenset(ability for ability in ABILITIES if can(user, ability, school)))


def require_ability(user: User | AnonymousUser, ability: str, school: School | None) -> None:
    """Raise PermissionDenied (403) if `can` is false. Services that write call this first."""
    if not can(user, ability, school):
        raise PermissionDenied


def schools_where(user: User | AnonymousUser, ability: str) -> list[int]:
    """Ids of the schools where the user may do ``ability``."""
    return [school_id for school_id, role in roles_of(user).items() if role in ABILITIES[ability]]


def staff_where(school: School, ability: str) -> QuerySet[Staff]:
    """Staff who may do ``ability`` at ``school`` today."""
    return Staff.objects.active().filter(school=school, role__in=ABILITIES[ability]).select_related("user")


def teams_visible_to(user: User, day: dt.date | None = None) -> QuerySet[Team]:
    """The user's own teams, and every team of schools whose overview the user may see."""
    own = Team.objects.of_user(user.pk, day).values("pk")
    return Team.objects.filter(Q(pk__in=own) | Q(school_id__in=schools_where(user, "see_school")))


def own_staff(user: User, school: School) -> Staff | None:
    """The user's staff row at ``school`` today, or None."""
    return Staff.objects.active().filter(user_id=user.pk, school_id=school.pk).first()


def is_member(user: User, team: Team, *, lead: bool = False) -> bool:
    """Whether the user is in ``team`` today (``lead``: as a lead of it). A coordinator leads all teams of a school."""
    if can(user, "lead_all_teams", team.school):
        return True
    members = team.members.active().filter(staff__user_id=user.pk)
    return members.filter(is_lead=True).exists() if lead else members.exists()


def may_take_part(user: User, team: Team) -> bool:
    """Whether the user may contribute, decide and commit for ``team``."""
    return is_member(user, team)


def is_in(user: User, team: Team, *, lead: bool = False) -> bool:
    """Whether the user has a membership of ``team`` today (``lead``: as a lead), regardless of abilities."""
    members = team.members.active().filter(staff__user_id=user.pk)
    return members.filter(is_lead=True).exists() if lead else members.exists()


def plannable_teams(user: User, school: School) -> QuerySet[Team]:
    """Teams for which the user may plan meetings: those they lead, or all teams for a coordinator."""
    teams = Team.objects.filter(school=school, is_active=True)
    if can(user, "lead_all_teams", school):
        return teams
    return teams.filter(
        members__staff__user=user, members__is_lead=True, pk__in=Team.objects.of_user(user.pk)
    )
