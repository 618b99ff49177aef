"""Queue sources of the preparation area: items people added, plan reviews, results and candidates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.agendas.services.placement import place_item
from collab.findings.queries.results import results_in_words
from collab.preparation.queries.sources import QueueEntry, Rank, Source, sources
from collab.preparation.services.entries import place_topic
from collab.proposals.services import (
    CANDIDATE_MINUTES,
    REVIEW_MINUTES,
    propose_candidate,
    propose_review,
)
from collab.protocols.models import Capture, ReservedFor, StepKind
from datareview.flags.models import Candidate, Severity
from datareview.flags.permissions import candidates_visible_to
from datareview.looks.queries import state_in_words, with_state
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import Assessment, Sitting
from datareview.records.permissions import students_of_team
from teams.access.conditions import one_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Team
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import QueueRequest
    from teams.directory.models import User

FRESH = dt.timedelta(days=30)  # older results are added only by people


class Waiting(Source[AgendaItem]):
    """Items added by people: parked, carried over, or sent from a page."""

    kind, label, rank = "waiting", gettext_lazy("added by the team"), Rank.ASKED

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[AgendaItem]]:
        """Yield items waiting for a meeting, oldest first."""
        items: list[Any] = list(prepared_rows(_waiting_items, request.team.pk, reader_of(request.user)))
        results = results_in_words(items)
        for item in items:
            waits = _("Waiting since %(day)s.") % {"day": request.day_of(item.created_at)}
            why = results.get(item.pk) or item.topic.why or waits
            origin = _origin_of(item.topic)
            yield QueueEntry(
                self,
                item,
                item.title,
                why,
                item.minutes,
                _reserved_for(item.topic),
                is_urgent=item.is_severe or _is_overdue(item.topic, origin, request.today),
                topic=item.topic,
                origin=origin,
            )

    def place(self, entry: QueueEntry[AgendaItem], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Move the waiting item to the agenda."""
        place_item(entry.subject, meeting, reserved_for=entry.reserved_for)
        return entry.subject


class Reviews(Source[Plan]):
    """Plans with a review due."""

    kind, label, rank = "review", gettext_lazy("plan review"), Rank.DUE
    minutes, topic_kind, reserved_for, is_dated = REVIEW_MINUTES, Topic.Kind.REVIEW, ReservedFor.REVIEWS, True

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Plan]]:
        """Yield plans of the team, and plans of its students that belong to no team."""
        team, reader = request.team, reader_of(request.user)
        for plan in prepared_rows(
            _plans_to_review, team.pk, team.school_id, team.cohort, request.day, reader
        ):
            yield self.entry(
                request,
                plan,
                str(plan),
                _("Review date: %(day)s.") % {"day": formats.day(plan.review_on)},
                url=plan.get_absolute_url(),
                due_on=plan.review_on,
                is_urgent=plan.review_on < request.today,
            )

    def place(self, entry: QueueEntry[Plan], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Propose the review for the meeting."""
        return propose_review(entry.subject, actor=actor, team=meeting.team, meeting=meeting)


class Results(Source[Assessment]):
    """Assessments of this school year that the team has not discussed. They do not expire."""

    kind, label, rank = "result", gettext_lazy("results"), Rank.NEW
    minutes, topic_kind, reserved_for = 10, Topic.Kind.DATA, ReservedFor.RESULTS

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Assessment]]:
        """Yield assessments that somebody sat, newest first."""
        since = request.team.school.year_start(request.day)
        for row in prepared_rows(_new_results, request.team.pk, since, request.day):
            yield self.entry(
                request,
                row,
                _("Results: %(title)s") % {"title": row.title},
                state_in_words(row),
                url=row.get_absolute_url(),
                due_on=row.given_on,
            )

    def may_add_automatically(self, entry: QueueEntry[Assessment], day: dt.date) -> bool:
        """Return whether the results are recent. Older ones are added only by people."""
        return entry.due_on is not None and entry.due_on >= day - FRESH

    def place(self, entry: QueueEntry[Assessment], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Create a topic that ends with a cause. How far the results are is not kept, as the agenda says it anew."""
        given = _("Given on %(day)s.") % {"day": formats.short_day(entry.subject.given_on)}
        return place_topic(
            replace(entry, why=given),
            meeting,
            actor,
            kind=Topic.Kind.DATA,
            step=StepKind.EXPLORE,
            capture=Capture.CAUSE,
            assessment=entry.subject,
        )


class Candidates(Source[Candidate]):
    """New candidates, and those a team discussed without a decision; one entry a student, with all reasons."""

    kind, label, rank = "candidate", gettext_lazy("student"), Rank.NEW
    minutes, topic_kind, reserved_for = CANDIDATE_MINUTES, Topic.Kind.CANDIDATE, ReservedFor.STUDENTS

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Candidate]]:
        """Yield candidates among the team's students, most severe first."""
        team, reader = request.team, reader_of(request.user)
        of_student: dict[int, list[Candidate]] = {}
        for row in prepared_rows(_open_candidates, team.pk, team.school_id, team.cohort, reader):
            of_student.setdefault(row.student_id, []).append(row)
        for rows in of_student.values():
            first = min(rows, key=lambda row: row.pk)  # its key stays when another becomes more severe
            yield self.entry(
                request,
                first,
                str(first.student),
                " ".join(_why(row) for row in rows),
                url=rows[0].get_absolute_url(),
                due_on=min(row.raised_on for row in rows),
                is_urgent=rows[0].severity >= Severity.SEVERE,
            )

    def may_add_automatically(self, entry: QueueEntry[Candidate], day: dt.date) -> bool:
        """Return False: discussing a child is always a person's decision."""
        return False

    def place(self, entry: QueueEntry[Candidate], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Propose the student for the meeting, with all candidates that are open."""
        if actor is None:
            raise PermissionDenied
        team, first = meeting.team, entry.subject
        item = propose_candidate(first, actor=actor, team=team, meeting=meeting)
        rows = _open_candidates(team.pk, team.school_id, team.cohort, actor)
        for row in rows.filter(student=first.student_id).exclude(pk=first.pk):
            item = propose_candidate(row, actor=actor, team=team, meeting=meeting)
        return item


def _origin_of(topic: Topic) -> Source | None:
    """Return the source that ``topic`` was taken from, None for what people wrote themselves."""
    if not (topic.candidate_id or topic.plan_id or topic.decision_id or topic.assessment_id):
        return None
    return next((source for source in sources() if source.topic_kind == topic.kind), None)


def _is_overdue(topic: Topic, origin: Source | None, today: dt.date) -> bool:
    return bool(origin and origin.is_dated and topic.due_on and topic.due_on < today)


# What is read, with a team and a day, and a reader or None (`teams.access.readers`).


def _waiting_items(team_id: int, reader: User | None) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.filter(topic__team=team_id, topic__is_closed=False, meeting=None)
    if reader:
        rows = rows.filter(one_of(items_visible_to(reader)))
    about = Candidate.objects.filter(Q(topics=OuterRef("topic")) | Q(joined_topics=OuterRef("topic")))
    severe = Exists(about.filter(severity__gte=Severity.SEVERE))
    return rows.annotate(is_severe=severe).select_related("topic", "owner__user").order_by("pk")


def _plans_to_review(
    team_id: int, school_id: int, cohort: str, day: dt.date, reader: User | None
) -> QuerySet[Plan]:
    students = students_of_team(Team(pk=team_id, school_id=school_id, cohort=cohort))
    rows = Plan.objects.running().filter(review_on__lte=day)
    rows = rows.filter(team=team_id) | rows.filter(team=None, student__in=students)
    if reader:
        rows = rows.filter(one_of(plans_visible_to(reader)))
    on_agenda = Topic.objects.filter(
        team=team_id, plan=OuterRef("pk"), due_on=OuterRef("review_on"), is_closed=False
    )
    rows = rows.filter(~Exists(on_agenda)).select_related("student", "strategy", "started_by").distinct()
    return rows.order_by("review_on", "pk")


def _new_results(team_id: int, since: dt.date, day: dt.date) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(team=team_id, given_on__range=(since, day), deleted_at=None)
    on_agenda = Topic.objects.filter(assessment=OuterRef("pk"))
    sat = Sitting.objects.filter(assessment=OuterRef("pk"), is_absent=False)
    rows = with_state(rows.filter(~Exists(on_agenda), Exists(sat)))
    return rows.order_by("-given_on", "-pk")


def _open_candidates(team_id: int, school_id: int, cohort: str, reader: User | None) -> QuerySet[Candidate]:
    topics = Topic.objects.filter(Q(candidate=OuterRef("pk")) | Q(joined=OuterRef("pk")))
    here, open_ones = topics.filter(team=team_id), topics.filter(is_closed=False)
    students = students_of_team(Team(pk=team_id, school_id=school_id, cohort=cohort))
    rows = Candidate.objects.filter(student__in=students)
    if reader:
        rows = rows.filter(one_of(candidates_visible_to(reader)))
    new = rows.filter(~Exists(here.filter(is_closed=False)), state=Candidate.State.NEW)
    undecided = rows.filter(Exists(here), ~Exists(open_ones), state=Candidate.State.ON_AGENDA)
    return (new | undecided).select_related("student").order_by("-severity", "raised_on", "pk")


def _why(candidate: Candidate) -> str:
    if candidate.state == Candidate.State.ON_AGENDA:
        return _("%(reason)s Already discussed, not decided yet.") % {"reason": candidate.said}
    return candidate.said


SOURCES = (Waiting(), Reviews(), Results(), Candidates())


def _reserved_for(topic: Topic) -> str:
    kinds = {
        Topic.Kind.CANDIDATE: ReservedFor.STUDENTS,
        Topic.Kind.REVIEW: ReservedFor.REVIEWS,
        Topic.Kind.DATA: ReservedFor.RESULTS,
        Topic.Kind.CHECK: ReservedFor.CHECKS,
        Topic.Kind.ANSWER: ReservedFor.CHECKS,
        Topic.Kind.NORMS: ReservedFor.CHECKS,
    }
    return str(kinds.get(Topic.Kind(topic.kind), ReservedFor.NOTHING))
