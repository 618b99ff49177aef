"""The decisions of all teams of a school, counted by team."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.decisions.queries.sums import PERIODS, TERM, Sum, period_start, sum_of
from teams.access.conditions import one_of
from teams.access.permissions import visible_teams

if TYPE_CHECKING:
    from teams.directory.models import School, Team, User


@dataclass(frozen=True, slots=True)
class TeamDecisions:
    """The decisions of one team in a period, counted. ``overdue`` are those whose check date has passed unchecked."""

    team: Team
    sum: Sum
    overdue: int


@dataclass(frozen=True, slots=True)
class SchoolDecisions:
    """The decisions of all teams of a school, by team only."""

    since: dt.date | None
    period: str
    order: str
    rows: list[TeamDecisions]


# By what waits, never by what worked: teams are not ranked.
ORDERS = {
    "decided": lambda row: -row.sum.decided,
    "overdue": lambda row: -row.overdue,
}


def decisions_of_teams(user: User, school: School, *, period: str = TERM, order: str = "") -> SchoolDecisions:
    """Count the decisions of each team that ``user`` may read, by team's name or in the ``order`` of a count."""
    period, today = period if period in PERIODS else TERM, school.today()
    since = period_start(school, period, today)
    rows = Decision.objects.filter(one_of(items_visible_to(user), "item"), item__meeting__team__school=school)
    if since:
        rows = rows.filter(item__meeting__starts_at__gte=school.at(since, dt.time.min))
    rows = rows.select_related("measure", "item__meeting")
    by_team: dict[int, list[Decision]] = defaultdict(list)
    for row in rows:
        by_team[row.item.agenda_meeting.team_id].append(row)
    done = AgendaItem.objects.filter(
        state=AgendaItem.State.DONE, topic__decision__item__meeting__team__school=school
    )
    checked = set(done.values_list("topic__decision", flat=True))
    found = [
        TeamDecisions(
            team,
            sum_of(by_team[team.pk]),
            sum(
                row.check_on is not None
                and row.check_on < today
                and row.pk not in checked
                and not row.is_answered
                for row in by_team[team.pk]
            ),
        )
        for team in visible_teams(user, school)
    ]
    if order in ORDERS:
        found.sort(key=ORDERS[order])
    return SchoolDecisions(since, period, order if order in ORDERS else "", found)
