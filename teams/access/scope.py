"""A user's schools, roles and teams: the basis of every rule about the rows they may see.

`scope_of` reads it once per request (`teams.lib.request_cache`), in two queries. The rules in each area's
`permissions.py` are short conditions on its ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from teams.directory.models import Role, School, Staff, Team, TeamGrade, TeamMember
from teams.lib import clock
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.contrib.auth.models import AnonymousUser

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Membership:
    """A team that the user is in today, and the rule that selects its students (`Team.cohort`)."""

    team_id: int
    school_id: int
    is_lead: bool
    cohort: str
    grades: frozenset[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools, roles and teams of one user on one day.

    ``employed`` are the user's staff rows on that day, with their schools, by the school's name. ``staff_ids``
    contains them and those that have ended or not begun.
    """

    employed: tuple[Staff, ...] = ()
    staff_ids: frozenset[int] = frozenset()
    memberships: tuple[Membership, ...] = ()
    roles: Mapping[int, Role] = field(default_factory=dict)

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


def scope_of(user: User | AnonymousUser) -> Scope:
    """The scope of ``user`` today; empty if nobody is signed in."""
    return _read_scope(user.pk, clock.server_day()) if user.is_authenticated else Scope()


@read_once(Staff, School, Team, TeamMember, TeamGrade)
def _read_scope(user_id: int, day: dt.date) -> Scope:
    rows = list(Staff.objects.filter(user_id=user_id).select_related("school").order_by("school__name"))
    employed = tuple(
        row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
    )
    return Scope(
        employed=employed,
        staff_ids=frozenset(row.pk for row in rows),
        memberships=_memberships([row.pk for row in employed], day) if employed else (),
        roles={row.school_id: Role(row.role) for row in employed},
    )


def _memberships(staff_ids: list[int], day: dt.date) -> tuple[Membership, ...]:
    """Memberships in force on ``day``, one row of the query per grade of the team."""
    rows = (
        TeamMember.objects.active(day)
        .filter(staff_id__in=staff_ids)
        .order_by("pk")
        .values_list("pk", "team_id", "team__school_id", "is_lead", "team__cohort", "team__grades__grade")
    )
    found: dict[int, tuple[tuple[int, int, bool, str], set[int]]] = {}
    for pk, team_id, school_id, is_lead, cohort, grade in rows:
        _team, grades = found.setdefault(pk, ((team_id, school_id, is_lead, cohort), set()))
        if grade is not None:
            grades.add(grade)
    return tuple(Membership(*team, frozenset(grades)) for team, grades in found.values())
