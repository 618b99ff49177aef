"""The list of meetings by week."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from collab.agendas.permissions import items_visible_to
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from teams.access.permissions import can, is_in, own_teams, visible_teams
from teams.directory.cycles import monday_of

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import School, Team, User


A_PAGE = 20


AT_FIRST = 12  # future meetings listed until the user asks for all


@dataclass(frozen=True, slots=True)
class MeetingWeek:
    """Meetings of one week. ``ahead`` is 0 for this week, 1 for the next, negative for past weeks."""

    starts_on: dt.date
    ahead: int
    meetings: list[Meeting]


@dataclass(frozen=True, slots=True)
class MeetingList:
    """Future meetings by week, the number not listed (``more``), and past meetings."""

    weeks: list[MeetingWeek]
    more: int
    past: Page
    teams: list[Team]
    team: Team | None
    may_plan: bool


def meetings_of(
    user: User, school: School, *, team_uuid: str = "", page: int | str = 1, is_whole: bool = False
) -> MeetingList:
    """Meetings of the user's teams, or of one team by its uuid. ``is_whole`` lists all future ones."""
    visible = visible_teams(user, school)
    teams = [one for one in visible if one.is_active]
    team = next((one for one in teams if str(one.uuid) == team_uuid), None)
    own = own_teams(user).filter(school=school)
    rows = meetings_visible_to(user).filter(team__school=school).select_related("team__school")
    if team:
        rows = rows.filter(team=team)
    elif any(is_in(user, one) for one in visible):
        rows = rows.filter(Q(team__in=own) | Q(guests__staff__user=user)).distinct()
    readable = Q(items__in=items_visible_to(user))  # counts must not reveal restricted items
    # a past meeting that was never started is listed until the nightly task cancels it
    coming = rows.filter(state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
    listed: list[Meeting] = [
        *coming.annotate(topics=Count("items", filter=readable, distinct=True)).order_by("starts_at")[
            : None if is_whole else AT_FIRST
        ]
    ]
    past = rows.filter(state__in=["closed", "cancelled"]).annotate(
        decided=Count("items__decisions", filter=readable, distinct=True),
        action_count=Count("items__actions", filter=readable, distinct=True),
    )
    return MeetingList(
        weeks=_by_week(listed, school),
        more=coming.count() - len(listed),
        past=Paginator(past.order_by("-starts_at"), A_PAGE).get_page(page),
        teams=teams,
        team=team,
        may_plan=can(user, "lead_all_teams", school) or any(is_in(user, one, lead=True) for one in teams),
    )


def _by_week(meetings: list[Meeting], school: School) -> list[MeetingWeek]:
    """Group ordered ``meetings`` by the Monday of their week."""
    this = monday_of(school.today())
    return [
        MeetingWeek(monday, (monday - this).days // 7, list(rows))
        for monday, rows in groupby(
            meetings, lambda one: monday_of(one.starts_at.astimezone(school.tz).date())
        )
    ]
