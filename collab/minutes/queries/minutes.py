"""The minutes of a closed meeting for the team.

The number of queries does not depend on the number of items.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, Value, prefetch_related_objects
from django.db.models.functions import Concat

from collab.agendas.models import AgendaItem, Visibility
from collab.agendas.queries.exhibit_views import exhibits_of
from collab.agendas.queries.subjects import is_about_student, student_of
from collab.decisions.models import Decision
from collab.discussion.models import Cluster, Contribution
from collab.discussion.queries import ContributionGroup, contributions_visible_to
from collab.findings.queries.results import frozen_results
from collab.followup.models import Cause, Question, TeachingChange
from collab.meetings.models import EventKind, Meeting
from collab.meetings.permissions import may_plan_for, may_take_part_in
from collab.minutes.models import Correction
from collab.minutes.queries.people import people_at
from collab.student_work.queries.work import work_of
from datareview.dashboards.queries.exhibits import is_of_student
from datareview.records.models import Student
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from collab.agendas.models import Exhibit
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.agendas.queries.items import ItemForReader
    from collab.findings.queries.results import ItemResults
    from collab.meetings.queries.participants import Person
    from collab.room.queries.room import Room
    from collab.student_work.queries.work import ItemWork
    from datareview.charts.spec import Chart
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Part:
    """A discussed item in the minutes, with results, student work, exhibits, discussion, causes and corrections.

    ``may_open`` says whether the reader may let all staff read it, or only the team again; ``led_to``, whether a
    decision or an action item came of it.
    """

    item: AgendaItem
    results: ItemResults | None
    work: ItemWork
    exhibits: list[ExhibitView]
    before: list[Contribution]
    groups: list[ContributionGroup]
    kinds: list[ContributionGroup]
    causes: list[Cause]
    changes: list[TeachingChange]
    corrections: list[Correction]
    may_open: bool
    led_to: bool = False

    @property
    def offers_opening(self) -> bool:
        """Whether the page offers the reader to open it to all staff, or to the team only again."""
        return self.may_open and (self.item.visibility == Visibility.STAFF or not self._is_bare)

    @property
    def _is_bare(self) -> bool:
        """Whether nothing was shown, said or decided: there is then nothing to open to others."""
        said = [self.before, self.groups, self.causes, self.changes, self.corrections]
        said += [kind.contributions for kind in self.kinds]
        return not (self.led_to or self.results or self.exhibits or self.work.shown or any(said))

    @property
    def gist(self) -> list[str]:
        """What was said, the most agreed first: groups by votes, causes, then single contributions."""
        single = [one for kind in self.kinds for one in kind.contributions]
        single.sort(key=lambda one: -one.agree)  # type: ignore[attr-defined]
        texts = [group.label for group in self.groups] + [cause.text for cause in self.causes]
        return texts + [one.text for one in single]


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
    def unreached(self) -> list[ItemForReader]:
        """Topics not discussed, which returned to the queue. Steps of the protocol are no topics."""
        left = (AgendaItem.State.MOVED, AgendaItem.State.WAITING)
        return [item for item in self.room.agenda.items if item.state in left and not item.is_step]

    @property
    def charts(self) -> list[tuple[str, Chart]]:
        """The charts that were shown, each with the title of its item: a chart alone does not say whose it is."""
        return [(part.item.title, one.chart) for part in self.parts for one in part.exhibits if one.chart]

    @property
    def ended_automatically(self) -> bool:
        """Whether the last closing was automatic because everyone had left."""
        ends = self.room.meeting.events.filter(kind__in=[EventKind.CLOSED, EventKind.ENDED_IDLE]).order_by(
            "-revision"
        )
        return ends.values_list("kind", flat=True).first() == "ended-idle"

    @property
    def may_correct(self) -> bool:
        """Whether the reader may add corrections: participants and team members."""
        return self.room.agenda.may_take_part

    @property
    def may_correct_people(self) -> bool:
        """Whether the reader may change attendance, which is possible while the minutes are a draft."""
        return self.room.agenda.may_run and self.room.meeting.approved_at is None

    @property
    def people(self) -> list[Person]:
        """Everyone present or absent."""
        return [*self.here, *self.away]


def minutes_of(user: User, room: Room) -> Minutes:
    """The minutes of ``room``: discussed items the user may read, attendance, and corrections."""
    items = [item for item in room.agenda.readable if item.state == AgendaItem.State.DONE]
    exhibits = exhibits_of(user, items, room.meeting)
    checked = [item.topic for item in items if item.topic.decision_id]
    prefetch_related_objects(checked, Prefetch("decision", Decision.objects.select_related("measure")))
    leads = may_plan_for(user, room.meeting.team)
    if leads:
        prefetch_related_objects(checked, "decision__students")
    ids, may_read = [item.pk for item in items], [item.pk for item in room.agenda.readable]
    results, work = frozen_results(user, items), work_of(user, items, room.meeting)
    contributions = by_item(prepared_rows(_contributions, reader_of(user), ids))
    clusters = by_item(prepared_rows(_clusters, ids))
    causes = by_item(prepared_rows(_causes, ids))
    changes = by_item(prepared_rows(_changes, ids))
    corrections = by_item(prepared_rows(_corrections, room.meeting.pk, may_read))
    led_to = {one.item_id for one in room.decisions} | {one.item_id for one in room.actions}
    here, away = people_at(room.meeting)
    return Minutes(
        room,
        [
            Part(
                item,
                results.get(item.pk),
                work[item.pk],
                exhibits[item.pk],
                [one for one in contributions[item.pk] if one.is_before],
                _groups(clusters[item.pk], contributions[item.pk]),
                _kinds(contributions[item.pk]),
                causes[item.pk],
                changes[item.pk],
                corrections[item.pk],
                leads and item.visibility != Visibility.RESTRICTED and not is_about_student(item),
                item.pk in led_to,
            )
            for item in items
        ],
        here,
        away,
        prepared_rows(_questions, may_read),
        corrections[None],
    )


def _corrections(meeting_id: int, item_ids: list[int]) -> QuerySet[Correction]:
    """Corrections of the whole meeting and of items the user may read."""
    rows = Correction.objects.filter(meeting=meeting_id).select_related("author")
    return rows.filter(Q(item=None) | Q(item__in=item_ids))


def _clusters(item_ids: list[int]) -> QuerySet[Any]:
    return Cluster.objects.filter(item__in=item_ids).annotate(voted=Count("votes")).order_by("pk")


def _causes(item_ids: list[int]) -> QuerySet[Cause]:
    return Cause.objects.filter(item__in=item_ids).select_related("author")


def _changes(item_ids: list[int]) -> QuerySet[TeachingChange]:
    return TeachingChange.objects.filter(item__in=item_ids).select_related("teacher__user")


def _questions(item_ids: list[int]) -> QuerySet[Question]:
    rows = Question.objects.filter(item__in=item_ids).select_related("asked_by", "answered_by")
    return rows.order_by("created_at")


def may_correct(user: User, meeting: Meeting) -> bool:
    """Whether the user may correct the minutes of ``meeting``."""
    return meeting.state == Meeting.State.CLOSED and may_take_part_in(user, meeting)


def students_of(minutes: Minutes) -> list[Student]:
    """Students named in the minutes as one reader sees them: by item, action item or chart."""
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
    """Filter for the students of a chart: its subject, or those named in its table's first column."""
    if is_of_student(exhibit.view):
        of = exhibit.parameters
        return Q(uuid=of["student"]) if "student" in of else Q(plans__uuid=of.get("plan"))
    full = Concat("first_name", Value(" "), "last_name")
    return Q(pk__in=Student.objects.annotate(full=full).filter(full__in=names).values("pk"))


def _contributions(user: User, item_ids: list[int]) -> QuerySet[Contribution]:
    rows = contributions_visible_to(user, item_ids).select_related("author")
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
    single.sort(key=lambda row: -row.voted)  # type: ignore[attr-defined]
    return [
        ContributionGroup(str(kind), str(label), found)
        for kind, label in Contribution.Kind.choices
        if (found := [row for row in single if row.kind == kind])
    ]


def by_item(rows: Iterable[Any]) -> defaultdict[int | None, list[Any]]:
    """Rows by the id of their item."""
    found: defaultdict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found
