"""Teams × weeks: meetings held, agenda items finished, action items done."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F
from django.utils.translation import gettext as _

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem
from collab.meetings.models import Meeting
from teams.access.conditions import one_of
from teams.access.permissions import visible_teams
from teams.directory.cycles import monday_of
from teams.directory.models import Team, TeamMember

if TYPE_CHECKING:
    from teams.directory.models import School, User

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One meeting of a week. ``state`` is met, live, planned, cancelled or missed."""

    state: str
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Week:
    """One team in one week: its meetings in order, and the action items due in it.

    A cancelled meeting counts only in a week without another: what was moved within a week was held.
    """

    starts_on: dt.date
    marks: list[Mark]
    actions_done: int
    actions_due: int

    def count(self, *states: str) -> int:
        """How many meetings are in one of ``states``."""
        return sum(mark.state in states for mark in self.marks)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team over the weeks, with totals."""

    team: Team
    lead: str
    weeks: list[Week]
    met: int
    held_or_due: int
    actions_done: int
    actions_due: int
    oldest_open: Action | None
    candidates: int

    @property
    def met_share(self) -> float | None:
        """Share of due meetings that were held, 0 to 1; None if none was due."""
        return self.met / self.held_or_due if self.held_or_due else None


@dataclass(frozen=True, slots=True)
class Strip:
    """The table: weeks as columns, teams as rows, those that need help first."""

    starts: list[dt.date]
    rows: list[TeamRow]
    as_of: dt.date

    @property
    def finding(self) -> str:
        """The main finding in a sentence, with its counts."""
        held, due = sum(row.met for row in self.rows), sum(row.held_or_due for row in self.rows)
        kept, fell_due = sum(row.actions_done for row in self.rows), sum(row.actions_due for row in self.rows)
        if not due:
            return _("No meetings were due in these %(weeks)d weeks.") % {"weeks": len(self.starts)}
        return _(
            "In %(weeks)d weeks, %(held)d of %(due)d meetings were held and %(kept)d of %(fell_due)d "
            "action items due were done."
        ) % {"weeks": len(self.starts), "held": held, "due": due, "kept": kept, "fell_due": fell_due}


def teams_by_week(user: User, school: School, *, weeks: int = WEEKS) -> Strip:
    """The last ``weeks`` weeks, including this one, of every team of ``school`` that the user may see."""
    today = school.today()
    first = monday_of(today) - dt.timedelta(weeks=weeks - 1)
    starts = [first + dt.timedelta(weeks=index) for index in range(weeks)]
    teams = [one for one in visible_teams(user, school) if one.is_active]
    meetings = _meetings_by_team_week(school, first)
    actions = _actions_by_team_week(school, first, today)
    leads = _leads(teams)
    oldest = _oldest_open(user, teams, today)
    waiting = _candidates_waiting(teams)
    rows = [
        _row(team, starts, school, meetings, actions, leads, oldest.get(team.pk), waiting.get(team.pk, 0))
        for team in teams
    ]
    rows.sort(key=lambda row: (row.met_share if row.met_share is not None else 2, row.team.name))
    return Strip(starts=starts, rows=rows, as_of=today)


def _row(
    team: Team,
    starts: list[dt.date],
    school: School,
    meetings: dict[tuple[int, dt.date], list[Meeting]],
    actions: dict[tuple[int, dt.date], tuple[int, int]],
    leads: dict[int, str],
    oldest: Action | None,
    candidates: int,
) -> TeamRow:
    weeks = [
        _week(start, school, meetings.get((team.pk, start), []), actions.get((team.pk, start), (0, 0)))
        for start in starts
    ]
    return TeamRow(
        team=team,
        lead=leads.get(team.pk, ""),
        weeks=weeks,
        met=sum(week.count("met", "live") for week in weeks),
        held_or_due=sum(week.count("met", "live", "missed", "cancelled") for week in weeks),
        actions_done=sum(week.actions_done for week in weeks),
        actions_due=sum(week.actions_due for week in weeks),
        oldest_open=oldest,
        candidates=candidates,
    )


def _week(start: dt.date, school: School, meetings: list[Meeting], actions: tuple[int, int]) -> Week:
    marks = [Mark(_state(meeting, school), meeting) for meeting in meetings]
    others = [mark for mark in marks if mark.state != "cancelled"]
    return Week(start, others or marks[-1:], *actions)


def _state(meeting: Meeting, school: School) -> str:
    day = meeting.starts_at.astimezone(school.tz).date()
    if meeting.state == Meeting.State.CLOSED:
        return "met"
    return "missed" if meeting.state == Meeting.State.PLANNED and day < school.today() else str(meeting.state)


def _meetings_by_team_week(school: School, first: dt.date) -> dict[tuple[int, dt.date], list[Meeting]]:
    """The meetings of each team and week, in order."""
    rows = (
        Meeting.objects.filter(team__school=school, starts_at__gte=school.at(first, dt.time.min))
        .only("uuid", "title", "state", "starts_at", "team")
        .order_by("starts_at", "pk")
    )
    found: dict[tuple[int, dt.date], list[Meeting]] = defaultdict(list)
    for meeting in rows:
        found[meeting.team_id, monday_of(meeting.starts_at.astimezone(school.tz).date())].append(meeting)
    return found


def _actions_by_team_week(
    school: School, first: dt.date, today: dt.date
) -> dict[tuple[int, dt.date], tuple[int, int]]:
    """(done, due) of action items due in each week before today, without dropped ones; today there is still time.

    Done counts whenever it happened: what matters is that it was not forgotten.
    """
    rows = (
        Action.objects.filter(team__school=school, due_on__gte=first, due_on__lt=today)
        .exclude(state=Action.State.DROPPED)
        .values_list("team_id", "due_on", "state")
    )
    found: dict[tuple[int, dt.date], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for team_id, due_on, state in rows:
        key = (team_id, monday_of(due_on))
        done, due = found[key]
        found[key] = (done + (state == Action.State.DONE), due + 1)
    return found


def _leads(teams: list[Team]) -> dict[int, str]:
    members = TeamMember.objects.active().filter(team__in=teams, is_lead=True).select_related("staff__user")
    return {member.team_id: member.staff.user.short_name for member in members}


def _oldest_open(user: User, teams: list[Team], today: dt.date) -> dict[int, Action]:
    """The longest overdue action item of each team, among those ``user`` may read."""
    rows = Action.objects.overdue(today).filter(one_of(actions_visible_to(user)), team__in=teams)
    rows = rows.order_by("-due_on", "-pk")
    return {action.team_id: action for action in rows}


def _candidates_waiting(teams: list[Team]) -> dict[int, int]:
    """Number of candidates waiting on each team's agendas."""
    rows = (
        AgendaItem.objects.filter(
            topic__team__in=teams, topic__candidate__isnull=False, topic__is_closed=False
        )
        .filter(state=AgendaItem.State.WAITING)
        .values(team=F("topic__team_id"))
        .annotate(many=Count("topic", distinct=True))
    )
    return {row["team"]: row["many"] for row in rows}
