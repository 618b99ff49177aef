"""Meetings and action items of someone who leaves, by team."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import ngettext

from collab.actions.models import Action
from collab.actions.services import keep_versions
from collab.agendas.permissions import items_visible_to
from collab.meetings.models import Meeting
from collab.meetings.queries.participants import ROLES
from collab.meetings.services.locking import notify_membership_change
from datareview.records.permissions import students_visible_to
from teams.audit.services import record_events
from teams.directory.models import Team, TeamMember
from teams.lib import formats
from teams.names.columns import people_order
from teams.people.queries.handover import HandedOver, OpenWork, WorkSource

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Staff, User

MOST_DAYS = 4


class TeamWork(WorkSource):
    """Per team: planned meetings in which the person has a role, and their open action items."""

    name = "team"

    def work_of(self, staff: Staff) -> list[OpenWork]:
        """The work in each team, for its other members."""
        meetings, actions = defaultdict(list), defaultdict(list)
        for meeting in _meetings(staff).order_by("starts_at"):
            meetings[meeting.team_id].append(formats.moment(meeting.starts_at, tz=staff.school.tz))
        for action in _actions(staff).order_by("due_on", "pk"):
            actions[action.team_id].append(formats.short_day(action.due_on))
        teams = Team.objects.filter(pk__in={*meetings, *actions}).order_by("name")
        members = defaultdict(list)
        rows = TeamMember.objects.active(staff.school.today()).filter(team__in=teams).exclude(staff=staff)
        for member in rows.select_related("staff__user").order_by(*people_order("staff__user__"), "pk"):
            members[member.team_id].append(member.staff)
        return [
            OpenWork(
                str(team.uuid),
                str(team),
                [*_meeting_lines(meetings[team.pk]), *_action_lines(actions[team.pk])],
                members[team.pk],
            )
            for team in teams
        ]

    def hand_over(self, staff: Staff, key: str, *, to: Staff, actor: User) -> HandedOver:
        """Let ``to`` have the roles and own the action items of the team with this key.

        An action item from an agenda item that ``to`` may not read stays, as does one about a student whom they may not
        see: its text would disclose them.
        """
        team = Team.objects.get(uuid=key)
        meetings = list(_meetings(staff).filter(team=team))
        theirs = list(_actions(staff).filter(team=team).select_for_update(of=("self",), no_key=True))
        read = items_visible_to(to.user).filter(
            pk__in=[action.item_id for action in theirs if action.item_id]
        )
        readable = set(read.values_list("pk", flat=True))
        about = [action.student_id for action in theirs if action.student_id]
        seen = set(students_visible_to(to.user).filter(pk__in=about).values_list("pk", flat=True))
        actions = [
            action
            for action in theirs
            if (action.item_id in readable if action.item_id else action.student_id in {None, *seen})
        ]
        for role in ROLES:
            Meeting.objects.filter(pk__in=[one.pk for one in meetings], **{role: staff}).update(**{role: to})
        keep_versions(actions, actor=actor)
        kept = Action.objects.filter(pk__in=[action.pk for action in actions])
        kept.update(owner=to, version=F("version") + 1)
        ids = {"before": str(staff.uuid), "owner": str(to.uuid)}
        record_events(actor, "handed-over-action", actions, school=staff.school, **ids)
        record_events(actor, "handed-over-roles", meetings, school=staff.school, **ids)
        notify_membership_change(team)
        return HandedOver(len(meetings) + len(actions), left=len(theirs) - len(actions))


def _meetings(staff: Staff) -> QuerySet[Meeting]:
    has_role = Q()
    for role in ROLES:
        has_role |= Q(**{role: staff})
    return Meeting.objects.filter(has_role, state__in=[Meeting.State.PLANNED, Meeting.State.LIVE])


def _actions(staff: Staff) -> QuerySet[Action]:
    return Action.objects.open().filter(owner=staff)


def _meeting_lines(days: list[str]) -> list[str]:
    if not days:
        return []
    sentence = ngettext(
        "%(n)s meeting with a role: %(days)s", "%(n)s meetings with a role: %(days)s", len(days)
    )
    return [sentence % {"n": formats.number(len(days)), "days": short_list(days)}]


def _action_lines(days: list[str]) -> list[str]:
    if not days:
        return []
    sentence = ngettext("%(n)s action item, due %(days)s", "%(n)s action items, due %(days)s", len(days))
    return [sentence % {"n": formats.number(len(days)), "days": short_list(days)}]


def short_list(days: list[str]) -> str:
    """The first days and how many follow: a year of weekly meetings fills no page."""
    more = len(days) - MOST_DAYS
    if more <= 0:
        return " · ".join(days)
    first = " · ".join(days[:MOST_DAYS])
    return ngettext("%(days)s and %(n)s more", "%(days)s and %(n)s more", more) % {
        "days": first,
        "n": formats.number(more),
    }
