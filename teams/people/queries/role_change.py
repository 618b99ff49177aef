"""What another role takes away from a person, and the teams that it took away before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teams.access.permissions import ABILITIES, is_able
from teams.audit.models import AuditEvent
from teams.directory.models import WITH_SECOND_ROLE, Staff, Team, TeamMember
from teams.people.queries.handover import open_work_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.people.queries.handover import OpenWork


@dataclass(frozen=True, slots=True)
class Losses:
    """The memberships that end with another role, and the open work that stays with the person who can't do it then."""

    memberships: list[TeamMember]
    work: list[OpenWork]

    def __bool__(self) -> bool:
        return bool(self.memberships or self.work)


def losses_of(staff: Staff, *, roles: Iterable[str]) -> Losses:
    """What ``staff`` loses if they work in ``roles`` instead of their own."""
    after = {role for role in roles if role}
    lost = {
        ability
        for ability in ("join_teams", "deliver_plan")
        if is_able(staff, ability) and ABILITIES[ability].isdisjoint(after)
    }
    memberships = list(memberships_of([staff])) if "join_teams" in lost else []
    return Losses(memberships, list(open_work_of(staff).values()) if lost else [])


def kept_second_role(staff: Staff, role: str) -> str:
    """The second role of ``staff``, if they may keep it with ``role``; else empty."""
    return staff.also if role in WITH_SECOND_ROLE and staff.also != role else ""


def memberships_of(people: Iterable[Staff]) -> list[TeamMember]:
    """Memberships of ``people`` that have not ended, also planned ones, by the team's name."""
    return [
        member
        for member in TeamMember.objects.filter(staff__in=people)
        .select_related("team", "staff__user", "staff__school")
        .order_by("team__name", "pk")
        if member.ends_on is None or member.ends_on >= member.staff.school.today()
    ]


def teams_to_restore(staff: Staff) -> list[Team]:
    """Teams that ``staff`` lost with a role, may join again and are not in, by name."""
    if not is_able(staff, "join_teams") or (staff.ends_on and staff.ends_on < staff.school.today()):
        return []
    events = AuditEvent.objects.filter(
        verb="lost-team", subject_type="teams.staff", subject_uuid=staff.uuid, school_id=staff.school_id
    )
    lost = {event.data["team"] for event in events}
    now = [member.team_id for member in memberships_of([staff])]
    teams = Team.objects.filter(school_id=staff.school_id, uuid__in=lost, is_active=True)
    return list(teams.exclude(pk__in=now).order_by("name"))
