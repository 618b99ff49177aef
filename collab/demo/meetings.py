"""Twelve weeks of past meetings of every team, with contributions, decisions and action items; and coming ones."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from collab.agendas.models import AgendaItem, Topic
from collab.demo import texts
from collab.discussion.models import Agreement, Contribution
from collab.followup.models import Action, Decision, FistToFive
from collab.meetings.models import Attendance, Meeting, Series
from collab.protocols.models import Protocol
from teams.directory.queries.days import closed_days
from teams.lib import clock

if TYPE_CHECKING:
    import numpy as np

    from collab.demo.people import SchoolData
    from teams.directory.models import Staff

WEEKS = 12
SLOTS = [(0, 14, 15), (1, 10, 10), (2, 9, 10), (3, 13, 20), (4, 8, 15)]


def make_meetings(place: SchoolData, rng: np.random.Generator) -> None:
    """Create past and coming meetings of each team of the school."""
    weekly, support = Protocol.objects.get(key="weekly"), Protocol.objects.get(key="support")
    today = place.school.today()
    for index, team in enumerate(place.teams):
        protocol = support if team.kind == "intervention" else weekly
        minutes = sum(step.minutes for step in protocol.steps.all())
        weekday, hour, minute = SLOTS[(index + 2) % 5]
        series = Series.objects.create(
            team=team,
            protocol=protocol,
            title=protocol.name,
            pattern=Series.Pattern.WEEKS,
            weekday=weekday,
            starts_at=dt.time(hour, minute),
            minutes=minutes,
            place=f"Room {11 + index}",
            starts_on=place.years[-1].starts_on,
            ends_on=place.years[-1].ends_on,
        )
        people = [
            member.staff for member in team.members.select_related("staff__user").order_by("-is_lead", "pk")
        ]
        monday = today - dt.timedelta(days=today.weekday())
        closed = closed_days(place.school, today, today + dt.timedelta(weeks=4))
        for week in range(-WEEKS, 3):
            day = monday + dt.timedelta(weeks=week, days=weekday)
            starts = place.school.at(day, series.starts_at)
            past = starts + dt.timedelta(minutes=minutes) < clock.now()
            if day in closed or (past and day not in place.days):
                continue
            _meeting(series, people, starts, past=past, week=week, rng=rng)


def _fill(text: str, rng: np.random.Generator) -> str:
    return text.format(
        n=int(rng.integers(2, 8)),
        m=int(rng.integers(8, 12)),
        k=int(rng.integers(4, 15)),
        day=rng.choice(["Tuesday", "Wednesday", "Thursday"]),
        standard=rng.choice(texts.STANDARDS),
        month=rng.choice(["September", "October"]),
    )


def _meeting(
    series: Series,
    people: list[Staff],
    starts: dt.datetime,
    *,
    past: bool,
    week: int,
    rng: np.random.Generator,
) -> None:
    luck = rng.random()
    state = ("cancelled" if luck < 0.06 else "planned" if luck < 0.1 else "closed") if past else "planned"
    ends = starts + dt.timedelta(minutes=series.minutes)
    meeting = Meeting.objects.create(
        team=series.team,
        series=series,
        protocol=series.protocol,
        starts_at=starts,
        ends_at=ends,
        state=state,
        title=_fill(texts.TITLES[int(rng.integers(len(texts.TITLES)))], rng),
        place=series.place,
        facilitator=people[0],
        recorder=people[-1],
        started_at=starts if state == "closed" else None,
        closed_at=ends if state == "closed" else None,
    )
    items = _items(meeting, done=state == "closed", starts=starts, rng=rng)
    if state == "closed":
        _people(meeting, people, rng)
        _add_discussion(items, people, starts, week=week, rng=rng)


def _items(
    meeting: Meeting, *, done: bool, starts: dt.datetime, rng: np.random.Generator
) -> list[AgendaItem]:
    """Create agenda items from the protocol; in past meetings most are done, and the last is sometimes not reached."""
    steps = list(meeting.protocol.steps.all()) if meeting.protocol else []
    topics = Topic.objects.bulk_create(
        Topic(team=meeting.team, title=step.title, kind="step", is_standing=True) for step in steps
    )
    items, at = [], starts
    for step, topic in zip(steps, topics, strict=True):
        reached = done and not (step is steps[-1] and rng.random() < 0.15)
        seconds = int(step.minutes * 60 * rng.uniform(0.7, 1.35)) if reached else 0
        items.append(
            AgendaItem(
                topic=topic,
                meeting=meeting,
                position=step.position * 10,
                title=step.title,
                prompt=step.prompt,
                kind=step.kind,
                speaker=step.speaker,
                capture=step.capture,
                reserved_for=step.reserved_for,
                minutes=step.minutes,
                state="done" if reached else "moved" if done else "waiting",
                seconds_used=seconds,
                started_at=at if reached else None,
                ended_at=at + dt.timedelta(seconds=seconds) if reached else None,
            )
        )
        at += dt.timedelta(seconds=seconds)
    return AgendaItem.objects.bulk_create(items)


def _people(meeting: Meeting, people: list[Staff], rng: np.random.Generator) -> None:
    marks = rng.choice(["present", "late", "remote", "absent"], p=[0.8, 0.08, 0.04, 0.08], size=len(people))
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, staff=staff, mark=str(mark))
        for staff, mark in zip(people, marks, strict=True)
    )


def _add_discussion(
    items: list[AgendaItem], people: list[Staff], starts: dt.datetime, *, week: int, rng: np.random.Generator
) -> None:
    """Add notices and wonders on the results, one or two decisions, and two to four action items."""
    explore = next((item for item in items if item.kind == "explore"), items[0])
    decide = next((item for item in items if item.kind == "decide"), items[-1])
    said = [
        ("notice", text) for text in rng.choice(texts.NOTICES, size=int(rng.integers(2, 5)), replace=False)
    ]
    said += [
        ("wonder", text) for text in rng.choice(texts.WONDERS, size=int(rng.integers(1, 3)), replace=False)
    ]
    rows = [_contribution(explore, kind, text, people, rng) for kind, text in said]
    rows += [_contribution(decide, "idea", str(rng.choice(texts.IDEAS)), people, rng)]
    rows += (
        [_contribution(decide, "note", str(rng.choice(texts.NOTES)), people, rng)]
        if rng.random() < 0.5
        else []
    )
    Contribution.objects.bulk_create(rows)
    agreements: set[tuple[int, int]] = set()
    for row in rows:
        for staff in people:
            if staff.user_id != row.author_id and rng.random() < 0.3:
                agreements.add((row.pk, staff.user_id))
    Agreement.objects.bulk_create(
        Agreement(contribution_id=row, user_id=user) for row, user in sorted(agreements)
    )
    for text in rng.choice(texts.DECISIONS, size=int(rng.integers(1, 3)), replace=False):
        decision = Decision.objects.create(
            item=decide,
            text=_fill(str(text), rng),
            decided_by=people[0].user,
            client_key=uuid.UUID(bytes=rng.bytes(16)),
            check_on=starts.date() + dt.timedelta(weeks=int(rng.integers(3, 7))),
        )
        FistToFive.objects.bulk_create(
            FistToFive(decision=decision, user=staff.user, fingers=int(rng.integers(3, 6)))
            for staff in people
        )
    Action.objects.bulk_create(
        _action(decide, str(text), people, starts, week, rng)
        for text in rng.choice(texts.ACTIONS, size=int(rng.integers(2, 5)), replace=False)
    )


def _contribution(
    item: AgendaItem, kind: str, text: str, people: list[Staff], rng: np.random.Generator
) -> Contribution:
    author = people[int(rng.integers(len(people)))].user
    return Contribution(
        item=item, author=author, kind=kind, text=_fill(text, rng), client_key=uuid.UUID(bytes=rng.bytes(16))
    )


def _action(
    item: AgendaItem, text: str, people: list[Staff], starts: dt.datetime, week: int, rng: np.random.Generator
) -> Action:
    """Add an action item: most are done, some of the last weeks are open or overdue, and some were dropped."""
    owner = people[int(rng.integers(len(people)))]
    due = starts.date() + dt.timedelta(days=int(rng.integers(3, 12)))
    due += dt.timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))
    luck = rng.random()
    is_recent = week >= -1
    state = "open" if (is_recent and luck < 0.6) or luck < 0.04 else "dropped" if luck > 0.94 else "done"
    fields: dict[str, Any] = {"reason": str(rng.choice(texts.REASONS))} if state == "dropped" else {}
    return Action(
        team=item.topic.team,
        item=item,
        text=_fill(text, rng),
        owner=owner,
        due_on=due,
        state=state,
        carried=max(0, -week - 1) if state == "open" else 0,
        made_by=people[0].user,
        finished_at=min(starts + dt.timedelta(days=5), clock.now()) if state != "open" else None,
        client_key=uuid.UUID(bytes=rng.bytes(16)),
        **fields,
    )
