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
from collab.meetings.permissions import meetings_visible_to
from collab.meetings.queries.meetings import next_meeting_of
from collab.planning.queries.series import words_of
from datareview.plans.permissions import plans_visible_to
from datareview.records.permissions import students_of_team
from teams.access.conditions import one_of
from teams.access.permissions import is_member
from teams.directory.queries.substitutes import substitutions_for
from teams.team_admin.permissions import may_edit_members
from teams.team_admin.queries import former_lead_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.followup.models import TeachingChange
    from collab.meetings.models import Meeting, Series
    from collab.protocols.models import Protocol
    from datareview.plans.models import Plan
    from teams.directory.models import Norm, Substitution, Team, TeamMember, User


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
    meetings = meetings_visible_to(user).filter(team=team)
    running = plans_visible_to(user).running().filter(student__in=students_of_team(team))
    plans = list(running.select_related("student", "strategy", "provider__user").order_by("review_on"))
    members = list(team.members.active().select_related("staff__user").order_by("-is_lead", "pk"))
    return TeamPage(
        team=team,
        today=team.school.today(),
        students=students_of_team(team).count(),
        members=members,
        substitutions=substitutions_for([one.staff_id for one in members], team.school.today()),
        norms=list(team.norms.all()),
        next_meeting=next_meeting_of(team),
        past=list(
            meetings.filter(state="closed")
            .annotate(
                decided=Count(
                    "items__decisions", filter=Q(items__in=items_visible_to(user).values("pk"))
                )  # counts must not reveal restricted items
            )
            .order_by("-starts_at")[:8]
        ),
        actions=list(lines_of(actions_visible_to(user).filter(team=team, state=Action.State.OPEN))),
        checks=list(_checks_due(user, team)),
        series=[(row, words_of(row)) for row in team.series.filter(ends_on__gte=team.school.today())],
        protocols=list(team.protocols.filter(is_retired=False)),
        changes=list(changes_of(team).filter(one_of(items_visible_to(user), "item"))[:6]),
        plans=plans,
        strategies=sorted(
            Counter(plan.strategy.name for plan in plans).items(), key=lambda one: (-one[1], one[0])
        ),
        former_lead=None if any(one.is_lead for one in members) else former_lead_of(team),
        may_plan=is_member(user, team, lead=True) and team.is_active,
        is_member=is_member(user, team),
        may_edit_members=may_edit_members(user, team),
    )


def _checks_due(user: User, team: Team) -> QuerySet[Decision]:
    """Decisions with a check date between two weeks ago and four weeks ahead."""
    today = team.school.today()
    window = (today - dt.timedelta(weeks=2), today + dt.timedelta(weeks=4))
    rows = Decision.objects.filter(one_of(items_visible_to(user), "item"), check_on__range=window)
    rows = rows.filter(item__meeting__team=team)
    return rows.select_related("item__meeting", "measure").order_by("check_on")
