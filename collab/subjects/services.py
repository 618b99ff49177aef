"""Decide a plan's review in the meeting, on the item that is about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from collab.agendas.services.locking import authorize_and_lock
from collab.meetings.models import EventKind, Region
from collab.meetings.services.locking import announce
from datareview.progress.services.reviews import review_plan

if TYPE_CHECKING:
    import datetime as dt

    from collab.agendas.models import AgendaItem
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
) -> Review:
    """Record what the team decides about the plan that ``item`` reviews; the other screens show it."""
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
        despite=True,  # the team has the chart before it
    )
    announce(meeting, actor=actor, kind=EventKind.DECIDED, region=Region.ITEM, item=str(item.uuid))
    return review
