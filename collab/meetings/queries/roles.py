"""Meeting roles, suggested to the member who had each least recently."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collab.meetings.models import Meeting
from teams.directory.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import Team

ROLES = ("facilitator", "recorder", "timekeeper", "data_lead")
LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class RoleOf:
    """A role of the meeting: its holder, and who is suggested."""

    key: str
    label: str
    staff: Staff | None
    suggested: Staff | None


class Turns:
    """When each member of a team last had each role. A suggestion counts as a turn."""

    def __init__(self, team: Team, *, before: dt.datetime) -> None:
        members = team.members.active().order_by("pk").values_list("staff_id", flat=True)
        self._last: dict[str, dict[int, dt.datetime]] = {
            role: dict.fromkeys(members, LONG_AGO) for role in ROLES
        }
        held = Meeting.objects.filter(team=team, starts_at__lt=before).exclude(state="cancelled")
        for starts_at, *people in held.order_by("starts_at").values_list(
            "starts_at", *(f"{role}_id" for role in ROLES)
        ):
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


def suggested_for(meeting: Meeting) -> dict[str, Staff]:
    """Suggested staff for each role that nobody has in ``meeting``."""
    open_roles = [role for role in ROLES if getattr(meeting, f"{role}_id") is None]
    fixed = {role: getattr(meeting, f"{role}_id") for role in ROLES}
    chosen = Turns(meeting.team, before=meeting.starts_at).take(meeting.starts_at, **fixed)
    people = _staff_by_id(chosen[role] for role in open_roles)
    return {role: people[found] for role in open_roles if (found := chosen[role]) in people}


def role_labels() -> dict[str, str]:
    """Role → its translated name."""
    return {
        "facilitator": _("facilitator"),
        "recorder": _("recorder"),
        "timekeeper": _("timekeeper"),
        "data_lead": _("data lead"),
    }


def roles_of_meeting(meeting: Meeting) -> list[RoleOf]:
    """Each role with its holder, and a suggestion while roles can still change."""
    suggested = (
        {} if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE) else suggested_for(meeting)
    )
    labels = role_labels()
    ids = {role: getattr(meeting, f"{role}_id") for role in ROLES}
    people = _staff_by_id(ids.values())
    return [RoleOf(role, labels[role], people.get(ids[role]), suggested.get(role)) for role in ROLES]


def _staff_by_id(ids: Iterable[int | None]) -> dict[int | None, Staff]:
    return {
        staff.pk: staff for staff in Staff.objects.select_related("user").filter(pk__in=[*filter(None, ids)])
    }
