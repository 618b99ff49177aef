"""Causes and teaching changes: what a data item still needs, and a teacher's or a team's changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic
from collab.followup.models import Cause, TeachingChange
from collab.followup.permissions import own_teaching_changes
from collab.meetings.queries.participants import HERE
from collab.protocols.models import Capture

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from teams.directory.models import Team, User


def missing_for_data_item(item: AgendaItem) -> str:
    """What a data item still needs, as a sentence; empty if complete or not a data item."""
    if item.capture != Capture.CAUSE or item.topic.kind != Topic.Kind.DATA or item.meeting is None:
        return ""
    if not item.causes.filter(kind=Cause.Kind.INSTRUCTION).exists():
        return _("Name at least one cause in instruction, because that is what teachers can change.")
    silent = _silent_teachers(item, item.meeting)
    if silent:
        return _("Still to say what they will do differently: %(names)s.") % {"names": ", ".join(silent)}
    return ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the causes so far are in instruction."""

    part: int
    whole: int


def tally_of(items: Collection[AgendaItem]) -> Tally:
    """Tally of the causes on ``items``."""
    kinds = list(Cause.objects.filter(item__in=items).values_list("kind", flat=True))
    return Tally(kinds.count(Cause.Kind.INSTRUCTION), len(kinds))


def _silent_teachers(item: AgendaItem, meeting: Meeting) -> list[str]:
    """Members present who have not said what they will change."""
    members = meeting.team.members.active().values("staff")
    here = meeting.attendance.filter(mark__in=HERE, staff__in=members)
    here = here.exclude(staff__in=TeachingChange.objects.filter(item=item).values("teacher"))
    return [row.staff.user.short_name for row in here.select_related("staff__user").order_by("pk")]


def own_changes(user: User) -> QuerySet[TeachingChange]:
    """The user's teaching changes not tried yet, oldest first."""
    return own_teaching_changes(user).filter(tried_on=None).order_by("pk")


def changes_of(team: Team) -> QuerySet[TeachingChange]:
    """Teaching changes of the members of ``team``, newest first."""
    rows = TeachingChange.objects.filter(item__topic__team=team)
    return rows.select_related("teacher__user", "item__meeting").order_by("-pk")
