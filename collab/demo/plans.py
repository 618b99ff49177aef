"""Strategies, and about forty plans with their sessions, phase changes and reviews."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count

from collab.demo.texts import CONCERNS, STRATEGIES
from datareview.flags.models import Candidate
from datareview.plans.models import Plan, Strategy
from datareview.progress.models import PhaseChange, Review, Session
from datareview.records.models import Measure, Score, Student
from teams.lib import clock

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from teams.directory.models import Team

NOT_HELD = ["absent", "assembly", "provider_out", "refused"]


def make_strategies(place: SchoolData) -> dict[str, Strategy]:
    """Create the school's bank of strategies."""
    rows = {}
    for name, domain, what, whom, per_week, minutes, evidence in STRATEGIES:
        rows[name] = Strategy.objects.create(
            school=place.school,
            name=name,
            domain=domain,
            what_to_do=what,
            for_whom=whom,
            sessions_per_week=per_week,
            minutes=minutes,
            evidence=evidence,
        )
    return rows


def make_plans(
    place: SchoolData,
    strategies: dict[str, Strategy],
    measures: dict[str, Measure],
    count: int,
    rng: np.random.Generator,
) -> list[Plan]:
    """Create plans for students with many probes: some new, some due for review, some ended."""
    today = place.today
    plans = []
    for key, subject, names in (
        ("orf", "reading", ["Repeated reading", "Phonics in small groups", "Guided reading"]),
        ("math-facts", "math", ["Math facts: cover, copy, compare", "Number line and part-whole models"]),
    ):
        rows = Student.objects.filter(school=place.school, status="active", scores__measure=measures[key])
        students = list(
            rows.annotate(many=Count("scores")).filter(many__gte=6).order_by("-many", "pk")[: count * 2]
        )
        picked = rng.permutation(len(students))[: count * (2 if subject == "reading" else 1) // 3]
        for number in sorted(picked.tolist()):
            strategy = strategies[names[number % len(names)]]
            plan = _plan(place, students[number], strategy, measures[key], subject, today, rng)
            if plan:
                plans.append(plan)
                _sessions(plan, place, rng)
                _past(plan, today, rng)
    return plans


def _plan(
    place: SchoolData,
    student: Student,
    strategy: Strategy,
    measure: Measure,
    subject: str,
    today: dt.date,
    rng: np.random.Generator,
) -> Plan | None:
    weeks = int(rng.integers(3, 12))
    begin = today - dt.timedelta(weeks=weeks, days=today.weekday())
    begin = max(begin, place.days[min(14, len(place.days) - 1)])
    before = list(
        Score.objects.filter(
            student=student, measure=measure, taken_on__lte=begin, taken_on__gte=place.days[0]
        )
        .order_by("-taken_on")
        .values_list("value", flat=True)[:3]
    )
    if not before:
        return None
    baseline = float(np.median(before))
    team = None if student.grade is None else _team_of_grade(place, student.grade)
    provider = (
        place.special["specialist"]
        if rng.random() < 0.55
        else place.teachers[int(rng.integers(len(place.teachers)))]
    )
    growth = 1.3 if measure.key == "orf" else 0.9
    review = begin + dt.timedelta(weeks=6)
    while review < today - dt.timedelta(days=4):
        review += dt.timedelta(weeks=4)
    return Plan.objects.create(
        student=student,
        team=team,
        strategy=strategy,
        provider=provider,
        measure=measure,
        concern=str(rng.choice(CONCERNS[subject])),
        tier=2 if rng.random() < 0.8 else 3,
        baseline=baseline,
        baseline_on=begin,
        goal=round(baseline + growth * 14),
        goal_on=begin + dt.timedelta(weeks=14),
        starts_on=begin,
        review_on=review,
        weekdays=[0, 1, 2, 3]
        if strategy.sessions_per_week > 3
        else [[0, 2, 4], [1, 2, 4]][int(rng.integers(2))],
        minutes=strategy.minutes,
        started_by=place.special["coordinator"].user,
    )


def _team_of_grade(place: SchoolData, grade: int) -> Team | None:
    return next((team for team in place.teams if team.grades.filter(grade=grade).exists()), None)


def _sessions(plan: Plan, place: SchoolData, rng: np.random.Generator) -> None:
    """Log sessions: four in five held, the others not held for a reason or not logged."""
    share = float(np.clip(rng.normal(0.84, 0.1), 0.45, 0.98))
    rows = []
    for day in place.days:
        if day < plan.starts_on or day.weekday() not in plan.weekdays:
            continue
        luck = rng.random()
        if luck > share + 0.1:
            continue
        held = luck < share
        rows.append(
            Session(
                plan=plan,
                held_on=day,
                result="held" if held else str(rng.choice(NOT_HELD)),
                minutes=plan.minutes if held else 0,
                fidelity=int(rng.integers(3, 5)) if held else None,
                logged_by=plan.provider.user,
            )
        )
    Session.objects.bulk_create(rows)


def _past(plan: Plan, today: dt.date, rng: np.random.Generator) -> None:
    """Add a review to older plans and a phase change to some, and end some."""
    age = (today - plan.starts_on).days // 7
    if age < 7:
        return
    due = plan.starts_on + dt.timedelta(weeks=6)
    change = rng.random() < 0.35
    Review.objects.create(
        plan=plan,
        due_on=due,
        decision="change" if change else "continue",
        reason="Growth is under the line although it was delivered." if change else "On course; keep going.",
        evidence={"as_of": due.isoformat(), "label": "", "sentence": "", "rules": []},
        decided_by=plan.provider.user,
    )
    if change:
        PhaseChange.objects.create(
            plan=plan, changed_on=due, what="Groups of three instead of five", changed_by=plan.provider.user
        )
    if age > 9 and rng.random() < 0.3:
        plan.state, plan.outcome, plan.ended_on = "ended", "met" if rng.random() < 0.6 else "changed", today
        plan.save()


def settle_candidates(place: SchoolData, new: int, rng: np.random.Generator) -> None:
    """Decide about the older candidates; ``new`` of them stay undecided."""
    today, coordinator = place.today, place.special["coordinator"].user
    waiting = list(
        Candidate.objects.filter(student__school=place.school, state="new").order_by("raised_on", "pk")
    )
    for candidate in [waiting[i] for i in rng.permutation(len(waiting))[: max(0, len(waiting) - new)]]:
        watch = rng.random() < 0.5
        candidate.state = "watch" if watch else "no_action"
        candidate.watch_until = today + dt.timedelta(days=int(rng.integers(7, 24))) if watch else None
        candidate.decision_note = (
            "Came back last week; see how it settles." if watch else "Known reason, family informed."
        )
        candidate.decided_at, candidate.decided_by = clock.now(), coordinator
        candidate.save()
