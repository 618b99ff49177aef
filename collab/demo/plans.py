"""Strategies, and about forty plans with their sessions, phase changes and reviews."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count

from collab.demo.texts import CONCERNS
from datareview.flags.models import Candidate
from datareview.flags.services.candidates import decide_candidate
from datareview.plans.models import Plan
from datareview.plans.queries.points import points_of_plans
from datareview.plans.services.checks import Conflicts
from datareview.plans.services.plans import start_plan
from datareview.progress.models import Review, Session
from datareview.progress.queries.progress import progress_of
from datareview.progress.services.reviews import review_plan
from datareview.progress.services.sessions import log_session
from datareview.records.models import Domain, Measure, Score, Student
from datareview.strategies.services import adopt_strategies
from teams.directory.queries.days import closed_days
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.demo.people import SchoolData
    from datareview.progress.queries.progress import Progress
    from datareview.strategies.models import Strategy

NOT_HELD = [Session.Result.ABSENT, "assembly", "provider_out", "refused"]
LENGTH = dt.timedelta(weeks=8)
# Measure of the probes → strategies that are tried in turn.
STRATEGIES = {
    "orf": ["Repeated reading", "Phonics in small groups", "Guided reading"],
    "math-facts": ["Math facts: cover, copy, compare", "Number line and part-whole models"],
}


def make_strategies(place: SchoolData) -> dict[str, Strategy]:
    """Let the coordinator adopt all starting strategies."""
    added = adopt_strategies(place.school, actor=place.special["coordinator"].user)
    return {strategy.name: strategy for strategy in added}


def make_plans(
    place: SchoolData,
    strategies: dict[str, Strategy],
    measures: dict[str, Measure],
    count: int,
    rng: np.random.Generator,
) -> None:
    """Start plans for students with many probes: some new, some due for review, some ended."""
    for key, names in STRATEGIES.items():
        students = list(_tested(place, measures[key])[: count * 2])
        picked = rng.permutation(len(students))[: count * (2 if key == "orf" else 1) // 3]
        for number in sorted(picked.tolist()):
            begin = place.today - dt.timedelta(weeks=int(rng.integers(3, 12)), days=place.today.weekday())
            strategy = strategies[names[number % len(names)]]
            _run(place, students[number], strategy, measures[key], begin, rng)


def plan_for_candidates(
    place: SchoolData,
    strategies: dict[str, Strategy],
    measures: dict[str, Measure],
    count: int,
    rng: np.random.Generator,
) -> None:
    """Start plans for students whom a rule found, a week after that."""
    rows = Candidate.objects.filter(
        student__school=place.school, state=Candidate.State.NEW, domain=Domain.ACADEMIC, student__plans=None
    )
    waiting = {one.student_id: one for one in rows.order_by("-severity", "pk")}
    for key, names in STRATEGIES.items():
        students = _tested(place, measures[key]).filter(pk__in=waiting)
        for number, student in enumerate(students[: count * (2 if key == "orf" else 1) // 3]):
            candidate = waiting.pop(student.pk)
            begin = candidate.raised_on + dt.timedelta(days=7)
            _run(place, student, strategies[names[number % len(names)]], measures[key], begin, rng, candidate)


def _tested(place: SchoolData, measure: Measure) -> QuerySet[Student]:
    rows = Student.objects.filter(school=place.school, status="active", scores__measure=measure)
    return rows.annotate(many=Count("scores")).filter(many__gte=6).order_by("-many", "pk")


def _run(
    place: SchoolData,
    student: Student,
    strategy: Strategy,
    measure: Measure,
    begin: dt.date,
    rng: np.random.Generator,
    candidate: Candidate | None = None,
) -> None:
    """Start a plan on a day, if the student had been tested by then, and deliver it."""
    begin = max(begin, place.days[min(14, len(place.days) - 1)])
    known = Score.objects.filter(student=student, measure=measure, taken_on__range=(place.days[0], begin))
    before = list(known.order_by("-taken_on").values_list("value", flat=True)[:3])
    if not before:
        return
    baseline = float(np.median(before))
    by_specialist = rng.random() < 0.55
    provider = (
        place.special["specialist"]
        if by_specialist
        else place.teachers[int(rng.integers(len(place.teachers)))]
    )
    three_days = [[0, 2, 4], [1, 2, 4]][int(rng.integers(2))]
    with clock.stopped_at(place.school.at(begin, dt.time(8))), request_cache():
        plan = start_plan(
            student,
            despite=True,
            candidate=candidate,
            actor=place.special["coordinator"].user,
            strategy=strategy,
            provider=provider,
            measure=measure,
            concern=str(rng.choice(CONCERNS[measure.subject])),
            tier=2 if rng.random() < 0.8 else 3,
            baseline=baseline,
            goal=round(baseline + (1.0 if measure.key == "orf" else 0.7) * LENGTH.days / 7),
            goal_on=begin + LENGTH,
            review_on=begin + LENGTH / 2,
            weekdays=[0, 1, 2, 3] if strategy.sessions_per_week > 3 else three_days,
            minutes=strategy.minutes,
        )
    _deliver(plan, place, rng)


def _deliver(plan: Plan, place: SchoolData, rng: np.random.Generator) -> None:
    """Log sessions (four in five held, the others not held for a reason or not logged), and review on the day due."""
    share = float(np.clip(rng.normal(0.84, 0.1), 0.45, 0.98))
    for day in place.days:
        if day < plan.starts_on or plan.state == Plan.State.ENDED:
            continue
        with clock.stopped_at(place.school.at(day, dt.time(15))), request_cache():
            luck = rng.random()
            if day.weekday() in plan.weekdays and luck < share + 0.1:
                held = luck < share
                log_session(
                    plan,
                    actor=plan.provider.user,
                    held_on=day,
                    result=Session.Result.HELD if held else str(rng.choice(NOT_HELD)),
                    fidelity=int(rng.integers(3, 5)) if held else None,
                )
            if day >= plan.review_on and day < place.today - dt.timedelta(days=4):
                plan = _review(plan, place, day, rng)


def _review(plan: Plan, place: SchoolData, day: dt.date, rng: np.random.Generator) -> Plan:
    """Decide as people would who see the scores and sessions of that day, and say what they saw."""
    points = points_of_plans([plan], day)[plan.pk]
    progress = progress_of(plan, points, day, closed_days([place.school.pk]))
    decision, reason = _verdict(progress, is_older=plan.reviews.exists())
    review = partial(review_plan, plan, actor=place.special["coordinator"].user)
    if day >= plan.goal_on and decision != Review.Decision.FADE:
        with suppress(Conflicts):
            return review(decision=Review.Decision.END, reason="The last scores are at the goal.").plan
        return review(decision=Review.Decision.END_NOT_MET, reason="Nearer to the goal, not at it.").plan
    return review(
        decision=decision,
        reason=reason,
        next_review_on=day + dt.timedelta(weeks=4),
        what_changes="Groups of three instead of five" if decision == Review.Decision.CHANGE else "",
    ).plan


def _verdict(progress: Progress, *, is_older: bool) -> tuple[Review.Decision, str]:
    """What a review decides, with a reason that its data bear out."""
    says, decision = progress.verdict.says, Review.Decision
    if says == "met" or (says == "raise" and is_older):
        return decision.FADE, "The scores are where we wanted them; we check them in a month."
    if progress.delivery:
        return decision.CONTINUE, "Too few sessions were held or logged to judge it; hold them first."
    reasons = {
        "change": (decision.CHANGE, "Growth is under the line although it was delivered."),
        "floor": (decision.CHANGE, "The task is too hard to show growth; an easier one first."),
        "collect": (decision.CONTINUE, "Too few scores to judge it yet; test each week."),
        "probe": (decision.CONTINUE, "The last score is old; take one before we judge."),
        "together": (decision.CONTINUE, "The scores leave it open; four more weeks."),
        "raise": (decision.CONTINUE, "Ahead of the line; keep going until it lasts."),
    }
    return reasons.get(says, (decision.CONTINUE, "On course; keep going."))


def settle_candidates(place: SchoolData, new: int, rng: np.random.Generator) -> None:
    """Decide about the older candidates; ``new`` of them stay undecided."""
    rows = Candidate.objects.filter(student__school=place.school, state=Candidate.State.NEW)
    waiting = list(rows.select_related("student__school").order_by("raised_on", "pk"))
    with request_cache():
        for candidate in [waiting[i] for i in rng.permutation(len(waiting))[: max(0, len(waiting) - new)]]:
            watch = rng.random() < 0.5
            until = place.today + dt.timedelta(days=int(rng.integers(7, 24)))
            decide_candidate(
                candidate,
                actor=place.special["coordinator"].user,
                state=Candidate.State.WATCH if watch else Candidate.State.NO_ACTION,
                note="Came back last week; see how it settles."
                if watch
                else "Known reason, family informed.",
                watch_until=until if watch else None,
            )
