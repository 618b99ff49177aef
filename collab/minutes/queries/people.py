"""Who was at a closed meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import FilteredRelation, Q

from collab.meetings.models import Attendance, Guest
from collab.meetings.queries.participants import HERE, Person
from teams.access.prepared import prepared_rows
from teams.directory.models import TeamMember
from teams.directory.queries.substitutes import substitute_names, substitute_of

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting


def people_at(meeting: Meeting) -> tuple[list[Person], list[Person]]:
    """People present at a closed ``meeting`` and people absent, among its guests and the team on that day.

    People who joined the team later are in neither list; people who left it since stay.
    """
    day = meeting.starts_at.astimezone(meeting.team.school.tz).date()
    members = prepared_rows(_members_on, meeting.team_id, day)
    substitutes = {member.staff_id: substitute_of(member) for member in members}
    guests = prepared_rows(_guests, meeting.pk)
    marks = {row.staff_id: row for row in prepared_rows(_marked, meeting.pk)}
    people = {member.staff_id: (member.staff, member.is_lead, False) for member in members}
    for guest in guests:
        people.setdefault(guest.staff_id, (guest.staff, False, True))
    for row in marks.values():
        people.setdefault(row.staff_id, (row.staff, False, False))
    found = [
        Person(
            staff,
            marks[pk].mark if pk in marks else str(Attendance.Mark.ABSENT),
            is_lead,
            is_guest,
            substitute=substitutes.get(pk),
        )
        for pk, (staff, is_lead, is_guest) in people.items()
    ]
    return [one for one in found if one.mark in HERE], [one for one in found if one.mark not in HERE]


def _members_on(team_id: int, day: dt.date) -> QuerySet[Any]:
    members = TeamMember.objects.active(day).filter(team=team_id).select_related("staff__user")
    replaced = Q(staff__replacements__starts_on__lte=day, staff__replacements__ends_on__gte=day)
    return members.annotate(
        replacement=FilteredRelation("staff__replacements", condition=replaced),
        **substitute_names("replacement"),
    ).order_by("-is_lead", "pk")


def _guests(meeting_id: int) -> QuerySet[Guest]:
    return Guest.objects.filter(meeting=meeting_id).select_related("staff__user").order_by("pk")


def _marked(meeting_id: int) -> QuerySet[Attendance]:
    return Attendance.objects.filter(meeting=meeting_id).select_related("staff__user").order_by("pk")
