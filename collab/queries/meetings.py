"""Meetings to come and past, of the teams a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils import timezone

from collab.models import Meeting, Protocol
from collab.permissions import meetings_visible_to
from teams.models import Team
from teams.permissions import can, teams_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.models import School, User

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class MeetingList:
    """The week and what comes after, then what was."""

    coming: list[Meeting]
    past: Page
    teams: list[Team]
    team: Team | None
    may_plan: bool


def meetings_of(user: User, school: School, *, team_uuid: str = "", page: int | str = 1) -> MeetingList:
    """Meetings of own teams first; of one team where its uuid is given."""
    teams = list(teams_visible_to(user).filter(school=school, is_active=True))
    team = next((one for one in teams if str(one.uuid) == team_uuid), None)
    own = Team.objects.of_user(user.pk).filter(school=school)
    rows = meetings_visible_to(user).filter(team__school=school).select_related("team__school")
    if team:
        rows = rows.filter(team=team)
    elif own.exists():
        rows = rows.filter(team__in=own)
    coming = rows.filter(Q(state="live") | Q(state="planned", ends_at__gte=timezone.now()))
    past = rows.filter(state__in=["closed", "cancelled"]).annotate(
        decided=Count("items__decisions", distinct=True), promised=Count("items__actions", distinct=True)
    )
    return MeetingList(
        coming=list(coming.annotate(topics=Count("items")).order_by("starts_at")[:12]),
        past=Paginator(past.order_by("-starts_at"), A_PAGE).get_page(page),
        teams=teams,
        team=team,
        may_plan=plannable_teams(user, school).exists(),
    )


def next_meeting_of(team: Team) -> Meeting | None:
    """The live meeting of ``team``, else the next planned one."""
    coming = Meeting.objects.filter(team=team, state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
    coming = coming.filter(ends_at__gte=timezone.now()) | coming.filter(state=Meeting.State.LIVE)
    return coming.order_by("starts_at").first()


def plannable_teams(user: User, school: School) -> QuerySet[Team]:
    """Teams for which the user may plan meetings: those they lead; all, for who leads all teams."""
    teams = Team.objects.filter(school=school, is_active=True)
    if can(user, "lead_all_teams", school):
        return teams
    return teams.filter(
        members__staff__user=user, members__is_lead=True, pk__in=Team.objects.of_user(user.pk)
    )


def protocols_for(user: User, school: School) -> QuerySet[Protocol]:
    """Built-in protocols, and those of own teams, with their length in minutes."""
    rows = Protocol.objects.filter(Q(team=None) | Q(team__in=plannable_teams(user, school)))
    return rows.filter(is_retired=False).order_by("name")
