"""Participants of a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.meetings.models import Attendance, Meeting
from collab.meetings.queries.roles import ROLES, role_labels
from teams.directory.models import Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Person:
    """A member or guest, with attendance mark and roles."""

    staff: Staff
    mark: str
    is_lead: bool = False
    is_guest: bool = False
    roles: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The attendance mark in words."""
        return str(Attendance.Mark(self.mark).label) if self.mark else ""

    @property
    def is_here(self) -> bool:
        """Whether they are present."""
        return self.mark in ("present", "late", "remote")


def participants_of(meeting: Meeting) -> list[Person]:
    """Members, leads first, then guests."""
    marks = dict(Attendance.objects.filter(meeting=meeting).values_list("staff_id", "mark"))
    labels = role_labels()
    held: dict[int, list[str]] = {}
    for role in ROLES:
        held.setdefault(getattr(meeting, f"{role}_id"), []).append(labels[role])
    members = meeting.team.members.active().select_related("staff__user").order_by("-is_lead", "pk")
    people = [
        Person(
            member.staff,
            marks.get(member.staff_id, ""),
            member.is_lead,
            roles=tuple(held.get(member.staff_id, ())),
        )
        for member in members
    ]
    guests = meeting.guests.select_related("staff__user").order_by("pk")
    return people + [Person(guest.staff, marks.get(guest.staff_id, ""), is_guest=True) for guest in guests]


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
