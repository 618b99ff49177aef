"""Decide a plan's review in the meeting, on the item that is about it; show there that it was undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from collab.agendas.models import AgendaItem
from collab.agendas.services.locking import authorize_and_lock
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.services.locking import announce, lock_meeting
from datareview.family_steps.services import NewStep
from datareview.progress.services.reviews import review_plan

if TYPE_CHECKING:
    import datetime as dt

    from datareview.progress.models import Review
    from teams.directory.models import User


@transaction.atomic
def decide_review(
    item: AgendaItem,
    *,
    actor: User,
    decision: str,
    reason: str,
    next_review_on: dt.date | None,
    what_changes: str,
    due_on: dt.date,
    family_how: str = "",
    family_on: dt.date | None = None,
    family_said: str = "",
) -> Review:
    """Record what the team decides about the plan that ``item`` reviews; the other screens show it.

    ``family_how``, ``family_on`` and ``family_said`` are a family step, if there is one.
    """
    meeting = authorize_and_lock(item, actor)
    if item.topic.plan is None:
        raise PermissionDenied
    review = review_plan(
        item.topic.plan,
        actor=actor,
        decision=decision,
        reason=reason,
        next_review_on=next_review_on,
        what_changes=what_changes,
        due_on=due_on,
        family=NewStep(family_how, family_said, family_on) if family_how else None,
        despite=True,  # the team has the chart before it
    )
    announce(meeting, actor=actor, kind=EventKind.DECIDED, region=Region.ITEM, item=str(item.uuid))
    return review


@transaction.atomic
def show_review_again(plan_id: int) -> None:
    """Let open rooms that review a plan read it again, since a review of it was undone."""
    items = AgendaItem.objects.filter(state=AgendaItem.State.CURRENT, topic__plan=plan_id)
    for item in items.filter(meeting__state=Meeting.State.LIVE).select_related("meeting"):
        meeting = lock_meeting(item.agenda_meeting)
        announce(meeting, actor=None, kind=EventKind.DECIDED, region=Region.ITEM, item=str(item.uuid))
