"""Scores entered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.models import Score
from datareview.permissions import may_deliver
from datareview.services.trends import start_trend_run
from teams.lib.errors import DomainError
from teams.services.audit import record

if TYPE_CHECKING:
    import datetime as dt

    from datareview.models import Plan
    from teams.models import User

BY_HAND = "by hand"


@transaction.atomic
def enter_score(plan: Plan, *, actor: User, taken_on: dt.date, value: float) -> Score:
    """Enter a score of ``plan``'s measure; the same again changes nothing, another value replaces it.

    The student's trends are computed again by a worker.
    """
    if not may_deliver(actor, plan):
        raise PermissionDenied
    measure, student = plan.measure, plan.student
    if not measure.scale_min <= value <= measure.scale_max:
        raise DomainError(
            _("%(value)g is off the scale: %(measure)s goes from %(low)g to %(high)g.")
            % {"value": value, "measure": measure, "low": measure.scale_min, "high": measure.scale_max}
        )
    if taken_on > student.school.today():
        raise DomainError(_("That day is still to come. Enter a score when it was taken."))
    score, is_new = Score.objects.get_or_create(
        student=student, measure=measure, taken_on=taken_on, source=BY_HAND, defaults={"value": value}
    )
    if not is_new and score.value == value:
        return score
    before, score.value = score.value, value
    score.save(update_fields=["value"])
    data = {} if is_new else {"before": before}
    record(actor, "score-entered", plan, school=student.school, score=score.pk, **data)
    start_trend_run(student.school, actor=actor, trigger="request", student_ids=[student.pk])
    return score
