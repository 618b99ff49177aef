"""The queue of candidates, and one of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch

from datareview.charts.sparkline import sparkline
from datareview.models import AttendanceDay, Candidate, Flag, Measure, Plan, Score
from datareview.permissions import candidates_visible_to
from datareview.queries.student_charts import attendance_chart, measure_chart
from teams.permissions import can

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from teams.models import School, User

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate in the queue."""

    candidate: Candidate
    days: int
    svg: str
    flags: list[Flag]
    tried: list[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue, with the counts by state for its tabs."""

    rows: list[Waiting]
    page: Page
    counts: dict[str, int]
    state: str
    grades: list[int]
    may_triage: bool
    watch_until: dt.date


def queue_of(user: User, school: School, wanted: dict[str, str]) -> Queue:
    """Candidates by severity and age, narrowed by ``wanted``; a constant number of queries."""
    visible = candidates_visible_to(user).filter(student__school=school)
    counts = {row["state"]: row["many"] for row in visible.values("state").annotate(many=Count("pk")).order_by()}
    state = wanted.get("state") if wanted.get("state") in Candidate.State.values else Candidate.State.NEW
    grades = sorted(set(visible.filter(state=state).exclude(student__grade=None).values_list("student__grade", flat=True)))
    rows = visible.filter(state=state)
    if wanted.get("domain"):
        rows = rows.filter(domain=wanted["domain"])
    if wanted.get("grade", "").lstrip("-").isdigit():
        rows = rows.filter(student__grade=int(wanted["grade"]))
    if wanted.get("severity", "").isdigit():
        rows = rows.filter(severity=int(wanted["severity"]))
    flags = Flag.objects.filter(state=Flag.State.OPEN).select_related("rule__measure").order_by("-severity", "pk")
    rows = rows.select_related("student__school", "decided_by").prefetch_related(Prefetch("flags", queryset=flags))
    page = Paginator(rows.order_by("-severity", "raised_on", "pk"), A_PAGE).get_page(wanted.get("page", 1))
    today = school.today()
    return Queue(
        rows=_waiting(list(page), today),
        page=page,
        counts=counts,
        state=str(state),
        grades=grades,
        may_triage=can(user, "triage", school),
        watch_until=today + dt.timedelta(weeks=3),
    )


def _waiting(candidates: list[Candidate], today: dt.date) -> list[Waiting]:
    ids = [candidate.student_id for candidate in candidates]
    points = _points(candidates, ids, today)
    tried: dict[int, list[str]] = defaultdict(list)
    for plan in Plan.objects.filter(student__in=ids).select_related("strategy").order_by("starts_on"):
        outcome = plan.get_outcome_display() if plan.outcome else plan.get_state_display()
        tried[plan.student_id].append(f"{plan.strategy} ({outcome.lower()})")
    return [
        Waiting(
            candidate=candidate,
            days=(today - candidate.raised_on).days,
            svg=_spark(points.get(candidate.pk, [])),
            flags=list(candidate.flags.all()),
            tried=tried[candidate.student_id],
        )
        for candidate in candidates
    ]


def _spark(points: list[tuple[dt.date, float]]) -> str:
    return sparkline([value for _day, value in points], [day for day, _value in points]) if points else ""


def _points(candidates: list[Candidate], ids: list[int], today: dt.date) -> dict[int, list[tuple[dt.date, float]]]:
    """Candidate id → the points of what raised it: its flag's measure, or attendance by week."""
    since = today - dt.timedelta(days=120)
    scores: dict[tuple[int, int], list[tuple[dt.date, float]]] = defaultdict(list)
    rows = Score.objects.filter(student__in=ids, taken_on__gte=since).order_by("taken_on", "pk")
    for student_id, measure_id, day, value in rows.values_list("student_id", "measure_id", "taken_on", "value"):
        scores[student_id, measure_id].append((day, value))
    marks: dict[int, dict[dt.date, list[float]]] = defaultdict(lambda: defaultdict(list))
    days = AttendanceDay.objects.filter(student__in=ids, day__gte=since).order_by("day")
    for student_id, day, mark in days.values_list("student_id", "day", "mark"):
        friday = day + dt.timedelta(days=4 - day.weekday())
        marks[student_id][friday].append({"excused": 1.0, "unexcused": 1.0, "partial": 0.5}.get(mark, 0.0))
    found = {}
    for candidate in candidates:
        flag = next(iter(candidate.flags.all()), None)
        if flag and flag.rule.measure_id:
            found[candidate.pk] = scores[candidate.student_id, flag.rule.measure_id]
        else:
            weeks = marks[candidate.student_id]
            found[candidate.pk] = [(day, 100 * (1 - sum(row) / len(row))) for day, row in weeks.items()]
    return found


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One candidate: why, the charts, what was tried, what was decided before."""

    candidate: Candidate
    days: int
    flags: list[Flag]
    charts: list[Chart]
    plans: list[Plan]
    earlier: list[Candidate]
    may_triage: bool
    may_start_plan: bool
    watch_until: dt.date


def candidate_page(user: User, candidate: Candidate) -> CandidatePage:
    """The page of ``candidate``, which the user may see."""
    student = candidate.student
    today = student.school.today()
    flags = list(candidate.flags.select_related("rule__measure").order_by("-severity", "pk"))
    return CandidatePage(
        candidate=candidate,
        days=(today - candidate.raised_on).days,
        flags=flags,
        charts=_charts(candidate, flags),
        plans=list(student.plans.select_related("strategy", "provider__user").order_by("-starts_on")),
        earlier=list(
            student.candidates.exclude(pk=candidate.pk).exclude(decided_at=None).select_related("decided_by").order_by("-pk")
        ),
        may_triage=can(user, "triage", student.school) and candidate.state in ("new", "on_agenda"),
        may_start_plan=can(user, "start_plan", student.school),
        watch_until=today + dt.timedelta(weeks=3),
    )


def _charts(candidate: Candidate, flags: list[Flag]) -> list[Chart]:
    charts, seen = [], set()
    for flag in flags:
        measure: Measure | None = flag.rule.measure
        key = measure.pk if measure else flag.domain
        if key in seen:
            continue
        seen.add(key)
        if measure:
            charts.append(measure_chart(candidate.student, measure))
        elif flag.domain == "attendance":
            charts.append(attendance_chart(candidate.student))
    return charts
