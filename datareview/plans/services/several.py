"""Start plans for several students at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import keep_family_step, require_family_step
from datareview.flags.services.candidates import mark_plans_started
from datareview.plans.models import Plan
from datareview.plans.queries.figures import recent_span
from datareview.plans.queries.points import recent_points_of
from datareview.plans.services.checks import check_days, check_figures
from datareview.records.permissions import students_visible_to, team_of_students
from datareview.standard_measures.services import kept_measure
from teams.access.permissions import require_ability
from teams.audit.services import record_events
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from datareview.family_steps.services import NewStep
    from datareview.flags.models import Candidate
    from datareview.records.models import Measure, Student
    from datareview.strategies.models import Strategy
    from teams.directory.models import School, Staff, User

MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What differs between plans that start together."""

    student: Student
    baseline: float
    goal: float
    concern: str
    candidate: Candidate | None = None


class PlansRefused(DomainError):
    """Some of the plans cannot start, so none does; ``problems`` maps student ids to the reason."""

    def __init__(self, problems: dict[int, str], students: dict[int, Student]) -> None:
        super().__init__(" ".join(f"{students[pk]}: {sentence}" for pk, sentence in problems.items()))
        self.problems = problems


@transaction.atomic
def start_plans(
    new: Sequence[NewPlan],
    *,
    actor: User,
    strategy: Strategy,
    provider: Staff,
    measure: Measure,
    goal_on: dt.date,
    review_on: dt.date,
    weekdays: Collection[int],
    minutes: int,
    tier: int,
    starts_on: dt.date,
    time: dt.time | None = None,
    family: NewStep | None = None,
) -> list[Plan]:
    """Start a plan for each of ``new``, students of one school, with one strategy and one schedule.

    Raises PlansRefused, with nothing started, if a baseline is better than its goal or a student has the same plan.
    """
    school = strategy.school
    require_ability(actor, "start_plan", school)
    students = {one.student.pk: one.student for one in new}
    _check_students(new, students, actor, school)
    if {provider.school_id, measure.school_id} != {school.pk}:
        raise DomainError(_("Strategy, provider and measure must belong to the student’s school."))
    if strategy.is_retired:
        raise DomainError(_("This strategy is retired. Choose another."))
    measure = kept_measure(measure)
    today = school.today()
    check_days(today, starts_on, goal_on, review_on, sorted(weekdays))
    if problems := _problems(new, strategy, measure):
        raise PlansRefused(problems, students)
    require_family_step([one.student for one in new], family)
    until, teams = min(today, starts_on), team_of_students(list(students.values()))
    points = recent_points_of(students.keys(), measure, until - recent_span(measure), until)
    rows = [
        Plan(
            student=one.student,
            candidate=one.candidate,
            team=teams.get(one.student.pk),
            strategy=strategy,
            provider=provider,
            measure=measure,
            concern=one.concern.strip()[:300],
            tier=tier,
            baseline=one.baseline,
            baseline_on=points[one.student.pk][-1][0] if points[one.student.pk] else until,
            goal=one.goal,
            goal_on=goal_on,
            starts_on=starts_on,
            review_on=review_on,
            weekdays=sorted(weekdays),
            time=time,
            minutes=minutes,
            started_by=actor,
        )
        for one in new
    ]
    try:
        with transaction.atomic():
            plans = Plan.objects.bulk_create(rows)
    except IntegrityError:
        raise DomainError(
            _("Someone changed these students’ plans at the same moment. Please try again.")
        ) from None
    of = [(plan.student, plan.pk) for plan in plans]
    keep_family_step(of, family, actor=actor, occasion=FamilyStep.Occasion.START)
    mark_plans_started([one.candidate for one in new if one.candidate], actor=actor)
    record_events(actor, "plan-started", plans, school=school, strategy=str(strategy.uuid))
    return plans


def _check_students(
    new: Sequence[NewPlan], students: dict[int, Student], actor: User, school: School
) -> None:
    if not new:
        raise DomainError(_("Choose at least one student."))
    if len(new) > MOST_AT_ONCE:
        raise DomainError(_("Start at most %(n)s plans at once.") % {"n": MOST_AT_ONCE})
    if len(students) < len(new):
        raise DomainError(_("Each student can be in the group once."))
    seen = students_visible_to(actor).filter(pk__in=students, school=school)
    if seen.count() < len(students):
        raise PermissionDenied


def _problems(new: Sequence[NewPlan], strategy: Strategy, measure: Measure) -> dict[int, str]:
    """Map ids of students whose plan cannot start to the reason."""
    same = Plan.objects.filter(
        student__in=[one.student.pk for one in new], strategy=strategy, measure=measure
    ).exclude(state=Plan.State.ENDED)
    problems = {pk: _("Already has this plan.") for pk in same.values_list("student", flat=True)}
    for one in new:
        if one.student.status != one.student.Status.ACTIVE:
            problems[one.student.pk] = _("Has left the school.")
        try:
            check_figures(measure, one.baseline, one.goal)
        except DomainError as error:
            problems[one.student.pk] = str(error)
    return problems
