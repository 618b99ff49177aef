"""Meeting roles, suggested to the member who had each least recently."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from collab.meetings.models import Meeting
from collab.meetings.queries.participants import ROLES, participants_of, role_labels
from teams.access.prepared import prepared_rows
from teams.directory.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from collab.meetings.queries.participants import Person
    from teams.directory.models import Team

LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class RoleOf:
    """A role of the meeting: its holder, and who is suggested."""

    key: str
    label: str
    staff: Staff | None
    suggested: Staff | None


class Turns:
    """When each member of a team last had each role. A suggestion counts as a turn.

    ``members`` are the ids of its members' staff rows, read if not given.
    """

    def __init__(self, team: Team, *, before: dt.datetime, members: Iterable[int] | None = None) -> None:
        members = list(
            team.members.active().values_list("staff_id", flat=True) if members is None else members
        )
        self._last: dict[str, dict[int, dt.datetime]] = {
            role: dict.fromkeys(members, LONG_AGO) for role in ROLES
        }
        for starts_at, *people in prepared_rows(_held, team.pk, before):
            self._note(dict(zip(ROLES, people, strict=True)), starts_at)

    def take(self, at: dt.datetime, **fixed: int | None) -> dict[str, int | None]:
        """Assign roles for a meeting at ``at``: role → staff id. ``fixed`` roles stay, the others rotate.

        No one gets a second role while someone has none; a team of two shares four.
        """
        chosen: dict[str, int | None] = {role: fixed.get(role) for role in ROLES}
        for role in ROLES:
            if chosen[role] is None and self._last[role]:
                chosen[role] = min(
                    self._last[role],
                    key=lambda one: (list(chosen.values()).count(one), self._last[role][one], one),
                )
        self._note(chosen, at)
        return chosen

    def _note(self, chosen: dict[str, int | None], at: dt.datetime) -> None:
        for role, staff in chosen.items():
            if staff in self._last[role]:
                self._last[role][staff] = at


def _held(team_id: int, before: dt.datetime) -> QuerySet[Meeting, tuple[Any, ...]]:
    """Start of each meeting and who had its roles, in order."""
    rows = Meeting.objects.filter(team=team_id, starts_at__lt=before).exclude(state="cancelled")
    return rows.order_by("starts_at").values_list("starts_at", *(f"{role}_id" for role in ROLES))


def _suggested_for(meeting: Meeting, people: Iterable[Person]) -> dict[str, Staff]:
    """Suggested staff for each role that nobody has in ``meeting``, among its ``people``."""
    members = {person.staff.pk: person.staff for person in people if not person.is_guest}
    fixed = {role: getattr(meeting, f"{role}_id") for role in ROLES}
    turns = Turns(meeting.team, before=meeting.starts_at, members=members)
    chosen = turns.take(meeting.starts_at, **fixed)
    return {
        role: members[found] for role in ROLES if fixed[role] is None and (found := chosen[role]) in members
    }


def roles_of_meeting(meeting: Meeting) -> list[RoleOf]:
    """Each role with its holder, and a suggestion while roles can still change."""
    people = participants_of(meeting)
    may_change = meeting.state in (Meeting.State.PLANNED, Meeting.State.LIVE)
    suggested = _suggested_for(meeting, people) if may_change else {}
    labels = role_labels()
    ids = {role: getattr(meeting, f"{role}_id") for role in ROLES}
    holders = {person.staff.pk: person.staff for person in people}
    if left := {pk for pk in ids.values() if pk} - set(holders):
        holders |= Staff.objects.select_related("user").in_bulk(left)
    return [RoleOf(role, labels[role], holders.get(ids[role]), suggested.get(role)) for role in ROLES]
