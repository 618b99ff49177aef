"""Cases that have come some way: a measure that changed, a family that was called, a card, a note for one, an exit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from datareview.anecdotes.services.anecdotes import AnecdoteValues
from datareview.case_rules.queries import rules_version, stored_rules
from datareview.case_rules.services import set_case_rules
from datareview.check_in_cards.services import check_in, check_out, give_points, set_up_card
from datareview.family_steps.services import NewStep, add_family_step
from datareview.plan_notes.services import write_plan_note
from datareview.plans.models import Plan
from datareview.plans.services.plans import start_plan
from datareview.progress.services.changes import plan_version
from datareview.progress.services.reviews import review_plan
from datareview.records.models import Score, Student
from datareview.remeasuring.queries import another_measure
from datareview.remeasuring.services import remeasure_plan
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from collab.demo.people import SchoolData
    from datareview.records.models import Measure
    from datareview.strategies.models import Strategy

CARD_DAYS, CARD_MOST = 8, 2
PERIODS = ["Arrival", "Reading", "Math", "Lunch and recess", "Afternoon"]
EXPECTATIONS = ["Be safe", "Be kind", "Be ready"]
OFTEN_ABSENT = 93  # percent of days present
ENDED_AGO = dt.timedelta(weeks=5)


def make_cases(place: SchoolData, strategies: dict[str, Strategy], measures: dict[str, Measure]) -> None:
    """Let the coordinator and the specialist do what takes more than a form."""
    rng = np.random.default_rng(7)
    running = Plan.objects.running().filter(student__school=place.school, memberships=None)
    plans = list(running.select_related("student__school", "measure", "provider__user").order_by("pk"))
    reading = [plan for plan in plans if plan.measure_id == measures["orf"].pk]
    served = [plan for plan in plans if plan.provider_id == place.special["specialist"].pk]
    if not reading or not served:
        return
    _remeasure(place, reading)
    _call_families(place, plans[:4])
    _write_for_one(place, served[-1])
    _end_well(place, strategies["Repeated reading"], measures["orf"])
    _give_card(place, strategies["Check-in, check-out"], measures["orf"], rng)
    coordinator = place.special["coordinator"].user
    seen = rules_version(stored_rules(place.school))
    set_case_rules(place.school, actor=coordinator, seen=seen, asks_family=True, unseen_days=14)


def _at(place: SchoolData, day: dt.date, hour: int = 15) -> AbstractContextManager[object]:
    return clock.stopped_at(place.school.at(day, dt.time(hour)))


def _remeasure(place: SchoolData, plans: list[Plan]) -> None:
    """Three weeks ago a plan about fluency became one about the days present, as its student missed too many."""
    day = place.days[-15]
    attendance = place.school.measures.filter(derived_from="attendance").first()
    if attendance is None:
        return
    for plan in sorted(plans, key=lambda one: -one.baseline):
        with _at(place, day), request_cache():
            suggested = another_measure([plan], {"measure": str(attendance.uuid)}).figures[plan.student_id]
            if suggested.baseline is None or suggested.baseline > OFTEN_ABSENT or plan.starts_on >= day:
                continue
            remeasure_plan(
                plan,
                actor=place.special["coordinator"].user,
                measure=attendance,
                baseline=suggested.baseline,
                goal=max(95.0, suggested.baseline + 1),
                goal_on=max(plan.goal_on, plan.review_on),
                why="Reads well on days at school",
                seen=plan_version(plan),
            )
            return


def _call_families(place: SchoolData, plans: list[Plan]) -> None:
    """Who delivers a plan spoke with the family."""
    said = [
        NewStep("call", "The mother reads with her on Sundays; we send the texts home."),
        NewStep("meeting", "Both parents came. They would like the sessions in the morning."),
        NewStep("message", "Sent the goal and the chart; the father answered with thanks."),
        NewStep("none", "The number is out of service; a letter goes with the next report."),
    ]
    for number, (plan, step) in enumerate(zip(plans, said, strict=False)):
        with _at(place, place.days[-4 - number]), request_cache():
            add_family_step(plan.student, plan.pk, actor=place.special["coordinator"].user, step=step)


def _write_for_one(place: SchoolData, plan: Plan) -> None:
    """A note on a plan that only the specialist may read beside its author."""
    with _at(place, place.days[-3]), request_cache():
        values = AnecdoteValues(
            "The family moves again in January. Please tell no one before they do.",
            place.days[-3],
            sharing="named",
            readers=[place.special["specialist"]],
        )
        write_plan_note(plan, actor=place.special["coordinator"].user, values=values)


def _end_well(place: SchoolData, strategy: Strategy, measure: Measure) -> None:
    """A plan that ended with its goal met long enough ago for a check; of a student whose scores have fallen since."""
    ended_on = place.today - ENDED_AGO
    begin = next(day for day in place.days[5:] if day.weekday() == 0)
    if ended_on <= begin + dt.timedelta(weeks=2):
        return
    values: dict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    rows = Score.objects.filter(
        student__school=place.school,
        student__status=Student.Status.ACTIVE,
        student__plans=None,
        measure=measure,
        taken_on__gte=begin,
    )
    for pk, day, value in rows.order_by("taken_on", "pk").values_list("student", "taken_on", "value"):
        values[pk][day > ended_on].append(value)
    lost = {
        pk: float(np.median(before[-3:]) - np.median(since))
        for pk, (before, since) in values.items()
        if len(before) > 2 and since
    }
    if not lost:
        return
    student = Student.objects.select_related("school").get(pk=max(lost, key=lambda pk: lost[pk]))
    first = values[student.pk][0][0]
    coordinator = place.special["coordinator"].user
    with _at(place, begin, 8), request_cache():
        plan = start_plan(
            student,
            despite=True,
            actor=coordinator,
            strategy=strategy,
            provider=place.special["specialist"],
            measure=measure,
            concern="Reads accurately but slowly",
            tier=2,
            baseline=first - 10 if first > 10 else 0,
            goal=first + 8,
            goal_on=begin + dt.timedelta(weeks=10),
            review_on=begin + dt.timedelta(weeks=4),
            weekdays=[1, 3],
            minutes=strategy.minutes,
        )
    with _at(place, ended_on), request_cache():
        review_plan(
            plan,
            actor=coordinator,
            decision="end",
            reason="She reads with the others now; we look again in four weeks.",
            despite=True,
        )


def _give_card(place: SchoolData, strategy: Strategy, measure: Measure, rng: np.random.Generator) -> None:
    """A student with incidents has a check-in card; the points of the last days, and today's first period."""
    students = Student.objects.filter(
        school=place.school, status=Student.Status.ACTIVE, plans=None, incidents__isnull=False
    )
    student = students.select_related("school").order_by("pk").first()
    if student is None:
        return
    coordinator, specialist = place.special["coordinator"].user, place.special["specialist"]
    days = place.days[-CARD_DAYS - 1 :]
    with _at(place, days[0], 8), request_cache():
        plan = start_plan(
            student,
            despite=True,
            actor=coordinator,
            strategy=strategy,
            provider=specialist,
            measure=measure,
            concern="Leaves the room when work begins",
            tier=2,
            baseline=50,
            goal=60,
            goal_on=place.today + dt.timedelta(weeks=8),
            review_on=place.today + dt.timedelta(weeks=3),
            weekdays=[0, 1, 2, 3, 4],
            minutes=10,
        )
        card = set_up_card(
            plan,
            actor=coordinator,
            periods=PERIODS,
            expectations=EXPECTATIONS,
            most=CARD_MOST,
            baseline=55,
            goal=80,
        )
    for day in days:
        with _at(place, day, 8), request_cache():
            check_in(card, actor=specialist.user, day=day)
            for period in PERIODS[:1] if day == place.today else PERIODS:
                points = int(np.clip(round(rng.normal(1.3, 0.7)), 0, CARD_MOST))
                give_points(card, actor=specialist.user, day=day, period=period, points=points)
        if day != place.today:
            with _at(place, day), request_cache():
                check_out(card, actor=specialist.user, day=day)
