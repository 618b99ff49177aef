"""Plans: the caseload, and one plan with its verdict and its arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Count, Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.charts.plans import progress_chart
from datareview.lib.windows import window_of
from datareview.models import Benchmark, PhaseChange, Plan, Review, Score, Session
from datareview.permissions import may_deliver, may_review, plans_visible_to
from teams.models import Holiday

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.analysis.decisions import GoalLine, Projection, Verdict
    from datareview.charts.spec import Chart
    from teams.models import School, Team, User

RULE_NAMES = {
    "trend": gettext_lazy("Trend against the goal line"),
    "four-point": gettext_lazy("Last four scores"),
    "median": gettext_lazy("Median of the last three"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How a plan goes: the verdict, what it is called, and one sentence."""

    verdict: Verdict
    label: str
    tone: str
    sentence: str
    projection: Projection


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the caseload."""

    plan: Plan
    progress: Progress
    is_due: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One rule in words."""

    name: str
    says: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything on the page of a plan."""

    plan: Plan
    today: dt.date
    chart: Chart
    progress: Progress
    arithmetic: list[Arithmetic]
    sessions: list[Session]
    session_today: Session | None
    phases: list[PhaseChange]
    reviews: list[Review]
    may_deliver: bool
    may_review: bool
    is_due: bool


def caseload_of(user: User, school: School, wanted: dict[str, str]) -> list[PlanRow]:
    """Running plans the user may see: own ones first, then by review date."""
    today = school.today()
    plans = plans_visible_to(user).running().filter(student__school=school)
    if wanted.get("tier", "").isdigit():
        plans = plans.filter(tier=int(wanted["tier"]))
    if wanted.get("show") == "due":
        plans = plans.filter(review_on__lte=today)
    if wanted.get("show") == "mine":
        plans = plans.filter(provider__user=user)
    rows = _with_progress(list(_whole(plans)), user, today)
    return sorted(rows, key=lambda row: (not row.is_mine, not row.is_due, row.plan.review_on, str(row.plan.student)))


def _whole(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with everything a verdict needs, in a constant number of queries."""
    sessions = Session.objects.order_by("held_on")
    changes = PhaseChange.objects.order_by("changed_on")
    return plans.select_related(
        "student__school", "strategy", "provider__user", "measure", "team"
    ).prefetch_related(Prefetch("sessions", queryset=sessions), Prefetch("phase_changes", queryset=changes))


def _with_progress(plans: list[Plan], user: User, today: dt.date) -> list[PlanRow]:
    scores: dict[tuple[int, int], list[tuple[dt.date, float]]] = {}
    rows = Score.objects.filter(
        student__in=[plan.student_id for plan in plans], measure__in=[plan.measure_id for plan in plans]
    ).order_by("taken_on", "pk")
    for student_id, measure_id, day, value in rows.values_list("student_id", "measure_id", "taken_on", "value"):
        scores.setdefault((student_id, measure_id), []).append((day, value))
    closed = _holidays(plans)
    return [
        PlanRow(
            plan=plan,
            progress=progress_of(plan, scores.get((plan.student_id, plan.measure_id), []), today, closed),
            is_due=plan.review_on <= today,
            is_mine=plan.provider.user_id == user.pk,
        )
        for plan in plans
    ]


def plan_page(user: User, plan: Plan) -> PlanPage:
    """The page of ``plan``, which the user may see."""
    today = plan.student.school.today()
    points = plan_points(plan, today)
    progress = progress_of(plan, points, today, _holidays([plan]))
    sessions = list(plan.sessions.select_related("logged_by").order_by("-held_on", "-pk"))
    return PlanPage(
        plan=plan,
        today=today,
        chart=_chart(plan, points, progress, today),
        progress=progress,
        arithmetic=[_in_words(rule, plan) for rule in progress.verdict.rules],
        sessions=sessions,
        session_today=next((session for session in sessions if session.held_on == today), None),
        phases=list(plan.phase_changes.order_by("-changed_on")),
        reviews=list(plan.reviews.select_related("decided_by").order_by("-pk")),
        may_deliver=may_deliver(user, plan),
        may_review=may_review(user, plan),
        is_due=plan.state == Plan.State.ACTIVE and plan.review_on <= today,
    )


def plan_chart(plan: Plan, as_of: dt.date | None = None) -> Chart:
    """The progress chart of ``plan`` as of a day (the school's today)."""
    today = as_of or plan.student.school.today()
    points = plan_points(plan, today)
    return _chart(plan, points, progress_of(plan, points, today, _holidays([plan])), today)


def plan_points(plan: Plan, until: dt.date) -> list[tuple[dt.date, float]]:
    """Scores on the plan's measure from three weeks before its baseline until a day."""
    since = min(plan.baseline_on, plan.starts_on) - dt.timedelta(weeks=3)
    rows = Score.objects.filter(
        student=plan.student_id, measure=plan.measure_id, taken_on__range=(since, until)
    ).order_by("taken_on", "pk")
    return list(rows.values_list("taken_on", "value"))


def progress_of(
    plan: Plan, points: list[tuple[dt.date, float]], today: dt.date, closed: set[dt.date]
) -> Progress:
    """The verdict of ``plan`` on ``points``, in words."""
    from datareview.analysis.decisions import judge_plan, project

    since = max([plan.starts_on, *[change.changed_on for change in plan.phase_changes.all()]])
    days = np.array([day.toordinal() for day, _value in points], dtype=np.int64)
    values = np.array([value for _day, value in points], dtype=float)
    up, line = plan.measure.higher_is_better, goal_line(plan)
    verdict = judge_plan(days, values, line, dosage_of(plan, today, closed), since=since.toordinal(), higher_is_better=up)
    recent = days >= since.toordinal()
    scale = (plan.measure.scale_min, plan.measure.scale_max)
    projection = project(days[recent], values[recent], line, now=today.toordinal(), higher_is_better=up, scale=scale)
    label, tone = _LABELS[verdict.says]
    return Progress(verdict, str(label()), tone, _sentence(verdict), projection)


def goal_line(plan: Plan) -> GoalLine:
    """The kernel's goal line of ``plan``."""
    from datareview.analysis.decisions import GoalLine

    return GoalLine(plan.baseline_on.toordinal(), plan.baseline, plan.goal_on.toordinal(), plan.goal)


def dosage_of(plan: Plan, today: dt.date, closed: set[dt.date]):  # noqa: ANN201 (lazily imported)
    """Sessions planned by the plan's weekdays from its start until yesterday (today when logged), and logged."""
    from datareview.analysis.decisions import Dosage

    logged = {session.held_on: session for session in plan.sessions.all() if session.held_on <= today}
    span = (today - plan.starts_on).days
    days = [plan.starts_on + dt.timedelta(days=offset) for offset in range(max(span, 0))]
    planned = {day for day in days if day.weekday() in plan.weekdays and day not in closed} | set(logged)
    held = sum(session.result == Session.Result.HELD for session in logged.values())
    return Dosage(planned=len(planned), held=held, not_held=len(logged) - held)


def plans_due(team: Team, until: dt.date) -> QuerySet[Plan]:
    """Running plans of ``team`` whose review falls on or before a day."""
    return Plan.objects.running().filter(team=team, review_on__lte=until)


def _holidays(plans: list[Plan]) -> set[dt.date]:
    schools = {plan.student.school_id for plan in plans}
    closed: set[dt.date] = set()
    for first, last in Holiday.objects.filter(school__in=schools).values_list("starts_on", "ends_on"):
        closed.update(first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))
    return closed


def _chart(plan: Plan, points: list[tuple[dt.date, float]], progress: Progress, today: dt.date) -> Chart:
    title = f"{plan.student}: {progress.label.lower()}"
    last = points[-1][0] if points else None
    source = _("%(n)d scores of %(measure)s.") % {"n": len(points), "measure": plan.measure}
    if last:
        source += " " + _("Data to %(day)s.") % {"day": date_format(last, "j M")}
    window = window_of(today)
    benchmark = None
    if plan.student.grade is not None:
        rows = Benchmark.objects.filter(measure=plan.measure_id, grade=plan.student.grade, window=window)
        benchmark = rows.first()
    return progress_chart(
        plan, points, title=title, sentence=progress.sentence, source=source, trend=_trend_band(plan, points),
        phases=list(plan.phase_changes.all()), benchmark=benchmark,
    )  # fmt: skip


def _trend_band(plan: Plan, points: list[tuple[dt.date, float]]) -> list[tuple[dt.date, float, float, float]]:
    """The fitted line since the last phase line with the 95 % interval of its mean, at a few days."""
    import pandas as pd
    from scipy import stats

    from datareview.analysis.trends import fit_trends

    since = max([plan.starts_on, *[change.changed_on for change in plan.phase_changes.all()]])
    recent = [point for point in points if point[0] >= since]
    if len(recent) < 3:
        return []
    frame = pd.DataFrame({"series": 0, "day": [d.toordinal() for d, _v in recent], "value": [v for _d, v in recent]})
    fit = fit_trends(frame).iloc[0]
    if fit["status"] != "ok":
        return []
    days = np.linspace(fit["first_day"], fit["last_day"], 9).round().astype(int)
    ahead = days / 7.0 - fit["mean_week"]
    middle = fit["mean"] + fit["slope"] * ahead
    half = stats.t.ppf(0.975, fit["n"] - 2) * fit["see"] * np.sqrt(1 / fit["n"] + ahead**2 / fit["sxx"])
    rows = zip(days, middle, middle - half, middle + half, strict=True)
    return [(dt.date.fromordinal(int(day)), float(y), float(low), float(high)) for day, y, low, high in rows]


_LABELS = {
    "collect": (lambda: _("Keep collecting scores"), "wait"),
    "deliver": (lambda: _("Not delivered enough to judge"), "wait"),
    "change": (lambda: _("Off track: change the instruction"), "act"),
    "raise": (lambda: _("Ahead: raise the goal or plan the exit"), "good"),
    "continue": (lambda: _("On track: continue"), "good"),
    "together": (lambda: _("The rules disagree: look together"), "wait"),
}


def _sentence(verdict: Verdict) -> str:
    dosage = verdict.dosage
    delivery = _("%(held)d of %(planned)d planned sessions were held, %(not_logged)d are not logged.") % {
        "held": dosage.held, "planned": dosage.planned, "not_logged": dosage.not_logged,
    }  # fmt: skip
    scores = _("%(n)d scores over %(weeks)d weeks.") % {"n": verdict.n, "weeks": int(verdict.weeks)}
    if verdict.says == "collect":
        scores += " " + _("A judgement needs six scores and six weeks.")
    elif verdict.is_provisional:
        scores += " " + _("Provisional: fewer than ten scores.")
    return f"{scores} {delivery}"


def _in_words(rule, plan: Plan) -> Arithmetic:  # noqa: ANN001 (lazily imported)
    figures = rule.figures
    if rule.name == "trend" and "low" in figures:
        sentence = _(
            "Growth %(slope)+.2f a week, 90 %% interval %(low)+.2f to %(high)+.2f over %(n)d scores; "
            "the goal needs %(needed)+.2f."
        ) % figures
    elif rule.name == "trend":
        sentence = _("All %(n)d scores are the same; the goal needs %(needed)+.2f a week.") % figures
    elif rule.name == "four-point":
        sentence = _("Of the last four scores, %(below)d are under the goal line and %(above)d over it.") % figures
    else:
        sentence = _("Median %(median)g; the goal line is at %(line).1f.") % figures
    label, _tone = _LABELS[rule.says]
    return Arithmetic(str(RULE_NAMES[rule.name]), str(label()), sentence)


def provider_loads(school: School) -> dict[int, int]:
    """Staff id → running plans they deliver."""
    rows = Plan.objects.running().filter(provider__school=school).values("provider").annotate(many=Count("pk"))
    return {row["provider"]: row["many"] for row in rows}

