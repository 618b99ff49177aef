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


def missing_for_data_item(item: AgendaItem, *, is_over: bool = False) -> str:
    """What a data item still needs, as a sentence; empty if complete or not a data item.

    In a meeting whose protocol analyses results, causes and changes may stand on its steps that record them, too. While one
    of these is still to come, nothing is missing unless the meeting ``is_over``; the last one says what is.
    """
    if item.capture != Capture.CAUSE or item.meeting is None:
        return ""
    places = _places_of_causes(item, item.meeting)
    later = [one for one in places if one.pk != item.pk and one.state == AgendaItem.State.WAITING]
    if not places or (later and not is_over):
        return ""
    if not Cause.objects.filter(item__in=places, kind=Cause.Kind.INSTRUCTION).exists():
        return _("Name at least one cause in instruction, because that is what teachers can change.")
    silent = _silent_teachers(places, item.meeting)
    if silent:
        return _("Still to say what they will do differently: %(names)s.") % {"names": ", ".join(silent)}
    return ""


def _places_of_causes(item: AgendaItem, meeting: Meeting) -> list[AgendaItem]:
    """The items of ``meeting`` on which the causes of a data item, or of those of a step, can stand; else none."""
    if item.topic.kind not in (Topic.Kind.DATA, Topic.Kind.STEP):
        return []
    kinds = (Topic.Kind.DATA, Topic.Kind.STEP)
    items = list(meeting.items.filter(topic__kind__in=kinds).select_related("topic"))
    steps = [one for one in items if one.topic.kind == Topic.Kind.STEP]
    shows_results = any(one.shows for one in steps)
    recording = [one for one in steps if shows_results and one.capture == Capture.CAUSE]
    if item.topic.kind == Topic.Kind.DATA:
        return [item, *recording]
    about = [one for one in items if one.topic.assessment_id and one.state != AgendaItem.State.WAITING]
    return [*about, *recording] if about and item in recording else []


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the causes so far are in instruction."""

    part: int
    whole: int


def tally_of(items: Collection[AgendaItem]) -> Tally:
    """Tally of the causes on ``items``."""
    kinds = list(Cause.objects.filter(item__in=items).values_list("kind", flat=True))
    return Tally(kinds.count(Cause.Kind.INSTRUCTION), len(kinds))


def _silent_teachers(places: Collection[AgendaItem], meeting: Meeting) -> list[str]:
    """Members present who have not said what they will change."""
    members = meeting.team.members.active().values("staff")
    here = meeting.attendance.filter(mark__in=HERE, staff__in=members)
    here = here.exclude(staff__in=TeachingChange.objects.filter(item__in=places).values("teacher"))
    return [row.staff.user.short_name for row in here.select_related("staff__user").order_by("pk")]


def own_changes(user: User) -> QuerySet[TeachingChange]:
    """The user's teaching changes not tried yet, oldest first."""
    return own_teaching_changes(user).filter(tried_on=None).order_by("pk")


def changes_of(team: Team) -> QuerySet[TeachingChange]:
    """Teaching changes of the members of ``team``, newest first."""
    rows = TeachingChange.objects.filter(item__topic__team=team)
    return rows.select_related("teacher__user", "item__meeting").order_by("-pk")
