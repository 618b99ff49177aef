"""A user's schools, roles and teams: the basis of every rule about the rows they may see.

`scope_of` reads it once per request (`teams.lib.request_cache`), in one query. The rules in each area's
`permissions.py` are short conditions on its ids.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q, Subquery

from teams.access.prepared import prepared_rows
from teams.directory.models import (
    Role,
    School,
    Staff,
    Substitution,
    Team,
    TeamGrade,
    TeamMember,
    User,
)
from teams.kept.queries import note_number, settings_number
from teams.lib import clock
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Membership:
    """A team that the user is in today, and the rule that selects its students (`Team.cohort`).

    ``reads_from`` is the first day of the team's record that the user may read; None if it is the whole record.
    ``for_lead`` says that it is the membership of a lead whom the user replaces.
    An archived team (not ``is_active``) keeps its record, but is responsible for no student.
    """

    team_id: int
    school_id: int
    is_lead: bool
    cohort: str
    reads_from: dt.date | None
    is_active: bool
    grades: frozenset[int]
    for_lead: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools, roles and teams of one user on one day.

    ``employed`` are the user's staff rows on that day, with their schools, by the school's name. ``staff_ids``
    contains them and those that have ended or not begun. ``replaced_ids`` are the rows of colleagues for whom the user is
    the substitute on that day, whose teams are among ``memberships``, never as a lead. ``user`` is None without any.
    """

    employed: tuple[Staff, ...] = ()
    staff_ids: frozenset[int] = frozenset()
    memberships: tuple[Membership, ...] = ()
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    replaced_ids: frozenset[int] = frozenset()
    user: User | None = field(default=None, compare=False)

    @property
    def employed_ids(self) -> list[int]:
        """Ids of the user's staff rows on that day."""
        return [staff.pk for staff in self.employed]

    @property
    def team_ids(self) -> frozenset[int]:
        """Ids of the user's own teams."""
        return frozenset(membership.team_id for membership in self.memberships)

    @property
    def led_team_ids(self) -> frozenset[int]:
        """Ids of the teams that the user leads as a member."""
        return frozenset(membership.team_id for membership in self.memberships if membership.is_lead)

    @property
    def prepared_team_ids(self) -> frozenset[int]:
        """Ids of the teams whose agendas the user prepares: as a lead, or as the substitute of one."""
        return frozenset(one.team_id for one in self.memberships if one.is_lead or one.for_lead)


@dataclass(frozen=True, slots=True)
class StandIn:
    """Stands for a user while a query is prepared (`teams.access.readers`), with made-up ids in ``scope``.

    ``team_ids`` and ``first_moments`` are what `teams.access.permissions` says of the user.
    """

    pk: int
    scope: Scope
    team_ids: frozenset[int]
    first_moments: dict[int, dt.datetime]


def scope_of(user: User | AnonymousUser) -> Scope:
    """The scope of ``user`` today; empty if nobody is signed in."""
    if isinstance(user, StandIn):
        return user.scope
    return _read_scope(user.pk, clock.server_day()) if user.is_authenticated else Scope()


def read_user(user_id: int) -> User | None:
    """The user with this id, with their staff rows of any time read in the same query; None without such rows."""
    return _read_scope(user_id, clock.server_day()).user


def _memberships(day: dt.date, users: Sequence[int]) -> QuerySet[Any, Any]:
    """Staff rows of ``users`` and of colleagues they replace, each once per membership on ``day`` and grade of its team."""
    replaced = Substitution.objects.active(day).filter(substitute__user_id__in=users)
    in_force = Q(memberships__starts_on__lte=day) & (
        Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=day)
    )
    return (
        Staff.objects.filter(Q(user_id__in=users) | Q(pk__in=replaced.values("replaced_id")))
        .select_related("school", "user")
        .annotate(
            member=FilteredRelation("memberships", condition=in_force),
            member_id=F("member__pk"),
            team_id=F("member__team_id"),
            team_school_id=F("member__team__school_id"),
            is_lead=F("member__is_lead"),
            cohort=F("member__team__cohort"),
            joined_on=F("member__starts_on"),
            team_is_active=F("member__team__is_active"),
            grade=F("member__team__grades__grade"),
            settings_revision=Subquery(settings_number()),
        )
        .order_by("school__name", "pk")
    )


@read_once(User, Staff, Substitution, School, Team, TeamMember, TeamGrade)
def _read_scope(user_id: int, day: dt.date) -> Scope:
    """The user's staff rows, and those of colleagues they replace, with the memberships in force on ``day``."""
    rows = prepared_rows(_memberships, day, [user_id])
    note_number(rows[0].settings_revision if rows else None)
    staff: dict[int, Staff] = {}
    teams: dict[int, tuple[int, int, bool, str, dt.date | None, bool]] = {}
    for_leads: set[int] = set()
    grades: defaultdict[int, set[int]] = defaultdict(set)
    for row in rows:
        staff.setdefault(row.pk, row)
        if row.member_id is None or not row.works_on(day):
            continue
        reads_from = None if row.school.newcomers_read_all else row.joined_on
        teams[row.member_id] = (
            row.team_id,
            row.team_school_id,
            row.is_lead and row.user_id == user_id,
            row.cohort,
            reads_from,
            row.team_is_active,
        )
        if row.is_lead and row.user_id != user_id:
            for_leads.add(row.member_id)
        if row.grade is not None:
            grades[row.member_id].add(row.grade)
    own = [row for row in staff.values() if row.user_id == user_id]
    employed = tuple(row for row in own if row.works_on(day))
    return Scope(
        employed=employed,
        staff_ids=frozenset(row.pk for row in own),
        memberships=tuple(
            Membership(*teams[pk], frozenset(grades[pk]), pk in for_leads) for pk in sorted(teams)
        ),
        roles={row.school_id: row.roles for row in employed},
        replaced_ids=frozenset(row.pk for row in staff.values() if row.user_id != user_id),
        user=next((row.user for row in own), None),
    )
