"""Participants of a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from collab.meetings.models import Attendance, Guest, Meeting
from teams.access.prepared import prepared_rows
from teams.directory.models import Staff, Substitution, TeamMember, User
from teams.directory.queries.substitutes import standing_in, substitute_names, substitute_of
from teams.lib import clock
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import School

ROLES = ("facilitator", "recorder", "timekeeper", "data_lead")


@dataclass(frozen=True, slots=True)
class Person:
    """A member or guest, with attendance mark and roles; ``substitute`` is who stands in for them that day."""

    staff: Staff
    mark: str
    is_lead: bool = False
    is_guest: bool = False
    roles: tuple[str, ...] = ()
    substitute: User | None = None

    @property
    def name(self) -> str:
        """The name, with that of the substitute: "Ana Kaplan for Tom Sanders"."""
        return standing_in(self.substitute, self.staff) if self.substitute else str(self.staff)

    @property
    def short_name(self) -> str:
        """The short name, with that of the substitute."""
        user = self.staff.user
        return (
            standing_in(self.substitute.short_name, user.short_name) if self.substitute else user.short_name
        )

    @property
    def label(self) -> str:
        """The attendance mark in words."""
        return str(Attendance.Mark(self.mark).label) if self.mark else ""

    @property
    def is_here(self) -> bool:
        """Whether they are present."""
        return self.mark in ("present", "late", "remote")


@read_once(Meeting, Guest, Attendance, TeamMember, Staff, User, Substitution)
def participants_of(meeting: Meeting) -> list[Person]:
    """Members, leads first, then guests, in one query."""
    day = clock.server_day()
    found = prepared_rows(_members_and_guests, meeting.pk, meeting.team_id, day)
    labels = role_labels()
    held: dict[int, list[str]] = {}
    for role in ROLES:
        held.setdefault(getattr(meeting, f"{role}_id"), []).append(labels[role])
    members = [row for row in found if row.member_id is not None and row.works_on(day)]
    guests = [row for row in found if row.visit_id is not None]
    return [
        Person(
            row,
            row.mark or "",
            row.is_lead,
            roles=tuple(held.get(row.pk, ())),
            substitute=substitute_of(row),
        )
        for row in sorted(members, key=lambda row: (not row.is_lead, row.member_id))
    ] + [Person(row, row.mark or "", is_guest=True) for row in sorted(guests, key=lambda row: row.visit_id)]


def _members_and_guests(meeting_id: int, team_id: int, day: dt.date) -> QuerySet[Any, Any]:
    """Staff with their membership of the team and their visit to the meeting, without order."""
    membership = Q(memberships__team=team_id, memberships__starts_on__lte=day) & (
        Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=day)
    )
    attended = Q(meetings_attended__meeting=meeting_id)
    return (
        Staff.objects.annotate(
            member=FilteredRelation("memberships", condition=membership),
            visit=FilteredRelation("visits", condition=Q(visits__meeting=meeting_id)),
            attended=FilteredRelation("meetings_attended", condition=attended),
            member_id=F("member__pk"),
            is_lead=F("member__is_lead"),
            visit_id=F("visit__pk"),
            mark=F("attended__mark"),
            replacement=FilteredRelation(
                "replacements",
                condition=Q(replacements__starts_on__lte=day, replacements__ends_on__gte=day),
            ),
            **substitute_names("replacement"),
        )
        .filter(Q(member__isnull=False) | Q(visit__isnull=False))
        .select_related("user")
        .order_by()
    )


def role_labels() -> dict[str, str]:
    """Role → its translated name."""
    return {
        "facilitator": _("facilitator"),
        "recorder": _("recorder"),
        "timekeeper": _("timekeeper"),
        "data_lead": _("data lead"),
    }


@read_once(Staff, User)
def colleagues_at(school: School) -> list[Staff]:
    """Everyone who works at ``school`` today, by name."""
    return prepared_rows(_colleagues, school.pk)


def _colleagues(school_id: int) -> QuerySet[Staff]:
    return Staff.objects.active().filter(school=school_id).select_related("user")


def takes_part(meeting: Meeting, staff: Staff) -> bool:
    """Whether ``staff`` is a member of the team today, or a guest of ``meeting``."""
    return (
        meeting.team.members.active().filter(staff=staff).exists()
        or meeting.guests.filter(staff=staff).exists()
    )


def team_members(meeting: Meeting) -> QuerySet[Staff]:
    """Members of the meeting's team today."""
    return Staff.objects.filter(pk__in=meeting.team.members.active().values("staff"))


HERE = (Attendance.Mark.PRESENT, Attendance.Mark.LATE, Attendance.Mark.REMOTE)
