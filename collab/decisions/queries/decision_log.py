"""The decision log: a team's decisions over a term, a year or all time, whether they were done and worked.

Each reader gets what they may read in the minutes, and counts of the same, in a constant number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, Prefetch
from django.utils.translation import gettext_lazy as _

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.decisions.queries.sums import PERIODS, TERM, Sum, period_start, sum_of
from collab.followup.models import TeachingChange
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from teams.directory.models import Team, User

A_PAGE = 20
DUE, WAITING, CHECKED, OPEN = "due", "waiting", "checked", "open"
STATES: dict[str, _StrPromise] = {
    DUE: _("Due for a check"),
    WAITING: _("Check later"),
    CHECKED: _("Checked"),
    OPEN: _("No check date"),
}

STUDENTS, DATA, LATER, OTHER = "students", "data", "checks", "other"
ABOUT: dict[str, tuple[_StrPromise, tuple[str, ...]]] = {
    STUDENTS: (_("Students and plans"), (Topic.Kind.CANDIDATE, Topic.Kind.REVIEW)),
    DATA: (_("Data and results"), (Topic.Kind.DATA,)),
    LATER: (_("Earlier decisions"), (Topic.Kind.CHECK,)),
    OTHER: (
        _("Other"),
        (Topic.Kind.STEP, Topic.Kind.ANSWER, Topic.Kind.NORMS, Topic.Kind.PARKED, Topic.Kind.OTHER),
    ),
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A decision, its state, and the later agenda items that checked it."""

    decision: Decision
    state: str
    checks: list[AgendaItem]

    @property
    def label(self) -> str:
        """The state in words."""
        return str(STATES[self.state])


@dataclass(frozen=True, slots=True)
class LogGroup:
    """The decisions of one item, with its action items and teaching changes."""

    item: AgendaItem
    entries: list[LogEntry]
    actions: list[Action]
    changes: list[TeachingChange]

    @property
    def tried(self) -> int:
        """Number of teaching changes that were tried."""
        return sum(change.tried_on is not None for change in self.changes)


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """A page of a team's decisions over a period. Counts and the sum cover the whole period, whatever the filter."""

    team: Team
    today: dt.date
    since: dt.date | None
    period: str
    state: str
    page: Page
    groups: list[LogGroup]
    sum: Sum
    about: str
    subjects: dict[str, int]
    counts: dict[str, int]
    action_count: int
    done: int
    dropped: int
    overdue: int

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Non-empty states as (key, label, count)."""
        return [(key, str(label), self.counts[key]) for key, label in STATES.items() if self.counts[key]]

    @property
    def topics(self) -> list[tuple[str, str, int]]:
        """What decisions were about, as (key, label, count); empty if all were about the same."""
        found = [(key, str(ABOUT[key][0]), self.subjects[key]) for key in ABOUT if self.subjects[key]]
        return found if len(found) > 1 else []


def decision_log_of(
    user: User, team: Team, *, period: str = TERM, state: str = "", about: str = "", page: int | str = 1
) -> DecisionLog:
    """The decisions of ``team`` in ``period``, newest first, as ``user`` may read them.

    They are filtered by ``state`` and by what they are ``about`` (a key of `ABOUT`).
    """
    period, today = period if period in PERIODS else TERM, team.school.today()
    since = period_start(team.school, period, today)
    decisions = list(_decisions(user, team, since))
    checks = _checks(user, decisions)
    entries = [LogEntry(row, _state_of(row, checks[row.pk], today), checks[row.pk]) for row in decisions]
    counts = {key: sum(entry.state == key for entry in entries) for key in STATES}
    subjects = Counter(_subject(row) for row in decisions)
    shown = [
        entry
        for entry in entries
        if (state not in STATES or entry.state == state)
        and (about not in ABOUT or _subject(entry.decision) == about)
    ]
    by_item = [list(rows) for _item, rows in groupby(shown, lambda entry: entry.decision.item_id)]
    cut = Paginator(by_item, A_PAGE).get_page(page)
    actions = list(_actions_made(user, team, since).values_list("state", "due_on"))
    return DecisionLog(
        team=team,
        today=today,
        since=since,
        period=period,
        state=state if state in STATES else "",
        page=cut,
        groups=_groups(user, list(cut)),
        sum=sum_of(decisions),
        about=about if about in ABOUT else "",
        subjects={key: subjects[key] for key in ABOUT},
        counts=counts,
        action_count=len(actions),
        done=sum(is_now == Action.State.DONE for is_now, _due in actions),
        dropped=sum(is_now == Action.State.DROPPED for is_now, _due in actions),
        overdue=sum(is_now == Action.State.OPEN and due < today for is_now, due in actions),
    )


def _subject(decision: Decision) -> str:
    """What the decision's item was about, as a key of `ABOUT`."""
    kind = decision.item.topic.kind
    return next((key for key, (_label, kinds) in ABOUT.items() if kind in kinds), OTHER)


def _decisions(user: User, team: Team, since: dt.date | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(one_of(items_visible_to(user), "item"), item__meeting__team=team).annotate(
        fist=Avg("votes__fingers"), voters=Count("votes")
    )
    if since:
        rows = rows.filter(item__meeting__starts_at__gte=team.school.at(since, dt.time.min))
    earlier = "item__topic__decision__item__meeting__team"
    return rows.select_related("item__meeting", "item__topic", "measure", earlier).order_by(
        "-item__meeting__starts_at", "-item__meeting_id", "item__position", "item_id", "pk"
    )


def _checks(user: User, decisions: list[Decision]) -> dict[int, list[AgendaItem]]:
    """Decision → finished agenda items that checked it, with the decisions made there."""
    then = Prefetch("decisions", Decision.objects.order_by("pk"))
    rows = items_visible_to(user).filter(
        topic__decision__in=[row.pk for row in decisions], state=AgendaItem.State.DONE
    )
    found: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in rows.select_related("topic", "meeting").prefetch_related(then).order_by("ended_at", "pk"):
        found[item.topic.decision_id or 0].append(item)
    return found


def _state_of(decision: Decision, checks: list[AgendaItem], today: dt.date) -> str:
    if checks or decision.is_answered:
        return CHECKED
    if decision.check_on is None:
        return OPEN
    return DUE if decision.check_on <= today else WAITING


def _groups(user: User, by_item: list[list[LogEntry]]) -> list[LogGroup]:
    items = [entries[0].decision.item for entries in by_item]
    actions: dict[int | None, list[Action]] = defaultdict(list)
    action_count = actions_visible_to(user).filter(item__in=items)
    for action in action_count.select_related("owner__user", "team").order_by("due_on", "pk"):
        actions[action.item_id].append(action)
    changes: dict[int, list[TeachingChange]] = defaultdict(list)
    for change in TeachingChange.objects.filter(item__in=items).select_related("teacher__user"):
        changes[change.item_id].append(change)
    return [
        LogGroup(item, entries, actions[item.pk], changes[item.pk])
        for item, entries in zip(items, by_item, strict=True)
    ]


def _actions_made(user: User, team: Team, since: dt.date | None) -> QuerySet[Action]:
    """Action items of the team from the period's meetings, or created in it if they have no meeting."""
    rows = actions_visible_to(user).filter(team=team)
    if since is None:
        return rows
    begin = team.school.at(since, dt.time.min)
    return rows.filter(item__meeting__starts_at__gte=begin) | rows.filter(
        item__meeting=None, created_at__gte=begin
    )
