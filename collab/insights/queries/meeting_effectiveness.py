"""Meeting effectiveness: totals over a team's last closed meetings, nobody by name.

Every figure states its base and its number. See `collab.insights.permissions.effectiveness_visible_to` for
who may read it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from collab.actions.models import Action
from collab.agendas.models import AgendaItem, Topic
from collab.decisions.models import Decision
from collab.feedback.models import Pulse, PulseAnswer
from collab.feedback.queries import FEWEST, is_safe_to_reveal
from collab.followup.models import Cause, TeachingChange
from collab.insights.queries.effectiveness_charts import minutes_chart, rating_chart
from collab.insights.queries.evenness import Evenness, evenness_in
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from collab.protocols.models import Capture, StepKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.charts.spec import Chart
    from teams.directory.models import Team, User

LASTS = (4, 8, 16)
CHECK_WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: float
    whole: float

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None if the whole is zero."""
        return round(100 * self.part / self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting: planned and used minutes, items reached, number of contributions, and percent of yes."""

    meeting: Meeting
    day: dt.date
    planned: int
    used: int
    reached: int
    items: int
    contributions: int
    yes: int | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """Planned and used minutes of one kind of item over all meetings."""

    label: str
    planned: int
    used: int
    items: int


@dataclass(frozen=True, slots=True)
class MeetingEffectiveness:
    """The page, over ``rows`` (oldest first). Actions and checks count once due."""

    team: Team
    last: int
    rows: list[MeetingRow]
    kinds: list[KindRow]
    minutes: Share
    instruction_minutes: Share
    instruction_contributions: Share
    data_items: int
    instruction_items: int
    checked_in_time: Share
    checked_late: int
    actions_kept: Share
    actions_in_time: int
    evenness: Evenness | None
    minutes_chart: Chart | None
    rating_chart: Chart | None
    as_of: dt.date

    @property
    def first_day(self) -> dt.date:
        """The date of the oldest meeting."""
        return self.rows[0].day

    @property
    def last_day(self) -> dt.date:
        """The date of the newest meeting."""
        return self.rows[-1].day

    @property
    def rated(self) -> list[MeetingRow]:
        """Meetings with enough answers to show a rating."""
        return [row for row in self.rows if row.yes is not None]


def meeting_effectiveness_of(user: User, team: Team, *, last: int = 8) -> MeetingEffectiveness:
    """Meeting effectiveness over the last ``last`` closed meetings of ``team`` that ``user`` may see."""
    closed = meetings_visible_to(user).filter(team=team, state=Meeting.State.CLOSED)
    meetings = list(closed.order_by("-starts_at", "-pk")[:last])[::-1]
    items = _items(meetings)
    rows = _rows(team, meetings, items)
    data = [item for item in items if item.is_data and item.seconds_used]  # type: ignore[attr-defined]
    taught = [item for item in data if item.is_taught]  # type: ignore[attr-defined]
    # of all items, not a sum of the rounded minutes of each meeting
    minutes = Share(_minutes(items), sum(row.planned for row in rows))
    in_time, late, due = _checks(team, meetings)
    kept, kept_in_time, fell_due = _actions(team, meetings)
    return MeetingEffectiveness(
        team=team,
        last=last,
        rows=rows,
        kinds=_kinds(items),
        minutes=minutes,
        instruction_minutes=Share(_minutes(taught), _minutes(data)),
        instruction_contributions=Share(_count_contributions(taught), _count_contributions(data)),
        data_items=len(data),
        instruction_items=len(taught),
        checked_in_time=Share(in_time, due),
        checked_late=late,
        actions_kept=Share(kept, fell_due),
        actions_in_time=kept_in_time,
        evenness=evenness_in(meetings),
        minutes_chart=minutes_chart(rows, minutes),
        rating_chart=rating_chart(rows),
        as_of=team.school.today(),
    )


def _items(meetings: list[Meeting]) -> list[AgendaItem]:
    """Items of ``meetings`` with ``is_data``, ``is_taught`` (about instruction) and their number of contributions.

    About data: the topic is data, the step collects causes, or a cause or teaching change was added. About
    instruction: a cause is in instruction, or there is a teaching change.
    """
    causes = Cause.objects.filter(item=OuterRef("pk"))
    changes = Exists(TeachingChange.objects.filter(item=OuterRef("pk")))
    rows = AgendaItem.objects.filter(meeting__in=meetings).annotate(
        contribution_count=Count("contributions", filter=Q(contributions__deleted_at=None)),
        is_taught=Exists(causes.filter(kind=Cause.Kind.INSTRUCTION)) | changes,
        is_data=Q(topic__kind=Topic.Kind.DATA) | Q(capture=Capture.CAUSE) | Exists(causes) | changes,
    )
    return list(rows.order_by("position", "pk"))


def _rows(team: Team, meetings: list[Meeting], items: list[AgendaItem]) -> list[MeetingRow]:
    of_meeting: dict[int | None, list[AgendaItem]] = defaultdict(list)
    for item in items:
        of_meeting[item.meeting_id].append(item)
    yes = _yes_shares(meetings)
    return [
        MeetingRow(
            meeting=meeting,
            day=meeting.starts_at.astimezone(team.school.tz).date(),
            planned=sum(_planned(item) for item in of_meeting[meeting.pk]),
            used=_minutes(of_meeting[meeting.pk]),
            reached=sum(item.state == AgendaItem.State.DONE for item in of_meeting[meeting.pk]),
            items=len(of_meeting[meeting.pk]),
            contributions=_count_contributions(of_meeting[meeting.pk]),
            yes=yes.get(meeting.pk),
        )
        for meeting in meetings
    ]


def _kinds(items: list[AgendaItem]) -> list[KindRow]:
    found = []
    for kind, label in StepKind.choices:
        rows = [item for item in items if item.kind == kind]
        if rows:
            planned = sum(_planned(item) for item in rows)
            found.append(KindRow(str(label), planned, _minutes(rows), len(rows)))
    return found


def _planned(item: AgendaItem) -> int:
    """Planned minutes, before any were added in the meeting."""
    return item.minutes if item.minutes_planned is None else item.minutes_planned


def _minutes(items: Iterable[AgendaItem]) -> int:
    return round(sum(item.seconds_used for item in items) / 60)


def _count_contributions(items: Iterable[AgendaItem]) -> int:
    return sum(item.contribution_count for item in items)  # type: ignore[attr-defined]


def _yes_shares(meetings: list[Meeting]) -> dict[int, int]:
    """Meeting id → percent of yes, over the questions with enough answers."""
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    counted = [meeting for meeting in meetings if is_safe_to_reveal(meeting)]
    for meeting, question, answer, count in Pulse.objects.filter(meeting__in=counted).values_list(
        "meeting_id", "question", "answer", "count"
    ):
        counts[meeting, question][answer] = count
    yes: dict[int, int] = defaultdict(int)
    answers: dict[int, int] = defaultdict(int)
    for (meeting, _question), given in counts.items():
        if sum(given.values()) >= FEWEST:
            yes[meeting] += given.get(PulseAnswer.YES, 0)
            answers[meeting] += sum(given.values())
    return {meeting: round(100 * yes[meeting] / many) for meeting, many in answers.items()}


def _checks(team: Team, meetings: list[Meeting]) -> tuple[int, int, int]:
    """(checked in time, checked late, due) of decisions of ``meetings``; due once checked or two weeks past the date.

    Checked means that a result was computed, or an agenda item for the check was finished.
    """
    tz, today = team.school.tz, team.school.today()
    rows = Decision.objects.filter(item__meeting__in=meetings, check_on__isnull=False)
    visits = dict[int, dt.date]()
    for decision, ended in (
        AgendaItem.objects.filter(
            topic__decision__in=rows, state=AgendaItem.State.DONE, ended_at__isnull=False
        )
        .order_by("-ended_at")
        .values_list("topic__decision_id", "ended_at")
    ):
        if decision is not None and ended is not None:
            visits[decision] = ended.astimezone(tz).date()
    in_time = late = due = 0
    for pk, check_on, result_on, result in rows.values_list("pk", "check_on", "result_on", "result"):
        computed = (
            result_on if result and result.get("n") else None
        )  # a result without students does not count
        checked = min(filter(None, [visits.get(pk), computed]), default=None)
        limit = (check_on or today) + CHECK_WITHIN
        in_time += checked is not None and checked <= limit
        late += checked is not None and checked > limit
        due += checked is not None or limit < today
    return in_time, late, due


def _actions(team: Team, meetings: list[Meeting]) -> tuple[int, int, int]:
    """(done, done in time, due) of action items of ``meetings``, without dropped ones."""
    tz, kept, in_time, due = team.school.tz, 0, 0, 0
    rows = Action.objects.filter(item__meeting__in=meetings, due_on__lt=team.school.today())
    for state, due_on, finished_at in rows.exclude(state=Action.State.DROPPED).values_list(
        "state", "due_on", "finished_at"
    ):
        is_done = state == Action.State.DONE
        due, kept = due + 1, kept + is_done
        in_time += is_done and finished_at is not None and finished_at.astimezone(tz).date() <= due_on
    return kept, in_time, due
