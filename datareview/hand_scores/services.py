"""Scores entered by hand."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.hand_scores.models import SetAsideScore
from datareview.plans.models import Plan
from datareview.plans.permissions import may_deliver
from datareview.records.models import Score
from datareview.runs.services.runs import start_trend_run
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Measure, Student
    from teams.directory.models import User

LONGEST_AGO = dt.timedelta(days=366)  # older scores come in files
NEW, OLD = "new", "old"


@dataclass(frozen=True, slots=True)
class NewScore:
    """A score to enter; ``counts`` is which one counts if the day has another: NEW, OLD, or "" to ask."""

    student: Student
    value: float
    counts: str = ""


class SecondScores(DomainError):
    """Some students have another score on that day: which one counts? ``values`` maps their ids to those stored."""

    def __init__(self, students: Sequence[Student], values: dict[int, float], day: dt.date) -> None:
        known = ", ".join(
            f"{student}: {formats.number(values[student.pk])}" for student in students if student.pk in values
        )
        super().__init__(
            _("There is a score of %(day)s already (%(known)s). Choose which one counts; both are kept.")
            % {"day": formats.short_day(day), "known": known}
        )
        self.values = values


@transaction.atomic
def enter_scores(new: Sequence[NewScore], measure: Measure, *, actor: User, taken_on: dt.date) -> list[Score]:
    """Enter scores of students of one school on one day. Returns those that count and were not stored before.

    The actor must deliver a plan of each student on that measure. Where the day has another score by hand, both are
    kept: the one that does not count is set aside. Starts a run to recompute trends. Raises SecondScores, with nothing
    entered, if it is not said which counts, and DomainError for a value off the scale or a day that cannot be.
    """
    students = [one.student for one in new]
    plans = Plan.objects.filter(student__in=students, measure=measure)
    able = {
        plan.student_id
        for plan in plans.select_related("student__school", "provider")
        if may_deliver(actor, plan)
    }
    if not able.issuperset(student.pk for student in students):
        raise PermissionDenied
    for one in new:
        _check(one.student, measure, taken_on, one.value)
    by_hand = Score.objects.filter(
        student__in=students, measure=measure, taken_on=taken_on, source=Score.BY_HAND
    )
    stored = {score.student_id: score for score in by_hand.select_for_update(no_key=True)}
    others = [one for one in new if one.student.pk in stored and stored[one.student.pk].value != one.value]
    if asked := {one.student.pk: stored[one.student.pk].value for one in others if not one.counts}:
        raise SecondScores(students, asked, taken_on)
    _set_aside(others, stored, measure, actor)
    firsts = [one for one in new if one.student.pk not in stored]
    changed = [stored[one.student.pk] for one in others if one.counts == NEW]
    for one in others:
        stored[one.student.pk].value = one.value if one.counts == NEW else stored[one.student.pk].value
    Score.objects.bulk_update(changed, ["value"])
    rows = [
        Score(student=one.student, measure=measure, taken_on=taken_on, source=Score.BY_HAND, value=one.value)
        for one in firsts
    ]
    try:
        with transaction.atomic():
            made = Score.objects.bulk_create(rows)
    except IntegrityError:
        raise DomainError(_("Someone entered a score at the same moment. Please try again.")) from None
    entered = [*made, *changed]
    for score in entered:
        record_event(actor, "score-entered", score.student, school=measure.school, score=score.pk)
    if entered:
        start_trend_run(
            measure.school,
            actor=actor,
            trigger="score",
            student_ids=sorted(score.student_id for score in entered),
        )
    return entered


def enter_score(
    student: Student, measure: Measure, *, actor: User, taken_on: dt.date, value: float, counts: str = ""
) -> list[Score]:
    """Enter one score as `enter_scores` does."""
    return enter_scores([NewScore(student, value, counts)], measure, actor=actor, taken_on=taken_on)


@transaction.atomic
def count_set_aside(aside: SetAsideScore, *, actor: User) -> None:
    """Let a score that was set aside count; the one that counted on that day is set aside instead."""
    enter_score(
        aside.student,
        aside.measure,
        actor=actor,
        taken_on=aside.taken_on,
        value=aside.value,
        counts=NEW,
    )


def _set_aside(others: Sequence[NewScore], stored: dict[int, Score], measure: Measure, actor: User) -> None:
    """Keep the values that do not count, and no longer those that do."""
    for one in others:
        score = stored[one.student.pk]
        counting, other = (one.value, score.value) if one.counts == NEW else (score.value, one.value)
        same = {"student": one.student, "measure": measure, "taken_on": score.taken_on}
        SetAsideScore.objects.filter(**same, value=counting).delete()
        SetAsideScore.objects.get_or_create(**same, value=other, defaults={"set_aside_by": actor})


def _check(student: Student, measure: Measure, taken_on: dt.date, value: float) -> None:
    if measure.derived_from:
        words = _("%(measure)s is computed from daily records, so it isn’t entered.")
        checked = _("Scores on a standard come from its checks. Correct the answers there.")
        raise DomainError(checked if measure.standard_id else words % {"measure": measure})
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
