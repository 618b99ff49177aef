"""Whether a review can be undone, and what stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.plans.models import Plan
from datareview.progress.models import PhaseChange, Review

if TYPE_CHECKING:
    from collections.abc import Sequence


def obstacle_to_undo(review: Review, plan: Plan, newest: Review | None) -> str:
    """Why ``review`` cannot be undone, or "": something that it changed was changed again.

    ``newest`` is the newest review of ``plan`` that was not undone.
    """
    changed = review.changed
    if changed is None:
        return _("This review was saved without what it changed. Reopen or change the plan instead.")
    if newest != review:
        return _("Only the newest review of a plan can be undone.")
    next_review_on = None if plan.state == Plan.State.ENDED else plan.review_on.isoformat()
    if changed["next"] != next_review_on:
        return _("The plan was changed since this review. Review it again.")
    if "line" not in changed:
        return ""
    line = PhaseChange.objects.filter(plan=plan, changed_on=changed["line_on"]).first()
    if line is None or line.what != changed["line"]:
        return _("The plan was changed since this review. Review it again.")
    return ""


def undoable_review(plan: Plan, reviews: Sequence[Review]) -> Review | None:
    """The newest of ``reviews`` (newest first) of ``plan`` that was not undone, if it can be."""
    newest = next((one for one in reviews if one.undone_at is None), None)
    return newest if newest and not obstacle_to_undo(newest, plan, newest) else None
