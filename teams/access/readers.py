"""A user as the reader of prepared queries (`teams.access.prepared`), by the same rules about rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teams.access.permissions import first_moments, visible_team_ids
from teams.access.scope import Membership, Scope, StandIn, scope_of
from teams.directory.models import School, Staff, Substitution, Team, TeamGrade, TeamMember, User
from teams.lib import clock
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt

    from teams.access.prepared import MadeUp


@dataclass(frozen=True, slots=True)
class _Shape:
    """A scope with places in a list of values instead of ids, days and moments; ``kinds`` are their types."""

    kinds: tuple[type, ...]
    user: int
    employed: tuple[tuple[int, int, str, str], ...]
    staff: tuple[int, ...]
    memberships: tuple[tuple[int, int, bool, str, int | None, bool, tuple[int, ...], bool], ...]
    replaced: tuple[int, ...]
    teams: tuple[int, ...]
    first: tuple[tuple[int, int], ...]

    def stand_in(self, marks: MadeUp) -> StandIn:
        """A user with this shape and ``marks`` as values."""
        made = [marks.next(kind) for kind in self.kinds]
        employed = tuple(
            Staff(pk=made[staff], school_id=made[school], role=role, also=also)
            for staff, school, role, also in self.employed
        )
        scope = Scope(
            employed=employed,
            staff_ids=frozenset(made[one] for one in self.staff),
            memberships=tuple(
                Membership(
                    made[team],
                    made[school],
                    is_lead,
                    cohort,
                    None if since is None else made[since],
                    is_active,
                    frozenset(grades),
                    for_lead,
                )
                for team, school, is_lead, cohort, since, is_active, grades, for_lead in self.memberships
            ),
            roles={one.school_id: one.roles for one in employed},
            replaced_ids=frozenset(made[one] for one in self.replaced),
        )
        teams = frozenset(made[one] for one in self.teams)
        return StandIn(made[self.user], scope, teams, {made[team]: made[at] for team, at in self.first})


@dataclass(frozen=True, slots=True)
class Reader:
    """The shape of a user's scope, and the ids, days and moments in it."""

    shape: _Shape
    values: tuple[Any, ...]


def reader_of(user: User | None) -> Reader | None:
    """``user`` today, for `prepared_rows` and `in_prepared`; None for nobody, where everything is visible."""
    return _read_reader(user, clock.server_day()) if user else None


@read_once(User, Staff, Substitution, School, Team, TeamMember, TeamGrade)
def _read_reader(user: User, _day: dt.date) -> Reader:
    scope, places = scope_of(user), _Places()
    shape: dict[str, Any] = {
        "user": places.of("user", user.pk),
        "employed": tuple(
            (places.of("staff", one.pk), places.of("school", one.school_id), one.role, one.also)
            for one in scope.employed
        ),
        "staff": tuple(places.of("staff", one) for one in sorted(scope.staff_ids)),
        "memberships": tuple(
            (
                places.of("team", one.team_id),
                places.of("school", one.school_id),
                one.is_lead,
                one.cohort,
                None if one.reads_from is None else places.of("day", one.reads_from),
                one.is_active,
                tuple(sorted(one.grades)),
                one.for_lead,
            )
            for one in scope.memberships
        ),
        "replaced": tuple(places.of("staff", one) for one in sorted(scope.replaced_ids)),
        "teams": tuple(places.of("team", one) for one in sorted(visible_team_ids(user))),
        "first": tuple(
            (places.of("team", team), places.of("moment", moment))
            for team, moment in sorted(first_moments(user).items())
        ),
    }
    values = tuple(value for _kind, value in places.found)
    return Reader(_Shape(tuple(map(type, values)), **shape), values)


class _Places:
    """The place of each value, by its kind, in the order in which they are asked for."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, Any], int] = {}

    def of(self, kind: str, value: Any) -> int:
        """The place of ``value``."""
        return self.found.setdefault((kind, value), len(self.found))
