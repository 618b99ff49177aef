"""A meeting as one person sees it: its agenda, the item on the table, what was said and decided."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Prefetch

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.agendas.queries.exhibit_views import exhibits_for
from collab.agendas.queries.items import _items
from collab.discussion.queries import talk_on
from collab.followup.models import Action, Cause, Decision, FistToFive, Question, TeachingChange
from collab.followup.permissions import actions_visible_to
from collab.followup.queries.causes import missing_of, tally_of
from collab.meetings.models import Attendance, Meeting, MeetingEvent
from collab.meetings.permissions import may_plan_for, may_run, may_take_part_in
from collab.meetings.queries.participants import participants_of
from collab.meetings.queries.roles import roles_of_meeting
from collab.room.queries.feedback import pulse_of
from collab.room.queries.readiness import unready
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.agendas.queries.exhibit_views import Shown
    from collab.discussion.queries import Talk
    from collab.followup.queries.causes import Tally
    from collab.meetings.queries.participants import Person
    from collab.meetings.queries.roles import RoleOf
    from collab.room.queries.feedback import PulseOf
    from teams.directory.models import Norm, User


class Room:
    """A meeting's page for one person. Every part is read when a template asks for it, and once.

    A change in the room makes every browser fetch one region: only what stands there is read.
    """

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.now = user, meeting, clock.now()

    @cached_property
    def items(self) -> list[AgendaItem]:
        """The agenda in order; one that the user may not read keeps its place and minutes, and nothing else."""
        return _items(self.user, self.meeting)

    @cached_property
    def readable(self) -> list[AgendaItem]:
        """The items that the user may read."""
        return [item for item in self.items if not item.is_closed_to_me]  # type: ignore[attr-defined]

    @cached_property
    def current(self) -> AgendaItem | None:
        """The item on the table."""
        if "items" in self.__dict__:
            return next((item for item in self.items if item.state == AgendaItem.State.CURRENT), None)
        rows = _items(self.user, self.meeting, state=AgendaItem.State.CURRENT)
        return rows[0] if rows else None

    @cached_property
    def open_item(self) -> AgendaItem | None:
        """The item on the table, if the user may read it."""
        return self.current if self.current and not self.current.is_closed_to_me else None  # type: ignore[attr-defined]

    @property
    def following(self) -> AgendaItem | None:
        """The item that comes next."""
        waiting = [item for item in self.items if item.state == AgendaItem.State.WAITING]
        after = [item for item in waiting if self.current is None or item.position > self.current.position]
        return next(iter(after or waiting), None)

    @cached_property
    def exhibits(self) -> list[Shown]:
        """The exhibits of the item on the table."""
        return exhibits_for(self.user, self.open_item, self.meeting) if self.open_item else []

    @cached_property
    def talk(self) -> Talk | None:
        """What was said on it."""
        return talk_on(self.user, self.open_item) if self.open_item else None

    @cached_property
    def causes(self) -> list[Cause]:
        """Why, as the team sees it."""
        return list(self.open_item.causes.select_related("author")) if self.open_item else []

    @cached_property
    def changes(self) -> list[TeachingChange]:
        """What each teacher does differently because of it."""
        return list(self.open_item.changes.select_related("teacher__user")) if self.open_item else []

    @property
    def tally(self) -> Tally:
        """How much of what was found today teachers can change; of what the user may read."""
        return tally_of(self.readable)

    @cached_property
    def missing(self) -> str:
        """What the item still needs before it can end."""
        is_live = self.meeting.state == Meeting.State.LIVE
        return missing_of(self.open_item) if self.open_item and is_live else ""

    @cached_property
    def waits_for(self) -> str:
        """What people are still at on the item on the table, so that going on takes a second click."""
        is_live = self.meeting.state == Meeting.State.LIVE
        return unready(self.current, self.meeting) if self.current and is_live else ""

    @cached_property
    def stands_for(self) -> Person | None:
        """The facilitator, if somebody else who is here: then the user steers only as a stand-in."""
        chosen = [one for one in self.people if one.staff.pk == self.meeting.facilitator_id and one.is_here]
        return chosen[0] if chosen and chosen[0].staff.user_id != self.user.pk else None

    @cached_property
    def my_roles(self) -> list[str]:
        """What the user does in this meeting."""
        return [role for one in self.people if one.staff.user_id == self.user.pk for role in one.roles]

    @property
    def place(self) -> int:
        """Which item of the agenda is on the table, counted from 1."""
        return self.items.index(self.current) + 1 if self.current in self.items else 0

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided in this meeting."""
        return list(_decisions(self.user, self.readable))

    @cached_property
    def questions(self) -> list[Question]:
        """What this meeting asks the leaders."""
        return list(Question.objects.filter(item__in=self.readable).select_related("asked_by"))

    @cached_property
    def parked(self) -> list[Topic]:
        """What was put aside in this meeting."""
        return _parked(self.meeting)

    @cached_property
    def actions(self) -> list[Action]:
        """What was promised in this meeting."""
        return list(_with_people(Action.objects.filter(item__in=self.readable)).order_by("pk"))

    @cached_property
    def carried(self) -> list[Action]:
        """What was promised before it."""
        return list(_carried(self.user, self.meeting))

    @cached_property
    def people(self) -> list[Person]:
        """Members and guests."""
        return participants_of(self.meeting)

    @cached_property
    def roles(self) -> list[RoleOf]:
        """Who facilitates, writes, keeps the time, brings the data."""
        return roles_of_meeting(self.meeting)

    @cached_property
    def norm(self) -> Norm | None:
        """One norm at a time: another with each item."""
        return _norm(self.meeting, self.current, self.items)

    @cached_property
    def pulse(self) -> PulseOf | None:
        """How the meeting was."""
        return pulse_of(self.user, self.meeting) if self.meeting.state in ("live", "closed") else None

    @cached_property
    def may_take_part(self) -> bool:
        """Whether the user contributes here."""
        return may_take_part_in(self.user, self.meeting)

    @cached_property
    def may_run(self) -> bool:
        """Whether the user starts, steers and closes it."""
        return may_run(self.user, self.meeting)

    @cached_property
    def may_plan(self) -> bool:
        """Whether the user moves it or calls it off."""
        return may_plan_for(self.user, self.meeting.team)

    @property
    def may_reopen(self) -> bool:
        """Whether its closing can be taken back."""
        return self.meeting.is_just_closed and self.meeting.approved_at is None and self.may_run

    @property
    def planned_minutes(self) -> int:
        """Sum of the items' minutes."""
        return sum(item.minutes for item in self.items)

    @property
    def slot_minutes(self) -> int:
        """Length of the meeting."""
        return round((self.meeting.ends_at - self.meeting.starts_at).total_seconds() / 60)

    @property
    def over_minutes(self) -> int:
        """By how much the agenda exceeds the slot; negative when there is room."""
        return self.planned_minutes - self.slot_minutes

    @property
    def free_minutes(self) -> int:
        """What the slot has left."""
        return max(0, -self.over_minutes)

    @property
    def predicted_end(self) -> dt.datetime:
        """When it ends if every item still to come takes its minutes."""
        if self.meeting.state != Meeting.State.LIVE:
            return self.meeting.starts_at + dt.timedelta(minutes=self.planned_minutes)
        waiting = sum(item.minutes for item in self.items if item.state == AgendaItem.State.WAITING)
        current_end = self.current.ends_at if self.current and self.current.ends_at else self.now
        return max(current_end, self.now) + dt.timedelta(minutes=waiting)

    @property
    def used_minutes(self) -> int:
        """Minutes since the start, or until the close."""
        start = self.meeting.started_at or self.now
        return round(((self.meeting.closed_at or self.now) - start).total_seconds() / 60)

    @property
    def today(self) -> dt.date:
        """The school's day."""
        return self.meeting.team.school.today()

    @property
    def check_on(self) -> dt.date:
        """The day on which a decision made now is looked at again, unless the team chooses another."""
        return self.today + dt.timedelta(weeks=4)

    @property
    def due_on(self) -> dt.date:
        """The day by which what is promised now is due, unless the team chooses another."""
        return self.today + dt.timedelta(weeks=1)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """How somebody can take part."""
        return [(str(mark), str(label)) for mark, label in Attendance.Mark.choices]

    @property
    def unreached(self) -> int:
        """Topics that would wait for the next meeting if this one closed now."""
        waiting = [item for item in self.items if item.state == AgendaItem.State.WAITING]
        return sum(item.topic.kind != Topic.Kind.STEP for item in waiting)

    @property
    def current_seconds(self) -> int:
        """What the current item's clock started with."""
        if self.current is None or not self.current.ends_at or not self.current.started_at:
            return 0
        return round((self.current.ends_at - self.current.started_at).total_seconds())

    @property
    def here(self) -> int:
        """How many take part now."""
        return sum(person.is_here for person in self.people)

    @property
    def cause_kinds(self) -> list[tuple[str, str]]:
        """Where a cause can lie."""
        return [(str(kind), str(label)) for kind, label in Cause.Kind.choices]

    @property
    def wants_causes(self) -> bool:
        """Whether the current item goes from data to teaching."""
        return bool(self.current and (self.current.capture == "cause" or self.causes or self.changes))


def room_of(user: User, meeting: Meeting) -> Room:
    """The room of ``meeting`` for ``user``."""
    return Room(user, meeting)


def _decisions(user: User, items: list[AgendaItem]) -> QuerySet[Decision]:
    mine = FistToFive.objects.filter(user=user)
    return (
        Decision.objects.filter(item__in=items)
        .annotate(fist=Avg("votes__fingers"), voters=Count("votes"))
        .prefetch_related(Prefetch("votes", queryset=mine, to_attr="my_votes"))
        .select_related("item", "decided_by", "measure")
        .order_by("pk")
    )


def _carried(user: User, meeting: Meeting) -> QuerySet[Action]:
    """Promises of earlier meetings: open ones now, for minutes those that were open or done since."""
    rows = Action.objects.filter(team=meeting.team, created_at__lt=meeting.started_at or clock.now())
    rows = rows.exclude(item__meeting=meeting)
    if meeting.state == Meeting.State.CLOSED:
        rows = rows.filter(finished_at__range=(meeting.started_at, meeting.closed_at))
    elif meeting.started_at:
        rows = rows.open() | rows.filter(finished_at__gte=meeting.started_at)
    else:
        rows = rows.open()
    return _with_people(rows.filter(pk__in=actions_visible_to(user).values("pk"))).order_by("due_on", "pk")


def _with_people(rows: QuerySet[Action]) -> QuerySet[Action]:
    return rows.select_related("owner__user", "team__school", "student", "plan__student", "item__meeting")


def _parked(meeting: Meeting) -> list[Topic]:
    if meeting.started_at is None:
        return []
    rows = meeting.team.topics.filter(kind=Topic.Kind.PARKED, created_at__gte=meeting.started_at)
    rows = rows.exclude(visits__visibility=Visibility.RESTRICTED)
    return list(rows.filter(created_at__lte=meeting.closed_at) if meeting.closed_at else rows)


def _norm(meeting: Meeting, current: AgendaItem | None, items: list[AgendaItem]) -> Norm | None:
    """One norm at a time: another with each item."""
    norms = list(meeting.team.norms.all())
    if not norms:
        return None
    return norms[items.index(current) % len(norms)] if current else norms[0]


def revisions_of(meetings: Collection[int]) -> dict[int, int]:
    """Meeting id → revision, for the stream's source; one query for all of them."""
    return dict(Meeting.objects.filter(pk__in=meetings).values_list("pk", "revision"))


def regions_since(meeting_id: int, revision: int, *, until: int) -> list[str]:
    """The regions that changed after ``revision``, up to ``until``; "room" alone when it is all of it."""
    rows = MeetingEvent.objects.filter(meeting_id=meeting_id, revision__gt=revision, revision__lte=until)
    regions = list(dict.fromkeys(rows.order_by("revision").values_list("region", flat=True)))
    return ["room"] if "room" in regions else regions
