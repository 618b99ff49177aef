"""What happened about a student: plans, reviews and decisions, by the school's days."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.flags.models import Candidate

if TYPE_CHECKING:
    from datareview.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a student's history."""

    on: dt.date
    what: str
    text: str
    url: str


def history_of(plans: list[Plan], candidates: list[Candidate], tz: dt.tzinfo) -> list[Moment]:
    """Plans, reviews and decisions about a student by the school's days, newest first."""
    moments = []
    for plan in plans:
        moments.append(Moment(plan.starts_on, _("Plan started"), str(plan.strategy), plan.get_absolute_url()))
        if plan.ended_on:
            moments.append(
                Moment(plan.ended_on, _("Plan ended"), plan.get_outcome_display(), plan.get_absolute_url())
            )
        for review in plan.reviews.all():
            text = f"{review.get_decision_display()}: {review.reason}"
            on = review.created_at.astimezone(tz).date()
            moments.append(Moment(on, _("Review"), text, plan.get_absolute_url()))
    begun = {plan.candidate_id for plan in plans}
    for candidate in candidates:
        if candidate.decided_at is None or (
            candidate.state == Candidate.State.PLAN and candidate.pk in begun
        ):
            continue  # the plan stands above
        text = f"{candidate.get_state_display()}. {candidate.decision_note}".strip()
        on = candidate.decided_at.astimezone(tz).date()
        moments.append(Moment(on, _("Decision"), text, candidate.get_absolute_url()))
    return sorted(moments, key=lambda moment: moment.on, reverse=True)
