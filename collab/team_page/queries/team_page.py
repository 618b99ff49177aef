"""A team's own page: members, meetings, action items, plans and checks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.actions.queries.actions import lines_of
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.followup.queries.causes import changes_of
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from collab.meetings.queries.meetings import next_meeting_of
from collab.planning.queries.series import words_of
from datareview.plans.permissions import plans_visible_to
from datareview.records.permissions import students_of_team
from teams.access.conditions import one_of
from teams.access.permissions import is_member
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Team, TeamMember
from teams.directory.queries.substitutes import substitutions_for
from teams.team_admin.permissions import may_edit_members
from teams.team_admin.queries import former_lead_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.followup.models import TeachingChange
    from collab.meetings.models import Series
    from collab.protocols.models import Protocol
    from datareview.plans.models import Plan
    from teams.directory.models import Norm, Substitution, User

CHECKED_LATELY, CHECKED_SOON = (
    dt.timedelta(weeks=2),
    dt.timedelta(weeks=4),
)  # decisions whose check date is near


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Content of the page."""

    team: Team
    today: dt.date
    students: int
    members: list[TeamMember]
    substitutions: list[Substitution]
    norms: list[Norm]
    next_meeting: Meeting | None
    past: list[Meeting]
    actions: list[Action]
    checks: list[Decision]
    plans: list[Plan]
    strategies: list[tuple[str, int]]
    series: list[tuple[Series, str]]
    protocols: list[Protocol]
    changes: list[TeachingChange]
    former_lead: TeamMember | None
    may_plan: bool
    is_member: bool
    may_edit_members: bool


def team_page(user: User, team: Team) -> TeamPage:
    """The page of ``team``, with plans only of students the user may see."""
    reader, today = reader_of(user), team.school.today()
    plans = prepared_rows(_running, reader, team.pk, team.school_id, team.cohort)
    members = prepared_rows(_members, team.pk)
    actions = prepared_rows(_open_actions, reader, team.pk)
    for member in members:
        member.team = team
    for action in actions:
        action.team = team
    return TeamPage(
        team=team,
        today=today,
        students=students_of_team(team).count(),
        members=members,
        substitutions=substitutions_for([one.staff_id for one in members], today),
        norms=list(team.norms.all()),
        next_meeting=next_meeting_of(team),
        past=prepared_rows(_past, reader, team.pk),
        actions=actions,
        checks=prepared_rows(_checks_due, reader, team.pk, today - CHECKED_LATELY, today + CHECKED_SOON),
        series=[(row, words_of(row)) for row in team.series.filter(ends_on__gte=today)],
        protocols=list(team.protocols.filter(is_retired=False)),
        changes=prepared_rows(_changes, reader, team.pk),
        plans=plans,
        strategies=sorted(
            Counter(plan.strategy.name for plan in plans).items(), key=lambda one: (-one[1], one[0])
        ),
        former_lead=None if any(one.is_lead for one in members) else former_lead_of(team),
        may_plan=is_member(user, team, lead=True) and team.is_active,
        is_member=is_member(user, team),
        may_edit_members=may_edit_members(user, team),
    )


def _running(user: User, team_id: int, school_id: int, cohort: str) -> QuerySet[Plan]:
    theirs = students_of_team(Team(pk=team_id, school_id=school_id, cohort=cohort))
    rows = plans_visible_to(user).running().filter(student__in=theirs)
    return rows.select_related("student", "strategy", "provider__user").order_by("review_on")


def _members(team_id: int) -> QuerySet[TeamMember]:
    rows = TeamMember.objects.active().filter(team=team_id)
    return rows.select_related("staff__user").order_by("-is_lead", "pk")


def _past(user: User, team_id: int) -> QuerySet[Meeting]:
    """The last meetings, each with the number of decisions that the user may read."""
    readable = Q(one_of(items_visible_to(user), "items"))
    rows = meetings_visible_to(user).filter(team=team_id, state=Meeting.State.CLOSED)
    return rows.annotate(decided=Count("items__decisions", filter=readable)).order_by("-starts_at")[:8]


def _open_actions(user: User, team_id: int) -> QuerySet[Action]:
    return lines_of(actions_visible_to(user).filter(team=team_id, state=Action.State.OPEN))


def _changes(user: User, team_id: int) -> QuerySet[TeachingChange]:
    return changes_of(Team(pk=team_id)).filter(one_of(items_visible_to(user), "item"))[:6]


def _checks_due(user: User, team_id: int, first: dt.date, last: dt.date) -> QuerySet[Decision]:
    rows = Decision.objects.filter(one_of(items_visible_to(user), "item"), check_on__range=(first, last))
    rows = rows.filter(item__meeting__team=team_id)
    return rows.select_related("item__meeting", "measure").order_by("check_on")
