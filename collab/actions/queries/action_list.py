"""The list of action items: the user's own, their teams' or one team's; filtered, sorted and paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.actions.queries.actions import lines_of
from teams.access.conditions import one_of
from teams.access.permissions import visible_teams
from teams.access.scope import scope_of
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from teams.directory.models import School, Team, User

A_PAGE = 50
TEAMS, SEEN = "teams", "seen"  # the teams one is in, and all that one may see
OVERDUE, OPEN, ALL = "overdue", Action.State.OPEN.value, "all"
ORDERS = {
    "due": ("due_on", "pk"),
    "owner": ("owner__user__last_name", "owner__user__first_name", "due_on", "pk"),
    "team": ("team__name", "due_on", "pk"),
    "newest": ("-pk",),
    "finished": ("-finished_at", "-pk"),
}


@dataclass(frozen=True, slots=True)
class ActionList:
    """A page of action items. Counts are of all that ``whose`` covers, whatever the other filters.

    ``whose`` is empty for the user's own, `TEAMS`, `SEEN`, or the public id of a team; ``teams`` are those to choose from.
    ``is_in`` says whether the user is in any of them, ``sees_more`` whether there are others.
    """

    today: dt.date
    page: Page[Action]
    teams: list[Team]
    whose: str
    overdue: int
    open: int
    done: int
    is_in: bool
    sees_more: bool


def action_list_of(user: User, school: School, wanted: Mapping[str, str]) -> ActionList:
    """The action items at ``school`` that ``user`` may see, by the query string; a constant number of queries.

    Open ones of the user come first to mind, so they are shown unless the query string says otherwise, the longest
    overdue first.
    """
    teams, today = visible_teams(user, school), school.today()
    team = next((one for one in teams if one.uuid == uuid_or_none(wanted.get("whose"))), None)
    own = {one.pk for one in teams} & scope_of(user).team_ids
    whose = str(team.uuid) if team else wanted.get("whose", "")
    whose = whose if team or whose in (TEAMS, SEEN) else ""
    if whose == TEAMS and not own:  # who is in no team follows the same link from Home
        whose = SEEN
    rows = Action.objects.filter(one_of(actions_visible_to(user)), team__school=school)
    if team:
        rows = rows.filter(team=team)
    elif whose == TEAMS:
        rows = rows.filter(team__in=own)
    elif not whose:
        rows = rows.filter(owner__user=user)
    is_overdue = Q(state=Action.State.OPEN, due_on__lt=today)
    counts = rows.aggregate(
        overdue=Count("pk", filter=is_overdue),
        open=Count("pk", filter=Q(state=Action.State.OPEN)),
        done=Count("pk", filter=Q(state=Action.State.DONE)),
    )
    state = wanted.get("state") or OPEN
    if state == OVERDUE:
        rows = rows.filter(is_overdue)
    elif state in Action.State.values:
        rows = rows.filter(state=state)
    if words := wanted.get("find", "").strip():
        rows = rows.filter(text__icontains=words[:100])
    order = ORDERS.get(wanted.get("sort", ""), ORDERS["due"])
    page = Paginator(lines_of(rows).order_by(*order), A_PAGE).get_page(wanted.get("page", 1))
    return ActionList(
        today=today,
        page=page,
        teams=teams,
        whose=whose,
        is_in=bool(own),
        sees_more=len(own) < len(teams),
        **counts,
    )
