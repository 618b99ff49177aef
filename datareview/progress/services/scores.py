"""Scores entered by hand."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.plans.models import Plan
from datareview.plans.permissions import may_deliver
from datareview.records.models import Score
from datareview.runs.services.runs import start_trend_run
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.records.models import Measure, Student
    from teams.directory.models import User

LONGEST_AGO = dt.timedelta(days=366)  # older scores come in files


class EnteredScore(NamedTuple):
    """A score entered by hand, and the value it replaced."""

    score: Score
    replaced: float | None


@transaction.atomic
def enter_score(
    student: Student, measure: Measure, *, actor: User, taken_on: dt.date, value: float
) -> EnteredScore:
    """Enter a score. An equal value changes nothing; a different one replaces the stored score (audited).

    The actor must deliver a plan of the student on that measure. Starts a run to recompute trends. Raises
    DomainError if the value is outside the measure's scale, or the day is in the future or over a year ago.
    """
    plans = Plan.objects.filter(student=student, measure=measure).select_related(
        "student__school", "provider"
    )
    if not any(may_deliver(actor, plan) for plan in plans):
        raise PermissionDenied
    _check(student, measure, taken_on, value)
    score, is_new = Score.objects.get_or_create(
        student=student, measure=measure, taken_on=taken_on, source=Score.BY_HAND, defaults={"value": value}
    )
    if not is_new and score.value == value:
        return EnteredScore(score, None)
    replaced = None if is_new else score.value
    score.value = value
    score.save(update_fields=["value"])
    before = None if is_new else {"before": replaced}
    record_event(actor, "score-entered", student, school=student.school, score=score.pk, detail=before)
    start_trend_run(student.school, actor=actor, trigger="score", student_ids=[student.pk])
    return EnteredScore(score, replaced)


def _check(student: Student, measure: Measure, taken_on: dt.date, value: float) -> None:
    if measure.derived_from:
        raise DomainError(
            _("%(measure)s is computed from daily records, so it isn’t entered.") % {"measure": measure}
        )
    if not (math.isfinite(value) and measure.scale_min <= value <= measure.scale_max):
        raise DomainError(
            _("%(value)s is off the scale. %(measure)s goes from %(low)s to %(high)s.")
            % {
                "value": formats.number(value),
                "measure": measure,
                "low": formats.number(measure.scale_min),
                "high": formats.number(measure.scale_max),
            }
        )
    if taken_on > student.school.today():
        raise DomainError(_("That day is in the future. Enter a score after it was taken."))
    if taken_on < student.school.today() - LONGEST_AGO:
        raise DomainError(_("That day is more than a year ago. Check the date."))
