"""What an item of the live room is about, with what can be done about it right there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from collab.actions.permissions import may_change
from collab.actions.queries.actions import carried_actions, next_due
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.meetings.models import Meeting
from collab.protocols.models import ReservedFor, StepKind
from datareview.plans.permissions import plans_visible_to
from datareview.progress.queries.plan_page import plan_page

if TYPE_CHECKING:
    import datetime as dt

    from collab.actions.models import Action
    from datareview.plans.models import Plan
    from datareview.progress.models import Review
    from datareview.progress.queries.plan_page import PlanPage
    from teams.directory.models import Norm, User


@dataclass(frozen=True, slots=True)
class PlanReview:
    """A plan to review: its page, and what was decided about it in this meeting."""

    page: PlanPage
    decided: Review | None


@dataclass(frozen=True, slots=True)
class NextAgenda:
    """The team's next meeting, with the titles of its topics that the reader may see."""

    meeting: Meeting
    titles: list[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about. ``actions`` are pairs of an earlier action item and whether the reader may move it."""

    actions: list[tuple[Action, bool]] = field(default_factory=list)
    carry_to: dt.date | None = None
    norms: list[Norm] = field(default_factory=list)
    review: PlanReview | None = None
    next_agenda: NextAgenda | None = None


def reviews_actions(item: AgendaItem | None) -> bool:
    """Whether ``item`` is the step in which a meeting goes through earlier action items."""
    return bool(item and item.topic.kind == Topic.Kind.STEP and item.reserved_for == ReservedFor.CHECKS)


def subject_of(
    user: User, item: AgendaItem, meeting: Meeting, *, figures_wait: bool, opens: bool = False
) -> Subject:
    """The subject of ``item``, which the user may read. While figures wait for predictions, a review waits too.

    The step that ``opens`` the meeting shows the norms, if it informs.
    """
    if reviews_actions(item):
        found = carried_actions(user, meeting)
        return Subject(
            actions=[(action, may_change(user, action)) for action in found], carry_to=next_due(meeting.team)
        )
    if item.topic.kind == Topic.Kind.STEP and item.kind == StepKind.REFLECT:
        return Subject(next_agenda=_next_agenda(user, item, meeting))
    opening = opens and item.topic.kind == Topic.Kind.STEP and item.kind == StepKind.INFORM
    if opening or item.topic.kind == Topic.Kind.NORMS:
        prefetch_related_objects([meeting.team], "norms")  # the head of the room shows one of them
        return Subject(norms=list(meeting.team.norms.all()))
    if item.topic.kind == Topic.Kind.REVIEW and item.topic.plan_id and not figures_wait:
        return Subject(review=_review(user, item.topic.plan_id, meeting))
    return Subject()


def _next_agenda(user: User, item: AgendaItem, meeting: Meeting) -> NextAgenda | None:
    """The next agenda, if ``item`` is the last of its meeting and another one is planned."""
    if meeting.items.filter(position__gt=item.position).exists():
        return None
    later = Meeting.objects.filter(
        team=meeting.team_id, state=Meeting.State.PLANNED, starts_at__gt=meeting.starts_at
    )
    found = later.order_by("starts_at", "pk").select_related("team__school").first()
    if found is None:
        return None
    topics = items_visible_to(user).filter(meeting=found).exclude(topic__kind=Topic.Kind.STEP)
    return NextAgenda(found, list(topics.order_by("position", "pk").values_list("title", flat=True)))


def _review(user: User, plan_id: int, meeting: Meeting) -> PlanReview | None:
    rows = plans_visible_to(user).select_related(
        "student__school", "measure", "strategy", "provider__user", "team"
    )
    plan: Plan | None = rows.filter(pk=plan_id).first()
    if plan is None:
        return None
    page = plan_page(user, plan)
    since = meeting.started_at
    standing = (one for one in page.reviews if one.undone_at is None)
    decided = next((one for one in standing if since and one.created_at >= since), None)
    return PlanReview(page, decided)
