"""The page of a plan: chart, verdict with its arithmetic, sessions and reviews; and plans due for review."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.plans.models import Plan
from datareview.plans.permissions import may_deliver, may_review
from datareview.plans.queries.points import points_of_plans
from datareview.progress.models import Session
from datareview.progress.queries.progress import (
    Progress,
    phase_start,
    planned_days,
    progress_of,
)
from datareview.progress.queries.undoing import undoable_review
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.records.queries.windows import school_windows
from datareview.verdicts.charts import progress_chart
from datareview.verdicts.queries.words import (
    Arithmetic,
    arithmetic_of,
    dissent_in_words,
    goal_line,
    projection_in_words,
)
from teams.directory.queries.days import closed_days
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from datareview.figures.queries.student import Points
    from datareview.hand_scores.models import SetAsideScore
    from datareview.progress.models import PhaseChange, Review
    from datareview.records.models import Benchmark
    from teams.directory.models import User

NEXT_REVIEW = dt.timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything on a plan's page."""

    plan: Plan
    today: dt.date
    chart: Chart
    progress: Progress
    projection: str
    arithmetic: list[Arithmetic]
    dissent: str
    sessions: list[Session]
    session_today: Session | None
    missing: list[dt.date]
    phases: list[PhaseChange]
    reviews: list[Review]
    undoable: Review | None
    set_aside: list[SetAsideScore]
    may_deliver: bool
    may_review: bool
    may_remove: bool
    may_reopen: bool
    is_due: bool
    needed_a_week: float
    next_review_on: dt.date


def plan_page(user: User, plan: Plan) -> PlanPage:
    """The page of ``plan``, which the user may see."""
    today = plan.student.school.today()
    closed = closed_days([plan.student.school_id])
    logs = Prefetch("sessions", Session.objects.select_related("logged_by").order_by("-held_on", "-pk"))
    prefetch_related_objects([plan], logs, "phase_changes")
    sessions = list(plan.sessions.all())
    points = points_of_plans([plan], today)[plan.pk]
    progress = progress_of(plan, points, today, closed)
    logged = {session.held_on for session in sessions}
    is_active = plan.state == Plan.State.ACTIVE
    reviews = list(plan.reviews.select_related("decided_by", "undone_by").order_by("-pk"))
    return PlanPage(
        plan=plan,
        today=today,
        chart=_chart(plan, points, progress, today),
        progress=progress,
        projection=projection_in_words(progress.verdict, plan),
        arithmetic=arithmetic_of(progress.verdict),
        dissent=dissent_in_words(progress.verdict),
        sessions=sessions,
        session_today=next((session for session in sessions if session.held_on == today), None),
        missing=[
            day
            for day in reversed(planned_days(plan, min(today, plan.ended_on or today), closed))
            if day not in logged
        ],
        phases=sorted(plan.phase_changes.all(), key=lambda change: change.changed_on, reverse=True),
        reviews=reviews,
        undoable=undoable_review(plan, reviews) if may_review(user, plan) else None,
        set_aside=list(
            plan.student.set_aside_scores.filter(measure=plan.measure_id).select_related("set_aside_by")
        ),
        may_deliver=is_active and may_deliver(user, plan),
        may_review=is_active and may_review(user, plan),
        may_remove=may_deliver(user, plan),
        may_reopen=not is_active and plan.student.left_on is None and may_review(user, plan),
        is_due=is_active and plan.review_on <= today,
        needed_a_week=goal_line(plan).slope,
        next_review_on=max(today, plan.review_on) + NEXT_REVIEW,
    )


def plan_chart(plan: Plan, as_of: dt.date | None = None) -> Chart:
    """The progress chart of ``plan`` as of a day (default: today)."""
    today = as_of or plan.student.school.today()
    prefetch_related_objects([plan], "sessions", "phase_changes")
    points = points_of_plans([plan], today)[plan.pk]
    return _chart(
        plan, points, progress_of(plan, points, today, closed_days([plan.student.school_id])), today
    )


def _chart(plan: Plan, points: Points, progress: Progress, today: dt.date) -> Chart:
    title = f"{plan.student}: {progress.label.lower()}, {progress.advice}"
    source = ngettext("%(n)s value of %(measure)s.", "%(n)s values of %(measure)s.", len(points)) % {
        "n": formats.number(len(points)),
        "measure": str(plan.measure).rstrip("."),  # that of a standard is its sentence
    }
    if points:
        source += " " + _("Data to %(day)s.") % {"day": formats.short_day(points[-1][0])}
    return progress_chart(
        plan,
        points,
        title=title,
        sentence=f"{progress.sentence} {progress.dosage}.",
        source=source,
        trend=_trend_band(plan, points),
        phases=list(plan.phase_changes.all()),
        benchmark=_benchmark(plan, today),
        is_firm=progress.verdict.status == "ok",
    )


def _benchmark(plan: Plan, today: dt.date) -> Benchmark | None:
    window, grade = school_windows(plan.student.school_id).key_on(today), plan.student.grade
    rows = [] if grade is None else benchmarks_of([plan.measure_id], grade)
    return next((one for one in rows if one.window == window), None)


def _trend_band(plan: Plan, points: Points) -> list[tuple[dt.date, float, float, float]]:
    """The fitted line of the current phase with the 95 % interval of its mean, at nine days."""
    import pandas as pd
    from scipy import stats

    from datareview.analysis.trends import fit_trends

    since = phase_start(plan)
    recent = [point for point in points if point[0] >= since]
    if len(recent) < 3:
        return []
    frame = pd.DataFrame(
        {"series": 0, "day": [d.toordinal() for d, _v in recent], "value": [v for _d, v in recent]}
    )
    fit = fit_trends(frame).iloc[0]
    if fit["status"] != "ok":
        return []
    days = np.linspace(fit["first_day"], fit["last_day"], 9).round().astype(int)
    ahead = days / 7.0 - fit["mean_week"]
    middle = fit["mean"] + fit["slope"] * ahead
    half = stats.t.ppf(0.975, fit["n"] - 2) * fit["see"] * np.sqrt(1 / fit["n"] + ahead**2 / fit["sxx"])
    low, high = (
        np.clip(edge, plan.measure.scale_min, plan.measure.scale_max)
        for edge in (middle - half, middle + half)
    )
    rows = zip(days, middle, low, high, strict=True)
    return [
        (dt.date.fromordinal(int(day)), float(y), float(bottom), float(top)) for day, y, bottom, top in rows
    ]
