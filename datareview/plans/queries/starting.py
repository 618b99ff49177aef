"""Suggestions for a new plan: a baseline from the data, an achievable goal, and providers' workloads."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils.translation import gettext as _

from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.plans.queries.figures import (
    cuts_by_grade,
    rate_in_words,
    recent_span,
    suggested_baseline,
    suggested_goal,
)
from datareview.plans.queries.offers import need_of, offered_strategies
from datareview.plans.queries.points import recent_points
from datareview.records.models import Measure, Score
from datareview.standard_measures.queries import measures_of_standards, named_measure
from teams.access.permissions import staff_where
from teams.directory.queries.days import school_day_from
from teams.lib.parameters import day_or_none, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.flags.models import Candidate
    from datareview.plans.queries.offers import OfferedStrategies
    from datareview.records.models import Student
    from teams.directory.models import School, User

WEEKS_TO_GOAL = 12
WEEKS_TO_REVIEW = 6
# Days of delivery (Monday is 0) by sessions a week.
USUAL_WEEKDAYS = ([2], [2], [1, 3], [0, 2, 4], [0, 1, 3, 4], [0, 1, 2, 3, 4])


@dataclass(frozen=True, slots=True)
class Start:
    """Initial values of the form, with sentences that explain them."""

    initial: dict[str, Any]
    measure: Measure | None
    standards: list[Measure]
    measure_words: str
    baseline_words: str
    goal_words: str
    rate_words: str
    offer: OfferedStrategies
    loads: dict[int, int]


def plan_start(student: Student, candidate: Candidate | None, user: User, typed: dict[str, str]) -> Start:
    """Suggest a plan for ``student`` and the concern of ``candidate``, keeping values already ``typed``."""
    school, today = student.school, student.school.today()
    measure = _chosen(student, typed) or measure_for(student, candidate)
    starts_on = _day(typed, "starts_on", school_day_from(school, today))
    offer = offered_strategies(school, need_of(candidate, measure), [student.grade])
    baseline, baseline_words = _baseline(student, measure, min(today, starts_on))
    baseline = _number(typed, "baseline", baseline)
    goal_on = _day(typed, "goal_on", school_day_from(school, starts_on + dt.timedelta(weeks=WEEKS_TO_GOAL)))
    grade = student.grade
    cuts = cuts_by_grade(school.pk, measure, [grade], goal_on).get(grade) if grade is not None else None
    goal, goal_words = suggested_goal(measure, cuts, baseline, (goal_on - starts_on).days / 7)
    goal = _number(typed, "goal", goal)
    # None is chosen for people: the first of a list is no reason.
    strategy = offer.find(uuid_or_none(typed.get("strategy")))
    loads = provider_loads(school)
    own = staff_where(school, "deliver_plan").filter(user=user).first()
    provider = own if own and loads.get(own.pk) else None
    initial = {
        "concern": candidate.said if candidate else "",
        "strategy": strategy.uuid if strategy else None,
        "tier": 2,
        "measure": measure.uuid if measure else None,
        "minutes": strategy.minutes if strategy else 20,
        "weekdays": USUAL_WEEKDAYS[min(strategy.sessions_per_week, 5) if strategy else 3],
        "baseline": plain(baseline),
        "goal": plain(goal),
        "goal_on": goal_on,
        "provider": provider.uuid if provider else None,
        "starts_on": starts_on,
        "review_on": school_day_from(school, max(today, starts_on) + dt.timedelta(weeks=WEEKS_TO_REVIEW)),
    }
    rate = rate_in_words(measure, cuts, baseline, goal, (goal_on - starts_on).days / 7)
    words = measured_in_words(measure)
    standards = offered_standards(school, [student], measure)
    return Start(initial, measure, standards, words, baseline_words, goal_words, rate, offer, loads)


def offered_standards(school: School, students: Sequence[Student], chosen: Measure | None) -> list[Measure]:
    """The measures of standards for a plan of ``students``, with the one that is chosen."""
    found = measures_of_standards(school, [student.pk for student in students])
    is_other = chosen is not None and chosen.standard_id and chosen.uuid not in {one.uuid for one in found}
    return [*found, chosen] if chosen and is_other else found


def provider_loads(school: School) -> dict[int, int]:
    """Map staff ids to the number of running plans they deliver."""
    rows = (
        Plan.objects.running()
        .filter(provider__school=school)
        .order_by()
        .values("provider")
        .annotate(many=Count("pk"))
    )
    return {row["provider"]: row["many"] for row in rows}


def plain(value: float | None) -> str:
    """Format a number as a user would type it: 99, 98.5."""
    return "" if value is None else f"{value:g}"


def _chosen(student: Student, typed: dict[str, str]) -> Measure | None:
    return named_measure(student.school, uuid_or_none(typed.get("measure")))


def measured_in_words(measure: Measure | None) -> str:
    """A warning if the measure is taken too seldom to judge a plan by."""
    if measure and measure.derived_from == Measure.DerivedFrom.CHECKS:
        return _(
            "The percentage of points in each check of the standard, computed from the answers. A judgment needs six checks "
            "over six weeks; until then, the chart and the goal line show how far the student is."
        )
    if measure is None or measure.derived_from or measure.kind == Measure.Kind.PROBE:
        return ""
    return _(
        "This is taken a few times a year, and a judgment needs six scores over six weeks. Choose a measure that is "
        "taken every week or two."
    )


def _number(typed: dict[str, str], name: str, otherwise: float | None) -> float | None:
    try:
        number = float(typed[name])
    except (KeyError, ValueError):
        return otherwise
    return number if math.isfinite(number) else otherwise


def _day(typed: dict[str, str], name: str, otherwise: dt.date) -> dt.date:
    return day_or_none(typed.get(name)) or otherwise


def measure_for(student: Student, candidate: Candidate | None) -> Measure | None:
    """The candidate's measure if it is probed, else one of its domain, else the newest probe."""
    recent = (
        Score.objects.filter(student=student, measure__retired_on=None)
        .order_by("-taken_on")
        .select_related("measure")
    )
    probes = recent.filter(measure__kind=Measure.Kind.PROBE)
    if candidate:
        flags = candidate.flags.filter(state=Flag.State.OPEN, rule__measure__isnull=False)
        flag = flags.select_related("rule__measure").order_by("-severity").first()
        if flag and flag.rule.measure:
            same = probes.filter(measure__subject=flag.rule.measure.subject).first()
            return same.measure if same else flag.rule.measure
        derived = (
            Measure.objects.in_use()
            .filter(school=student.school, domain=candidate.domain)
            .exclude(derived_from="")
        )
        in_domain = recent.filter(measure__domain=candidate.domain, measure__kind=Measure.Kind.PROBE).first()
        if found := derived.first() or (in_domain and in_domain.measure):
            return found
    last = probes.first() or recent.first()
    return (
        last.measure
        if last
        else Measure.objects.in_use().filter(school=student.school, derived_from="").first()
    )


def _baseline(student: Student, measure: Measure | None, today: dt.date) -> tuple[float | None, str]:
    recent = recent_points(student.pk, measure, today - recent_span(measure), today) if measure else []
    return suggested_baseline(measure, recent)
