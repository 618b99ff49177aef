"""What the preparation itself brings to a team's queue: what people put there, reviews, results, students."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.agendas.services.placement import place_item
from collab.preparation.queries.sources import Entry, Rank, Source
from collab.preparation.services.entries import place_topic
from collab.preparation.services.proposals import (
    CANDIDATE_MINUTES,
    REVIEW_MINUTES,
    propose_candidate,
    propose_review,
)
from collab.protocols.models import Capture, ReservedFor, StepKind
from datareview.flags.models import Candidate, Severity
from datareview.flags.permissions import candidates_visible_to
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import Assessment
from datareview.records.permissions import students_of_team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import Search
    from teams.directory.models import User

FRESH = dt.timedelta(days=30)  # older results wait for somebody who wants them


class Waiting(Source[AgendaItem]):
    """What people put there: parked, carried over, sent from a page."""

    kind, label, rank = "waiting", gettext_lazy("put here"), Rank.ASKED

    def entries(self, search: Search) -> Iterator[Entry[AgendaItem]]:
        """Yield items that wait for a meeting, the oldest first."""
        rows = AgendaItem.objects.filter(topic__team=search.team, topic__is_closed=False, meeting=None)
        if search.user:
            rows = rows.filter(pk__in=items_visible_to(search.user).values("pk"))
        for item in rows.select_related("topic", "owner__user").order_by("pk"):
            why = item.topic.why or _("Waits since %(day)s.") % {"day": search.day_of(item.created_at)}
            yield Entry(self, item, item.title, why, item.minutes, _holds_of(item.topic), topic=item.topic)

    def place(self, entry: Entry[AgendaItem], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Put the item itself on the agenda."""
        place_item(entry.subject, meeting, reserved_for=entry.reserved_for)
        return entry.subject


class Reviews(Source[Plan]):
    """Plans whose review is due."""

    kind, label, rank = "review", gettext_lazy("plan review"), Rank.DUE
    minutes, topic_kind, reserved_for, is_dated = REVIEW_MINUTES, Topic.Kind.REVIEW, ReservedFor.REVIEWS, True

    def entries(self, search: Search) -> Iterator[Entry[Plan]]:
        """Yield plans of the team, or of its students if no team has them."""
        team = search.team
        rows = Plan.objects.running().filter(review_on__lte=search.day)
        rows = rows.filter(team=team) | rows.filter(team=None, student__in=students_of_team(team))
        if search.user:
            rows = rows.filter(pk__in=plans_visible_to(search.user).values("pk"))
        spoken = Topic.objects.filter(
            team=team, plan=OuterRef("pk"), due_on=OuterRef("review_on"), is_closed=False
        )
        rows = rows.filter(~Exists(spoken)).select_related("student", "strategy", "started_by").distinct()
        for plan in rows.order_by("review_on", "pk"):
            yield self.entry(
                search,
                plan,
                str(plan),
                _("The review was set for %(day)s.") % {"day": date_format(plan.review_on, "D j M")},
                url=plan.get_absolute_url(),
                due_on=plan.review_on,
                is_urgent=plan.review_on < search.today,
            )

    def place(self, entry: Entry[Plan], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Propose the review to the meeting."""
        return propose_review(entry.subject, actor=actor, team=meeting.team, meeting=meeting)


class Results(Source[Assessment]):
    """What was given this school year and never looked at; it does not fall off with time."""

    kind, label, rank = "result", gettext_lazy("results"), Rank.NEW
    minutes, topic_kind, reserved_for = 10, Topic.Kind.DATA, ReservedFor.RESULTS

    def entries(self, search: Search) -> Iterator[Entry[Assessment]]:
        """Yield assessments with answers, the newest first."""
        since = search.team.school.year_start(search.day)
        rows = Assessment.objects.filter(team=search.team, given_on__range=(since, search.day))
        spoken = Topic.objects.filter(assessment=OuterRef("pk"))
        rows = rows.filter(~Exists(spoken), items__responses__isnull=False).distinct()
        for row in rows.order_by("-given_on", "-pk"):
            yield self.entry(
                search,
                row,
                _("Results: %(title)s") % {"title": row.title},
                _("Given on %(day)s; the team has not looked at it yet.")
                % {"day": date_format(row.given_on, "j M")},
                due_on=row.given_on,
            )

    def comes_by_itself(self, entry: Entry[Assessment], day: dt.date) -> bool:
        """Return whether the results are fresh: older ones wait for somebody who wants them."""
        return entry.due_on is not None and entry.due_on >= day - FRESH

    def place(self, entry: Entry[Assessment], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Make them a topic that ends with a cause."""
        return place_topic(
            entry,
            meeting,
            actor,
            kind=Topic.Kind.DATA,
            step=StepKind.EXPLORE,
            capture=Capture.CAUSE,
            assessment=entry.subject,
        )


class Candidates(Source[Candidate]):
    """Students who are new, and those whom a team spoke of without deciding anything."""

    kind, label, rank = "candidate", gettext_lazy("student"), Rank.NEW
    minutes, topic_kind, reserved_for = CANDIDATE_MINUTES, Topic.Kind.CANDIDATE, ReservedFor.STUDENTS

    def entries(self, search: Search) -> Iterator[Entry[Candidate]]:
        """Yield candidates of the team's students, the most severe first."""
        topics = Topic.objects.filter(candidate=OuterRef("pk"))
        here, open_ones = topics.filter(team=search.team), topics.filter(is_closed=False)
        rows = Candidate.objects.filter(student__in=students_of_team(search.team))
        if search.user:
            rows = rows.filter(pk__in=candidates_visible_to(search.user).values("pk"))
        new = rows.filter(~Exists(here.filter(is_closed=False)), state=Candidate.State.NEW)
        undecided = rows.filter(Exists(here), ~Exists(open_ones), state=Candidate.State.ON_AGENDA)
        rows = (new | undecided).select_related("student").order_by("-severity", "raised_on", "pk")
        for row in rows:
            why = row.reason
            if row.state == Candidate.State.ON_AGENDA:
                why = _("%(reason)s Talked about already, nothing is decided.") % {"reason": row.reason}
            yield self.entry(
                search,
                row,
                str(row.student),
                why,
                url=row.get_absolute_url(),
                due_on=row.raised_on,
                is_urgent=row.severity >= Severity.SEVERE,
            )

    def comes_by_itself(self, entry: Entry[Candidate], day: dt.date) -> bool:
        """Never: that a child is spoken of is somebody's decision."""
        return False

    def place(self, entry: Entry[Candidate], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Propose the student to the meeting."""
        if actor is None:
            raise PermissionDenied
        return propose_candidate(entry.subject, actor=actor, team=meeting.team, meeting=meeting)


SOURCES = (Waiting(), Reviews(), Results(), Candidates())


def _holds_of(topic: Topic) -> str:
    kinds = {
        Topic.Kind.CANDIDATE: ReservedFor.STUDENTS,
        Topic.Kind.REVIEW: ReservedFor.REVIEWS,
        Topic.Kind.DATA: ReservedFor.RESULTS,
        Topic.Kind.CHECK: ReservedFor.CHECKS,
        Topic.Kind.ANSWER: ReservedFor.CHECKS,
    }
    return str(kinds.get(Topic.Kind(topic.kind), ReservedFor.NOTHING))
