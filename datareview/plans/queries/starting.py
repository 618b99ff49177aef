"""Suggestions for a new plan: a baseline from the data, an achievable goal, and providers' workloads."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.plans.queries.points import recent_points
from datareview.records.models import Benchmark, Measure, Score
from datareview.records.queries.windows import school_windows
from datareview.strategies.models import Strategy
from teams.access.permissions import staff_where
from teams.directory.queries.days import school_day_from
from teams.lib import formats
from teams.lib.parameters import day_or_none, uuid_or_none
from teams.lib.rounding import MOST_PLACES, fewest_places

if TYPE_CHECKING:
    from datareview.figures.queries.student import Points
    from datareview.flags.models import Candidate
    from datareview.records.models import Student
    from teams.directory.models import School, User

WEEKS_TO_GOAL = 12
WEEKS_TO_REVIEW = 6
AMBITION = 1.5  # times typical growth: the aim of an intervention
BOLD = 2.0  # times typical growth: more than most plans achieve
WIDE_SCALE = 50.0  # range in points from which goals are whole numbers
ATTENDANCE_GOAL = 95.0  # percent of days present; below 90 is chronic absence
# Days of delivery (Monday is 0) by sessions a week.
WEEKDAYS = ([2], [2], [1, 3], [0, 2, 4], [0, 1, 3, 4], [0, 1, 2, 3, 4])
RECENT = dt.timedelta(weeks=6)
BASELINE_SPAN = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Start:
    """Initial values of the form, with sentences that explain them."""

    initial: dict[str, Any]
    measure: Measure | None
    measure_words: str
    baseline_words: str
    goal_words: str
    rate_words: str
    suggested: list[Strategy]
    others: list[Strategy]
    loads: dict[int, int]

    def strategies(self) -> list[tuple[Any, Any]]:
        """Choices of strategies: suggested ones first, then the others as a group."""
        found: list[tuple[Any, Any]] = [(str(one.uuid), one) for one in self.suggested]
        if self.others:
            found.append((_("Other strategies"), [(str(one.uuid), one) for one in self.others]))
        return found


def plan_start(student: Student, candidate: Candidate | None, user: User, typed: dict[str, str]) -> Start:
    """Suggest a plan for ``student`` and the concern of ``candidate``, keeping values already ``typed``."""
    school, today = student.school, student.school.today()
    measure = _chosen(student, typed) or _measure_for(student, candidate)
    domain = candidate.domain if candidate else (measure.domain if measure else "")
    starts_on = _day(typed, "starts_on", school_day_from(school, today))
    strategies = list(Strategy.objects.filter(school=school, is_retired=False).order_by("name"))
    suggested = [one for one in strategies if one.domain == domain and _is_for(one, student)] or strategies
    baseline, baseline_words = _baseline(student, measure, min(today, starts_on))
    baseline = _number(typed, "baseline", baseline)
    goal_on = _day(typed, "goal_on", school_day_from(school, starts_on + dt.timedelta(weeks=WEEKS_TO_GOAL)))
    cuts = _cuts(student, measure, goal_on)
    goal, goal_words = _goal(measure, cuts, baseline, (goal_on - starts_on).days / 7)
    goal = _number(typed, "goal", goal)
    strategy = _strategy(strategies, typed)
    loads = provider_loads(school)
    own = staff_where(school, "deliver_plan").filter(user=user).first()
    provider = own if own and loads.get(own.pk) else None
    initial = {
        "concern": candidate.reason if candidate else "",
        "strategy": strategy.uuid if strategy else None,
        "tier": 2,
        "measure": measure.uuid if measure else None,
        "minutes": strategy.minutes if strategy else 20,
        "weekdays": WEEKDAYS[min(strategy.sessions_per_week, 5) if strategy else 3],
        "baseline": plain(baseline),
        "goal": plain(goal),
        "goal_on": goal_on,
        "provider": provider.uuid if provider else None,
        "starts_on": starts_on,
        "review_on": school_day_from(school, max(today, starts_on) + dt.timedelta(weeks=WEEKS_TO_REVIEW)),
    }
    rate = _rate(measure, cuts, baseline, goal, (goal_on - starts_on).days / 7)
    others = [one for one in strategies if one not in suggested]
    words = _measured_in_words(measure)
    return Start(initial, measure, words, baseline_words, goal_words, rate, suggested, others, loads)


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
    uuid = uuid_or_none(typed.get("measure"))
    return Measure.objects.in_use().filter(school=student.school, uuid=uuid).first() if uuid else None


def _strategy(strategies: list[Strategy], typed: dict[str, str]) -> Strategy | None:
    """The strategy chosen so far. None is chosen for people: the first of a list is no reason."""
    uuid = uuid_or_none(typed.get("strategy"))
    return next((one for one in strategies if one.uuid == uuid), None)


def _is_for(strategy: Strategy, student: Student) -> bool:
    """Whether the strategy is for the student's grade."""
    grade = student.grade
    if grade is None:
        return True
    lowest, highest = strategy.lowest_grade, strategy.highest_grade
    return (lowest is None or lowest <= grade) and (highest is None or grade <= highest)


def _measured_in_words(measure: Measure | None) -> str:
    """A warning if the measure is taken too seldom to judge a plan by."""
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


def _measure_for(student: Student, candidate: Candidate | None) -> Measure | None:
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
    """The median of the last three values within 14 days, with a sentence about them."""
    from datareview.analysis.trends import baseline

    if measure is None:
        return None, _("This school has no measure yet.")
    recent = recent_points(student.pk, measure, today - RECENT, today)
    if measure.derived_from:
        return _weekly_baseline(recent)
    recent = [point for point in recent[-3:] if recent[-1][0] - point[0] <= BASELINE_SPAN]
    found = baseline(
        np.array([day.toordinal() for day, _v in recent]), np.array([value for _d, value in recent])
    )
    if found is None:
        return None, _("No score of %(measure)s in the last six weeks. Take three probes first.") % {
            "measure": measure
        }
    words = _("Median of the last scores within 14 days: %(shown)s.") % {"shown": _shown(recent)}
    if len(recent) < 3:
        words += " " + _("Three probes make a more reliable baseline.")
    return round(found[0], 1), words


def _weekly_baseline(weeks: Points) -> tuple[float | None, str]:
    """The median of the last six weeks, since weekly counts vary more than probes, with a sentence about them."""
    if not weeks:
        return None, _("None of the last six weeks was recorded in full.")
    middle = float(np.median([value for _day, value in weeks]))
    return round(middle, 1), _("Median of the last weeks: %(shown)s.") % {"shown": _shown(weeks)}


def _shown(points: Points) -> str:
    return ", ".join(f"{formats.number(value, 1)} ({formats.short_day(day)})" for day, value in points)


def _cuts(student: Student, measure: Measure | None, goal_on: dt.date) -> Benchmark | None:
    if measure is None or student.grade is None:
        return None
    window = school_windows(student.school_id).key_on(goal_on)
    return Benchmark.objects.filter(measure=measure, grade=student.grade, window=window).first()


def _goal(
    measure: Measure | None, cuts: Benchmark | None, baseline: float | None, weeks: float
) -> tuple[float | None, str]:
    """The goal after 1.5 times typical growth until the goal date, or the benchmark if that is closer."""
    if measure is None or baseline is None:
        return None, ""
    if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
        if baseline >= ATTENDANCE_GOAL:
            return None, _("Recent weeks were already at %(goal)s or more. Is a plan still needed?") % {
                "goal": formats.percent(ATTENDANCE_GOAL)
            }
        words = _("Suggested: well past %(line)s, the cut point for chronic absence.")
        return ATTENDANCE_GOAL, words % {"line": formats.percent(90)}
    if cuts is None or not cuts.growth_per_week:
        return None, _(
            "No typical growth is known for this measure and grade. Set a goal the team believes in."
        )
    sign = 1 if measure.higher_is_better else -1
    reach = baseline + sign * AMBITION * abs(cuts.growth_per_week) * weeks
    goal, words = reach, _("Suggested: one and a half times typical growth.")
    if sign * (cuts.at - baseline) > 0:
        goal = sign * min(sign * reach, sign * cuts.at)
        words = _(
            "Suggested: one and a half times typical growth, at most the benchmark of that season (%(cut)s)."
        ) % {"cut": formats.number(cuts.at)}
    # Whole points, except on scales of few points, where a rounded goal could equal the baseline.
    digits = 0 if measure.scale_max - measure.scale_min >= WIDE_SCALE else 1
    return round(min(max(goal, measure.scale_min), measure.scale_max), digits), words


def _rate(
    measure: Measure | None, cuts: Benchmark | None, baseline: float | None, goal: float | None, weeks: float
) -> str:
    """A sentence about the growth needed for the goal, and whether it is realistic."""
    if measure is None or baseline is None or goal is None or weeks <= 0:
        return ""
    rate, typical = round((goal - baseline) / weeks, MOST_PLACES), cuts.growth_per_week if cuts else None
    places = fewest_places([rate], [typical or 0.0], least=1, rounds_marks=True)
    words = ngettext(
        "From %(start)s to %(goal)s needs %(rate)s a week for %(weeks)d week.",
        "From %(start)s to %(goal)s needs %(rate)s a week for %(weeks)d weeks.",
        round(weeks),
    ) % {
        "start": formats.number(baseline),
        "goal": formats.number(goal),
        "rate": formats.signed(rate, places),
        "weeks": round(weeks),
    }
    if not typical:
        return words
    words += " " + _("Typical for the grade: %(typical)s.") % {"typical": formats.signed(typical, places)}
    up = rate if measure.higher_is_better else -rate
    if up <= 0:
        return words + " " + _("That is no growth.")
    if up <= abs(typical):
        return words + " " + _("That keeps pace but closes no gap.")
    bold = _("That is ambitious. Few plans reach twice the typical growth.")
    return words + " " + (bold if up > BOLD * abs(typical) else _("That is ambitious and realistic."))
