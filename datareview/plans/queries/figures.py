"""Suggested figures of plans: baselines from the data, goals, and how fast students must grow to reach them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.records.models import Benchmark, Measure
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.records.queries.windows import school_windows
from datareview.standard_measures.queries import mastered_from
from teams.lib import formats
from teams.lib.rounding import MOST_PLACES, fewest_places

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.figures.queries.student import Points

AMBITION = 1.5  # times typical growth: the aim of an intervention
BOLD = 2.0  # times typical growth: more than most plans achieve
WIDE_SCALE = 50.0  # range in points from which goals are whole numbers
ATTENDANCE_GOAL = 95.0  # percent of days present; below 90 is chronic absence
RECENT = dt.timedelta(weeks=6)
RECENT_CHECKS = dt.timedelta(weeks=26)
BASELINE_SPAN = dt.timedelta(days=14)
CHECKS = Measure.DerivedFrom.CHECKS


def recent_span(measure: Measure | None) -> dt.timedelta:
    """How far before its first day values count for a plan's baseline: checks of a standard are months apart."""
    return RECENT_CHECKS if measure and measure.derived_from == CHECKS else RECENT


def suggested_baseline(measure: Measure | None, recent: Points) -> tuple[float | None, str]:
    """The median of the last three of ``recent`` within 14 days, with a sentence about them."""
    from datareview.analysis.trends import baseline

    if measure is None:
        return None, _("This school has no measure yet.")
    if measure.derived_from and measure.derived_from != CHECKS:
        return _weekly_baseline(recent)
    recent = [point for point in recent[-3:] if recent[-1][0] - point[0] <= BASELINE_SPAN]
    found = baseline(
        np.array([day.toordinal() for day, _v in recent]), np.array([value for _d, value in recent])
    )
    if measure.derived_from == CHECKS:
        return _checked_baseline(found[0] if found else None, recent)
    if found is None:
        return None, _("No score of %(measure)s in the last six weeks. Take three probes first.") % {
            "measure": measure
        }
    words = _("Median of the last scores within 14 days: %(shown)s.") % {"shown": _shown(recent)}
    if len(recent) < 3:
        words += " " + _("Three probes make a more reliable baseline.")
    return round(found[0], 1), words


def _checked_baseline(middle: float | None, checks: Points) -> tuple[float | None, str]:
    if middle is None:
        return None, _(
            "No check of this standard with three items or more was entered in the last half year."
        )
    words = _("The last check: %(shown)s. On three to five items, a student can be off by chance.")
    if len(checks) > 1:
        words = _("Median of the last checks within 14 days: %(shown)s.")
    return round(middle, 1), words % {"shown": _shown(checks)}


def _weekly_baseline(weeks: Points) -> tuple[float | None, str]:
    """The median of the last six weeks, since weekly counts vary more than probes, with a sentence about them."""
    if not weeks:
        return None, _("None of the last six weeks was recorded in full.")
    middle = float(np.median([value for _day, value in weeks]))
    return round(middle, 1), _("Median of the last weeks: %(shown)s.") % {"shown": _shown(weeks)}


def _shown(points: Points) -> str:
    return ", ".join(f"{formats.number(value, 1)} ({formats.short_day(day)})" for day, value in points)


def cuts_by_grade(
    school_id: int, measure: Measure | None, grades: Collection[int | None], goal_on: dt.date
) -> dict[int, Benchmark]:
    """Map grades to the benchmarks of ``measure`` in the window of ``goal_on``."""
    known = {grade for grade in grades if grade is not None}
    if measure is None or not known:
        return {}
    if measure.derived_from == CHECKS:
        at = mastered_from(measure, measure.school.today())
        return {grade: Benchmark(measure=measure, grade=grade, at=at) for grade in known}
    window = school_windows(school_id).key_on(goal_on)
    return {
        one.grade: one for one in benchmarks_of([measure.pk]) if one.grade in known and one.window == window
    }


def suggested_goal(
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
    if measure.derived_from == CHECKS and cuts is not None:
        if baseline >= cuts.at:
            return None, _("The standard was mastered in the last check. Is a plan still needed?")
        words = _("Suggested: from %(cut)s of the points on, the standard counts as mastered.")
        return cuts.at, words % {"cut": formats.percent(cuts.at, 0)}
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


def rate_in_words(
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
