"""A meeting as one person sees it: its agenda, the item on the table, what was said and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from collab.models import (
    Action,
    AgendaItem,
    Agreement,
    Attendance,
    Contribution,
    Decision,
    FistToFive,
    Meeting,
    MeetingEvent,
    Topic,
)
from collab.permissions import may_plan_for, may_take_part
from datareview.queries.exhibits import chart_of, frozen_chart, may_see
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.charts.spec import Chart
    from teams.models import Staff, TeamMember, User


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit as the reader may see it: its chart, or a sentence why there is none."""

    uuid: str
    chart: Chart | None
    sentence: str
    frozen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Said:
    """The contributions of one kind."""

    kind: str
    label: str
    contributions: list[Contribution]


@dataclass(frozen=True, slots=True)
class Person:
    """A member and how they take part."""

    member: TeamMember
    mark: str

    @property
    def label(self) -> str:
        """The mark in words."""
        return str(Attendance.Mark(self.mark).label) if self.mark else ""


@dataclass(frozen=True, slots=True)
class Room:
    """Everything on the page of a meeting."""

    meeting: Meeting
    now: dt.datetime
    items: list[AgendaItem]
    current: AgendaItem | None
    following: AgendaItem | None
    exhibits: list[Shown]
    said: list[Said]
    decisions: list[Decision]
    actions: list[Action]
    carried: list[Action]
    people: list[Person]
    may_take_part: bool
    may_plan: bool
    may_reopen: bool

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
        """How many members take part."""
        return sum(person.mark in ("present", "late", "remote") for person in self.people)


def room_of(user: User, meeting: Meeting) -> Room:
    """The room of ``meeting`` for ``user``; a constant number of queries, exhibits aside."""
    items = list(_items(meeting))
    current = next((item for item in items if item.state == AgendaItem.State.CURRENT), None)
    waiting = [item for item in items if item.state == AgendaItem.State.WAITING]
    after = [item for item in waiting if current is None or item.position > current.position]
    return Room(
        meeting=meeting,
        now=timezone.now(),
        items=items,
        current=current,
        following=(after or waiting or [None])[0],
        exhibits=exhibits_for(user, current) if current else [],
        said=said_on(user, current) if current else [],
        decisions=list(_decisions(user, meeting)),
        actions=list(_actions(meeting)),
        carried=list(_carried(meeting)),
        people=_people(meeting),
        may_take_part=may_take_part(user, meeting.team),
        may_plan=may_plan_for(user, meeting.team),
        may_reopen=bool(
            meeting.closed_at
            and timezone.now() - meeting.closed_at < dt.timedelta(hours=24)
            and may_take_part(user, meeting.team)
        ),
    )


def _items(meeting: Meeting):  # noqa: ANN202 (queryset)
    return (
        meeting.items.select_related("topic__candidate__student", "topic__plan__student", "owner__user")
        .prefetch_related("exhibits")
        .order_by("position", "pk")
    )


def exhibits_for(user: User, item: AgendaItem) -> list[Shown]:
    """The exhibits of ``item``: frozen ones as they were, live ones as the data are now."""
    return [_shown(user, exhibit) for exhibit in item.exhibits.all()]


def _shown(user: User, exhibit: Any) -> Shown:
    if not may_see(user, exhibit.view, exhibit.parameters):
        return Shown(str(exhibit.uuid), None, "", exhibit.frozen_at)
    try:
        if exhibit.frozen is not None:
            chart = frozen_chart(exhibit.frozen)
        elif exhibit.frozen_at is not None:
            gone = _("What this chart was about was not there any more when the meeting closed.")
            return Shown(str(exhibit.uuid), None, gone, exhibit.frozen_at)
        else:
            chart = chart_of(user, exhibit.view, exhibit.parameters)
    except DomainError as error:
        return Shown(str(exhibit.uuid), None, str(error), exhibit.frozen_at)
    return Shown(str(exhibit.uuid), chart, "", exhibit.frozen_at)


def said_on(user: User, item: AgendaItem) -> list[Said]:
    """What was said on ``item`` by kind, in the order of the kinds; notices and wonders always."""
    rows = list(
        item.contributions.select_related("author")
        .annotate(
            agree=Count("agreements"),
            i_agree=Exists(Agreement.objects.filter(contribution=OuterRef("pk"), user=user)),
        )
        .order_by("pk")
    )
    always = {Contribution.Kind.NOTICE, Contribution.Kind.WONDER}
    return [
        Said(kind, label, [row for row in rows if row.kind == kind])
        for kind, label in Contribution.Kind.choices
        if kind in always or any(row.kind == kind for row in rows)
    ]


def _decisions(user: User, meeting: Meeting):  # noqa: ANN202 (queryset)
    mine = FistToFive.objects.filter(user=user)
    return (
        Decision.objects.filter(item__meeting=meeting)
        .annotate(fist=Avg("votes__fingers"), voters=Count("votes"))
        .prefetch_related(Prefetch("votes", queryset=mine, to_attr="my_votes"))
        .select_related("item", "decided_by")
        .order_by("pk")
    )


def _actions(meeting: Meeting):  # noqa: ANN202 (queryset)
    return _with_people(Action.objects.filter(item__meeting=meeting)).order_by("pk")


def _carried(meeting: Meeting):  # noqa: ANN202 (queryset)
    """Promises of earlier meetings: open ones now, for minutes those that were open or done since."""
    rows = Action.objects.filter(team=meeting.team, created_at__lt=meeting.started_at or timezone.now())
    rows = rows.exclude(item__meeting=meeting)
    if meeting.state == Meeting.State.CLOSED:
        rows = rows.filter(finished_at__range=(meeting.started_at, meeting.closed_at))
    elif meeting.started_at:
        rows = rows.open() | rows.filter(finished_at__gte=meeting.started_at)
    else:
        rows = rows.open()
    return _with_people(rows).order_by("due_on", "pk")


def _with_people(rows):  # noqa: ANN001, ANN202 (queryset)
    return rows.select_related("owner__user", "team__school", "student", "plan__student", "item__meeting")


def _people(meeting: Meeting) -> list[Person]:
    marks = dict(Attendance.objects.filter(meeting=meeting).values_list("staff_id", "mark"))
    members = meeting.team.members.active().select_related("staff__user").order_by("-is_lead", "pk")
    return [Person(member, marks.get(member.staff_id, "")) for member in members]


@dataclass(frozen=True, slots=True)
class Minutes:
    """One item of a closed meeting."""

    item: AgendaItem
    exhibits: list[Shown]
    said: list[Said]


def minutes_of(user: User, room: Room) -> list[Minutes]:
    """Every item that was taken up, with what was shown and said."""
    taken = [item for item in room.items if item.state == AgendaItem.State.DONE]
    return [Minutes(item, exhibits_for(user, item), said_on(user, item)) for item in taken]


def revisions_of(meetings: Collection[int]) -> dict[int, int]:
    """Meeting id → revision, for the stream's source; one query for all of them."""
    return dict(Meeting.objects.filter(pk__in=meetings).values_list("pk", "revision"))


def regions_since(meeting_id: int, revision: int) -> list[str]:
    """The regions of the room that changed after ``revision``; "room" alone when it is all of it."""
    rows = MeetingEvent.objects.filter(meeting_id=meeting_id, revision__gt=revision)
    regions = list(dict.fromkeys(rows.order_by("revision").values_list("region", flat=True)))
    return ["room"] if "room" in regions else regions


def owners_of(meeting: Meeting) -> list[Staff]:
    """Who can take on an action: the members."""
    return [person.member.staff for person in _people(meeting)]
