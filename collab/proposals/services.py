"""Propose a candidate, a plan review or a chart for a team's next agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.agendas.queries.durations import typical_durations
from collab.agendas.services.exhibits import check_team
from collab.agendas.services.placement import place_item
from collab.meetings.models import EventKind, Region
from collab.meetings.queries.meetings import next_meeting_of
from collab.meetings.services.locking import announce, lock_meeting, lock_team
from collab.proposals.permissions import may_propose_review
from collab.protocols.models import Capture, ReservedFor, StepKind
from datareview.dashboards.queries.exhibits import may_see, title_of
from datareview.flags.models import Candidate, Flag
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.services.candidates import mark_on_agenda
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.permissions import teams_of_student
from teams.access.permissions import can, may_take_part
from teams.lib import clock, formats
from teams.lib.errors import DomainError
from teams.lib.hidden_names import real_names

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from teams.directory.models import Team, User

# Default minutes, until the team's own meetings show typical ones. A lead can change them on the agenda.
DATA_MINUTES, CANDIDATE_MINUTES, REVIEW_MINUTES = 8, 4, 5


@transaction.atomic
def propose_candidate(
    candidate: Candidate, *, actor: User, team: Team, meeting: Meeting | None = None
) -> AgendaItem:
    """Add a candidate, with charts of what raised it, to the next agenda of a team that works with the student.

    If the team has an open item about the student already, the candidate joins it: one student, one item.
    """
    if not candidates_visible_to(actor).filter(pk=candidate.pk).exists():
        raise PermissionDenied
    if not (can(actor, "triage", team.school) or may_take_part(actor, team)):
        raise PermissionDenied
    if not teams_of_student(candidate.student).filter(pk=team.pk).exists():
        raise DomainError(_("That team doesn’t work with this student. Choose a team that does."))
    lock_team(team)  # two candidates of a student that are proposed at once become one topic
    mark_on_agenda(candidate, actor=actor)
    topic = _topic_about(candidate, team, actor)
    item = _open_item_of(
        topic,
        meeting,
        reserved_for=ReservedFor.STUDENTS,
        kind=StepKind.DISCUSS,
        minutes=typical_durations(team).kinds.get(Topic.Kind.CANDIDATE, CANDIDATE_MINUTES),
        prompt=topic.why,
        outcome=_("A plan, watch until a date, or no action"),
        ask=_("What do you see in your lessons, and what has helped?"),
    )
    if (
        item.prompt != topic.why and candidate.said not in item.prompt
    ):  # it was on the agenda before this one joined
        item.prompt = f"{item.prompt} {candidate.said}".strip()[:400]
        item.changed_at = clock.now()
        item.save(update_fields=["prompt", "changed_at"])
    for view, parameters in candidate_views(candidate):
        Exhibit.objects.get_or_create(
            item=item, view=view, parameters=parameters, defaults={"added_by": actor}
        )
    return item


def _topic_about(candidate: Candidate, team: Team, actor: User) -> Topic:
    """The team's open topic about the candidate's student, which the candidate joins; or a new one."""
    topics = Topic.objects.select_for_update(of=("self",), no_key=True).filter(team=team, is_closed=False)
    topics = topics.filter(candidate__student=candidate.student_id).order_by("pk")
    topic = topics.filter(candidate=candidate).first() or topics.first()
    if topic is None:
        return Topic.objects.create(
            team=team,
            candidate=candidate,
            title=candidate.student.full_name,
            kind=Topic.Kind.CANDIDATE,
            why=candidate.said,
            wanted_by=actor,
        )
    if topic.candidate_id != candidate.pk and not topic.joined.filter(pk=candidate.pk).exists():
        topic.joined.add(candidate)
        topic.why = f"{topic.why} {candidate.said}".strip()[:400]
        topic.save(update_fields=["why"])
    return topic


def candidate_views(candidate: Candidate) -> list[tuple[str, dict[str, str]]]:
    """Views that show what raised a candidate, most severe first, at most two."""
    student = str(candidate.student.uuid)
    views: list[tuple[str, dict[str, str]]] = []
    for flag in (
        candidate.flags.filter(state=Flag.State.OPEN).select_related("rule__measure").order_by("-severity")
    ):
        if flag.rule.measure:
            views.append(("student_measure", {"student": student, "measure": str(flag.rule.measure.uuid)}))
        elif flag.domain == "attendance":
            views.append(("student_attendance", {"student": student}))
    return views[:2]


@transaction.atomic
def propose_exhibit(team: Team, *, actor: User, view: str, parameters: dict[str, str]) -> AgendaItem:
    """Add a chart to the next agenda of ``team`` as a new item."""
    if not may_take_part(actor, team):
        raise PermissionDenied
    with real_names():
        title = title_of(view, parameters)  # raises if there is no such chart
    if not may_see(actor, view, parameters):
        raise PermissionDenied
    check_team(team, view, parameters)
    topic = Topic.objects.create(team=team, title=title[:200], kind=Topic.Kind.DATA, wanted_by=actor)
    item = _open_item_of(
        topic,
        reserved_for=ReservedFor.RESULTS,
        kind=StepKind.EXPLORE,
        capture=Capture.CAUSE,
        minutes=DATA_MINUTES,
        prompt=_("What do we see? Facts first."),
    )
    Exhibit.objects.create(item=item, view=view, parameters=parameters, added_by=actor)
    return item


@transaction.atomic
def propose_review(
    plan: Plan, *, actor: User | None, team: Team, meeting: Meeting | None = None
) -> AgendaItem:
    """Add a plan's review to the next agenda of a team that works with the student, once for each due date.

    ``actor`` None is the nightly task.
    """
    if actor and not plans_visible_to(actor).filter(pk=plan.pk).exists():
        raise PermissionDenied
    if actor and not may_propose_review(actor, team):
        raise PermissionDenied
    if team.pk != plan.team_id and not teams_of_student(plan.student).filter(pk=team.pk).exists():
        raise DomainError(_("That team doesn’t work with this student. Choose a team that does."))
    if not Plan.objects.running().filter(pk=plan.pk).exists():
        raise DomainError(_("This plan has ended, so there is nothing to review."))
    topic, _new = Topic.objects.get_or_create(
        team=team,
        plan=plan,
        due_on=plan.review_on,
        is_closed=False,
        defaults={
            "title": plan.full_title,
            "kind": Topic.Kind.REVIEW,
            "wanted_by": actor,
            "why": _("Review date: %(day)s.") % {"day": formats.day(plan.review_on)},
        },
    )
    item = _open_item_of(
        topic,
        meeting,
        reserved_for=ReservedFor.REVIEWS,
        kind=StepKind.DECIDE,
        minutes=typical_durations(team).kinds.get(Topic.Kind.REVIEW, REVIEW_MINUTES),
        prompt=_("Did it work? Delivery first, then the trend."),
        outcome=_("Continue, change, intensify, fade or end"),
    )
    author = actor or plan.started_by
    Exhibit.objects.get_or_create(
        item=item, view="plan_progress", parameters={"plan": str(plan.uuid)}, defaults={"added_by": author}
    )
    return item


def _open_item_of(
    topic: Topic, meeting: Meeting | None = None, *, reserved_for: str = "", **fields: Any
) -> AgendaItem:
    """The open agenda item of ``topic``: on ``meeting``'s or the next agenda, or in the queue if there is none.

    If the live meeting has finished the topic already, the item waits for the next one.
    """
    meeting = meeting or next_meeting_of(topic.team)
    visits = AgendaItem.objects.filter(topic=topic, meeting=meeting)
    if meeting and visits.exclude(state__in=["waiting", "current"]).exists():
        meeting = None
    known = AgendaItem.objects.filter(topic=topic, state__in=["waiting", "current"])
    item = (known.filter(meeting=meeting) | known.filter(meeting=None)).first()
    item = item or AgendaItem(topic=topic, title=topic.title, **fields)
    if meeting and item.meeting_id != meeting.pk:
        meeting = lock_meeting(meeting)
        place_item(item, meeting, reserved_for=reserved_for)
        announce(meeting, actor=None, kind=EventKind.ITEM_ADDED, region=Region.AGENDA)
    elif not item.pk:
        item.save()
    return item
