"""The minutes of a closed meeting: for the team, and for all staff without anything about students.

A page of one item takes as many queries as one of forty.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.queries.exhibit_views import exhibits_of
from collab.agendas.queries.subjects import is_about_student
from collab.discussion.models import Cluster, Contribution
from collab.discussion.queries import ContributionGroup, contributions_visible_to
from collab.followup.models import Action, Cause, Decision, Question, TeachingChange
from collab.followup.queries.decisions import student_of
from collab.meetings.models import Attendance, EventKind, Meeting
from collab.meetings.permissions import may_take_part_in, meetings_visible_to
from collab.meetings.queries.participants import HERE, Person
from collab.minutes.models import Correction
from datareview.dashboards.queries.exhibits import is_of_student
from datareview.privacy.queries import aliases_of
from datareview.records.models import Student
from teams.access.permissions import roles_of
from teams.directory.models import Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from collab.agendas.models import Exhibit
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.room.queries.room import Room
    from teams.directory.models import School, User

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One item that was taken up: what was shown and said on it, and what was put right since."""

    item: AgendaItem
    exhibits: list[ExhibitView]
    before: list[Contribution]
    groups: list[ContributionGroup]
    kinds: list[ContributionGroup]
    causes: list[Cause]
    changes: list[TeachingChange]
    corrections: list[Correction]


@dataclass(frozen=True, slots=True)
class Minutes:
    """A closed meeting for one reader."""

    room: Room
    parts: list[Part]
    here: list[Person]
    away: list[Person]
    questions: list[Question]
    corrections: list[Correction] = field(default_factory=list)

    @property
    def unreached(self) -> list[AgendaItem]:
        """Items that were not taken up and wait for another meeting."""
        return [item for item in self.room.agenda.readable if item.state == AgendaItem.State.MOVED]

    @property
    def ended_by_itself(self) -> bool:
        """Whether everybody had left it when it was closed the last time."""
        ends = self.room.meeting.events.filter(kind__in=[EventKind.CLOSED, EventKind.ENDED_IDLE]).order_by(
            "-revision"
        )
        return ends.values_list("kind", flat=True).first() == "ended-idle"

    @property
    def may_correct(self) -> bool:
        """Whether the reader may put something right: who took part in the meeting or is in the team."""
        return self.room.agenda.may_take_part

    @property
    def may_correct_people(self) -> bool:
        """Whether who was there can still be set: while the minutes are a draft."""
        return self.room.agenda.may_run and self.room.meeting.approved_at is None

    @property
    def people(self) -> list[Person]:
        """Everybody who was there or should have been."""
        return [*self.here, *self.away]


def minutes_of(user: User, room: Room) -> Minutes:
    """Every item that was taken up and that the user may read, who was there, and what was put right."""
    items = [item for item in room.agenda.readable if item.state == AgendaItem.State.DONE]
    shown = exhibits_of(user, items, room.meeting)
    said = _by_item(_contributions(user, items))
    clusters = _by_item(Cluster.objects.filter(item__in=items).annotate(voted=Count("votes")))
    causes = _by_item(Cause.objects.filter(item__in=items).select_related("author"))
    changes = _by_item(TeachingChange.objects.filter(item__in=items).select_related("teacher__user"))
    corrections = _by_item(corrections_visible_to(user, room))
    here, away = people_at(room.meeting)
    return Minutes(
        room,
        [
            Part(
                item,
                shown[item.pk],
                [one for one in said[item.pk] if one.is_before],
                _groups(clusters[item.pk], said[item.pk]),
                _kinds(said[item.pk]),
                causes[item.pk],
                changes[item.pk],
                corrections[item.pk],
            )
            for item in items
        ],
        here,
        away,
        list(
            Question.objects.filter(item__in=room.agenda.readable)
            .select_related("asked_by", "answered_by")
            .order_by("created_at")
        ),
        corrections[None],
    )


def corrections_visible_to(user: User, room: Room) -> QuerySet[Correction]:
    """What was put right, of the meeting as a whole and of items that the user may read."""
    rows = Correction.objects.filter(meeting=room.meeting).select_related("author")
    return rows.filter(Q(item=None) | Q(item__in=room.agenda.readable))


def may_correct(user: User, meeting: Meeting) -> bool:
    """Whether the user may put something right in the minutes of ``meeting``."""
    return meeting.state == Meeting.State.CLOSED and may_take_part_in(user, meeting)


def people_at(meeting: Meeting) -> tuple[list[Person], list[Person]]:
    """Who was at a closed ``meeting``, and who was not: its guests, and who was in the team on that day.

    Somebody who joined the team later is in neither; somebody who has left it since stays where they were.
    """
    day = meeting.starts_at.astimezone(meeting.team.school.tz).date()
    members = meeting.team.members.active(day).select_related("staff__user").order_by("-is_lead", "pk")
    guests = meeting.guests.select_related("staff__user").order_by("pk")
    marked = Attendance.objects.filter(meeting=meeting).select_related("staff__user").order_by("pk")
    marks = {row.staff_id: row for row in marked}
    people = {member.staff_id: (member.staff, member.is_lead, False) for member in members}
    for guest in guests:
        people.setdefault(guest.staff_id, (guest.staff, False, True))
    for row in marks.values():
        people.setdefault(row.staff_id, (row.staff, False, False))
    found = [
        Person(staff, marks[pk].mark if pk in marks else str(Attendance.Mark.ABSENT), is_lead, is_guest)
        for pk, (staff, is_lead, is_guest) in people.items()
    ]
    return [one for one in found if one.mark in HERE], [one for one in found if one.mark not in HERE]


def students_of(minutes: Minutes) -> list[Student]:
    """The students whom minutes, as one reader sees them, name by their data: by item, promise or chart."""
    room = minutes.room
    about = [student_of(item) for item in room.agenda.readable]
    about += [action.student or (action.plan.student if action.plan else None) for action in room.actions]
    found = {student.pk: student for student in about if student}
    charted = Q(pk__in=[])
    for part in minutes.parts:
        shown = {one.uuid: one.chart for one in part.exhibits if one.chart}
        for exhibit in part.item.exhibits.all():
            if chart := shown.get(str(exhibit.uuid)):
                charted |= _in_chart(exhibit, [str(row[0]) for row in chart.table.rows if row])
    if charted != Q(pk__in=[]):
        rows = Student.objects.filter(charted, school=room.meeting.team.school)
        found |= {student.pk: student for student in rows.distinct()}
    return list(found.values())


def _in_chart(exhibit: Exhibit, names: list[str]) -> Q:
    """The students in a chart: the one it is of, or those at the heads of its table's rows."""
    if is_of_student(exhibit.view):
        of = exhibit.parameters
        return Q(uuid=of["student"]) if "student" in of else Q(plans__uuid=of.get("plan"))
    full = Concat("first_name", Value(" "), "last_name")
    return Q(pk__in=Student.objects.annotate(full=full).filter(full__in=names).values("pk"))


def _contributions(user: User, items: list[AgendaItem]) -> QuerySet[Contribution]:
    rows = contributions_visible_to(user, [item.pk for item in items]).select_related("author")
    counts = {"agree": Count("agreements", distinct=True), "voted": Count("votes", distinct=True)}
    return rows.annotate(**counts).order_by("pk")


def _groups(clusters: list[Any], rows: list[Contribution]) -> list[ContributionGroup]:
    by_votes = sorted(clusters, key=lambda cluster: (-cluster.voted, cluster.pk))
    return [
        ContributionGroup("group", one.title, [row for row in rows if row.cluster_id == one.pk], one)
        for one in by_votes
    ]


def _kinds(rows: list[Contribution]) -> list[ContributionGroup]:
    single = [row for row in rows if row.cluster_id is None and not row.is_before]
    return [
        ContributionGroup(str(kind), str(label), found)
        for kind, label in Contribution.Kind.choices
        if (found := [row for row in single if row.kind == kind])
    ]


def _by_item(rows: Iterable[Any]) -> defaultdict[int | None, list[Any]]:
    found: defaultdict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def staff_minutes_visible_to(user: User) -> QuerySet[Meeting]:
    """What all staff may read: approved minutes of the schools where the user works.

    Who may see the meeting reads it before as well: what goes out should be looked at first.
    """
    approved = Q(approved_at__isnull=False, team__school_id__in=roles_of(user))
    own = Q(pk__in=meetings_visible_to(user).values("pk"))
    return Meeting.objects.filter(approved | own, state=Meeting.State.CLOSED)


@dataclass(frozen=True, slots=True)
class StaffItem:
    """An item that is open to all staff, with what was decided and promised on it. No students, no charts."""

    title: str
    item: AgendaItem
    decisions: list[tuple[str, Decision]]
    actions: list[tuple[str, Action]]
    corrections: list[str]


def staff_minutes_of(meeting: Meeting) -> list[StaffItem]:
    """What all staff may read: items marked so, without those that are about a student.

    Actions and decisions that were made for named students are left out too, and a name that somebody typed
    is not told.
    """
    rows = meeting.items.filter(visibility=Visibility.STAFF, state=AgendaItem.State.DONE)
    rows = rows.select_related("topic__decision").prefetch_related(
        "exhibits",
        "topic__decision__students",
        Prefetch("decisions", Decision.objects.filter(students=None)),
        Prefetch("actions", Action.objects.filter(student=None, plan=None).select_related("owner__user")),
    )
    items = [item for item in rows.order_by("position", "pk") if not is_about_student(item)]
    corrections = _by_item(Correction.objects.filter(item__in=items))
    told = without_names(meeting.team.school) if items else str
    return [
        StaffItem(
            told(item.title),
            item,
            [(told(row.text), row) for row in item.decisions.all()],
            [(told(row.text), row) for row in item.actions.all()],
            [told(row.text) for row in corrections[item.pk]],
        )
        for item in items
    ]


def staff_present_at(meeting: Meeting) -> list[str]:
    """Who was there, by name; who was not is nobody's business but the team's."""
    here, _away = people_at(meeting)
    return [str(person.staff) for person in here]


@dataclass(frozen=True, slots=True)
class OpenMinutes:
    """Approved minutes with something for all staff, newest first; ``open_items`` of each says how much."""

    page: Page
    teams: list[Team]
    team: Team | None


def open_minutes_of(school: School, *, team_uuid: str = "", page: int | str = 1) -> OpenMinutes:
    """What the teams of ``school`` tell all its staff; of one team where its uuid is given."""
    told = AgendaItem.objects.filter(
        visibility=Visibility.STAFF,
        state=AgendaItem.State.DONE,
        topic__candidate=None,
        topic__plan=None,
        meeting__state=Meeting.State.CLOSED,
        meeting__approved_at__isnull=False,
        meeting__team__school=school,
    )
    teams = list(Team.objects.filter(pk__in=told.values("meeting__team")).order_by("name"))
    team = next((one for one in teams if str(one.uuid) == team_uuid), None)
    rows = Meeting.objects.filter(pk__in=told.values("meeting"))
    rows = rows.filter(team=team) if team else rows
    rows = rows.select_related("team").annotate(
        open_items=Count("items", filter=Q(items__in=told), distinct=True)
    )
    return OpenMinutes(Paginator(rows.order_by("-starts_at", "-pk"), A_PAGE).get_page(page), teams, team)


def without_names(school: School) -> Callable[[str], str]:
    """What takes the names of the school's students out of a text, whoever typed them."""
    aliases = aliases_of(school)
    numbered = re.compile(rf"\b{re.escape(_('Student'))} \d+\b")
    return lambda text: numbered.sub(_("a student"), aliases.hide(text))
