"""What comes on an agenda: by hand, from the data, and by itself because it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.models import AgendaItem, Exhibit, Meeting, StepKind, Topic
from collab.permissions import may_take_part
from collab.queries.meetings import next_meeting_of
from collab.services.events import announce, lock_meeting
from datareview.models import Candidate, Flag, Plan
from datareview.permissions import candidates_visible_to, students_of_team, teams_of_student
from datareview.queries.exhibits import may_see
from datareview.services.candidates import mark_on_agenda
from teams.lib.errors import DomainError, StaleEdit
from teams.permissions import can

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.models import Team, User

CANDIDATE_MINUTES = 4
REVIEW_MINUTES = 5
DATA_MINUTES = 8


@transaction.atomic
def propose_candidate(candidate: Candidate, *, actor: User, team: Team) -> AgendaItem:
    """Put a candidate, with the chart of what raised it, on the next agenda of a team that answers for them."""
    if not candidates_visible_to(actor).filter(pk=candidate.pk).exists():
        raise PermissionDenied
    if not (can(actor, "triage", team.school) or may_take_part(actor, team)):
        raise PermissionDenied
    if not teams_of_student(candidate.student).filter(pk=team.pk).exists():
        raise DomainError(_("That team does not work with this student. Choose one that does."))
    mark_on_agenda(candidate, actor=actor)
    topic, _new = Topic.objects.get_or_create(
        team=team,
        candidate=candidate,
        is_closed=False,
        defaults={
            "title": str(candidate.student),
            "kind": Topic.Kind.CANDIDATE,
            "why": candidate.reason,
            "wanted_by": actor,
        },
    )
    item = _visit(
        topic,
        kind=StepKind.DISCUSS,
        minutes=CANDIDATE_MINUTES,
        prompt=candidate.reason,
        outcome=_("A plan, watch until a date, or no action"),
    )
    for view, parameters in exhibits_of(candidate):
        Exhibit.objects.get_or_create(
            item=item, view=view, parameters=parameters, defaults={"added_by": actor}
        )
    return item


def exhibits_of(candidate: Candidate) -> list[tuple[str, dict[str, str]]]:
    """The views that show what raised a candidate, the strongest first, at most two."""
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
def propose_exhibit(
    team: Team, *, actor: User, view: str, parameters: dict[str, str], title: str
) -> AgendaItem:
    """Put a view of the data on the next agenda of ``team``, as an item of its own."""
    if not may_take_part(actor, team) or not may_see(actor, view, parameters):
        raise PermissionDenied
    topic = Topic.objects.create(team=team, title=title[:200], kind=Topic.Kind.DATA, wanted_by=actor)
    item = _visit(
        topic, kind=StepKind.EXPLORE, minutes=DATA_MINUTES, prompt=_("What do we see? Facts first.")
    )
    Exhibit.objects.create(item=item, view=view, parameters=parameters, added_by=actor)
    return item


@transaction.atomic
def propose_review(plan: Plan, *, actor: User | None, team: Team) -> AgendaItem:
    """Put the review of a plan on the next agenda of ``team``, once for each due date."""
    topic, _new = Topic.objects.get_or_create(
        team=team,
        plan=plan,
        due_on=plan.review_on,
        is_closed=False,
        defaults={
            "title": str(plan),
            "kind": Topic.Kind.REVIEW,
            "wanted_by": actor,
            "why": _("The review was set for %(day)s.") % {"day": date_format(plan.review_on, "D j M")},
        },
    )
    item = _visit(
        topic,
        kind=StepKind.DECIDE,
        minutes=REVIEW_MINUTES,
        prompt=_("Did it work? Delivery first, then the line."),
        outcome=_("Continue, change, intensify, fade or end"),
    )
    author = actor or plan.started_by
    Exhibit.objects.get_or_create(
        item=item, view="plan_progress", parameters={"plan": str(plan.uuid)}, defaults={"added_by": author}
    )
    return item


@transaction.atomic
def gather_due(meeting: Meeting) -> int:
    """Bring what is due to a coming meeting: waiting topics, and plans whose review falls on or before its day.

    Open promises need no item: every agenda shows them. Returns how many items came; running twice brings
    nothing twice.
    """
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        return 0
    before = meeting.items.count()
    day = meeting.starts_at.astimezone(meeting.team.school.tz).date()
    plans = (
        Plan.objects.running().filter(review_on__lte=day).select_related("student", "strategy", "started_by")
    )
    own = plans.filter(team=meeting.team) | plans.filter(
        team=None, student__in=students_of_team(meeting.team)
    )
    for plan in own.distinct():
        propose_review(plan, actor=None, team=meeting.team)
    waiting = AgendaItem.objects.filter(topic__team=meeting.team, meeting=None).select_related("topic")
    for item in waiting.order_by("pk"):
        if not AgendaItem.objects.filter(topic=item.topic, meeting=meeting).exists():
            _place(item, meeting)
    return meeting.items.count() - before


def gather_all() -> int:
    """Bring what is due to every coming meeting; what the night does."""
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__gte=timezone.now()).order_by(
        "starts_at"
    )
    seen: set[int] = set()
    count = 0
    for meeting in coming.select_related("team__school"):
        if meeting.team_id not in seen:
            count += gather_due(meeting)
        seen.add(meeting.team_id)
    return count


@transaction.atomic
def add_item(meeting: Meeting, *, actor: User, title: str, minutes: int, outcome: str = "") -> AgendaItem:
    """Add an item of one's own to an agenda that is not minutes yet."""
    meeting = _changeable(meeting, actor)
    topic = Topic.objects.create(team=meeting.team, title=title, wanted_by=actor)
    item = AgendaItem(topic=topic, title=title, minutes=minutes, outcome=outcome)
    _place(item, meeting)
    announce(meeting, actor=actor, kind="item-added", region="agenda")
    return item


@transaction.atomic
def edit_item(
    item: AgendaItem, *, actor: User, was: str, title: str, minutes: int, outcome: str
) -> AgendaItem:
    """Change an item; ``was`` is the title the actor started from, so that nobody's words are overwritten."""
    meeting = _changeable(item.meeting, actor)
    item = AgendaItem.objects.get(pk=item.pk)
    if item.title not in (was, title):
        raise StaleEdit(_("Somebody changed this item while you were writing."), current=item.title)
    item.title, item.minutes, item.outcome = title, minutes, outcome
    item.save(update_fields=["title", "minutes", "outcome"])
    announce(meeting, actor=actor, kind="item-edited", region="agenda")
    return item


@transaction.atomic
def move_item(item: AgendaItem, *, actor: User, by: int) -> None:
    """Move an item ``by`` places down (or up, when negative)."""
    meeting = _changeable(item.meeting, actor)
    order = list(meeting.items.order_by("position", "pk"))
    index = next(place for place, other in enumerate(order) if other.pk == item.pk)
    order.insert(max(0, min(len(order) - 1, index + by)), order.pop(index))
    _renumber(order)
    announce(meeting, actor=actor, kind="items-moved", region="agenda")


@transaction.atomic
def remove_item(item: AgendaItem, *, actor: User) -> None:
    """Take an item off an agenda: its topic waits for the next meeting; a protocol's step is simply gone."""
    meeting = _changeable(item.meeting, actor)
    if item.state != AgendaItem.State.WAITING:
        raise DomainError(_("An item that was begun stays in the minutes."))
    if item.topic.kind == Topic.Kind.STEP:
        item.delete()
    else:
        item.meeting = None
        item.save(update_fields=["meeting"])
    announce(meeting, actor=actor, kind="item-removed", region="agenda")


def _changeable(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("These are minutes now; they do not change."))
    return meeting


def _visit(topic: Topic, **fields: Any) -> AgendaItem:
    """The open visit of ``topic``; made on the next meeting's agenda, or waiting when there is none."""
    meeting = next_meeting_of(topic.team)
    known = AgendaItem.objects.filter(topic=topic, state__in=["waiting", "current"])
    item = (known.filter(meeting=meeting) | known.filter(meeting=None)).first()
    item = item or AgendaItem(topic=topic, title=topic.title, **fields)
    if meeting and item.meeting_id != meeting.pk:
        meeting = lock_meeting(meeting)
        _place(item, meeting)
        announce(meeting, actor=None, kind="item-added", region="agenda")
    elif not item.pk:
        item.save()
    return item


def _place(item: AgendaItem, meeting: Meeting) -> None:
    """Put ``item`` at its place: talk about students before the closing steps, everything else at the end."""
    closing = meeting.items.filter(kind__in=[StepKind.PLAN, StepKind.REFLECT], topic__kind=Topic.Kind.STEP)
    before = closing.order_by("position", "pk").first()
    order = list(meeting.items.order_by("position", "pk"))
    item.meeting = meeting
    item.position = (meeting.items.aggregate(last=Max("position"))["last"] or 0) + 10
    item.save()
    if before:
        order.insert(order.index(before), item)
        _renumber(order)


def _renumber(order: Iterable[AgendaItem]) -> None:
    for place, item in enumerate(order, start=1):
        if item.position != place * 10:
            item.position = place * 10
            item.save(update_fields=["position"])
