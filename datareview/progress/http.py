"""The plan that a page is about, where a decision leads, and the review that a user has just made, to undo it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from datareview.plans.permissions import may_review, plans_visible_to
from datareview.progress.permissions import reviews_visible_to
from datareview.progress.queries.undoing import undoable_review
from teams.lib import clock

if TYPE_CHECKING:
    from uuid import UUID

    from datareview.plans.models import Plan
    from datareview.progress.models import Review
    from teams.lib.requests import SchoolRequest

LAST_REVIEWED = "plan_reviewed"  # in the session
UNDO_SHOWN = dt.timedelta(minutes=10)


def desk_page(query: str) -> str:
    """The desk at the line that ``query`` names: the one after what has just been decided."""
    query = QueryDict(query).urlencode()
    return reverse("datareview:desk-show") + (f"?{query}" if query else "")


def just_reviewed(request: SchoolRequest) -> Review | None:
    """The review that the user made a moment ago in this session, if it can be undone."""
    if not (uuid := request.session.get(LAST_REVIEWED)):
        return None
    rows = reviews_visible_to(request.user).filter(uuid=uuid, decided_by=request.user)
    recent = rows.filter(created_at__gte=clock.now() - UNDO_SHOWN)
    review: Review | None = recent.select_related("plan__student__school", "plan__strategy").first()
    if review is None or not may_review(request.user, review.plan):
        return None
    newest = review.plan.reviews.standing().order_by("-pk")[:1]
    return review if undoable_review(review.plan, list(newest)) == review else None


def visible_plan(request: SchoolRequest, uuid: UUID) -> Plan:
    """The plan if the user may see its student, otherwise 404."""
    rows = plans_visible_to(request.user).select_related(
        "student__school", "strategy", "provider__user", "measure", "team__school", "candidate"
    )
    return get_object_or_404(rows, uuid=uuid)
