"""The triage list, and the page of a candidate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from datareview.disputes.queries.disputes import open_disputes_of
from datareview.figures.queries.student import (
    attendance_chart_from,
    attendance_measure,
    chart_from,
    measures_for,
    series_of,
)
from datareview.flags.models import Candidate, Flag, ReopenedDecision
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.queries.clears import clears_when
from datareview.flags.queries.concerns import concern_of, concerns_of
from datareview.plans.models import Plan
from datareview.records.permissions import students_of_team
from datareview.requests.queries import open_requests
from teams.access.permissions import can, visible_teams
from teams.lib import formats
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from datareview.disputes.models import Dispute
    from datareview.figures.queries.student import MeasureSeries
    from datareview.records.models import Measure, Student
    from datareview.requests.models import AssistanceRequest
    from teams.directory.models import School, Team, User

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class TriageRow:
    """A candidate in the triage list: waiting time, sparkline, earlier plans and decisions."""

    candidate: Candidate
    days: int
    svg: str
    svg_of: str
    tried: list[str]
    is_decidable: bool
    is_reopenable: bool


@dataclass(frozen=True, slots=True)
class TriageList:
    """A page of the triage list, with the counts by state for its tabs."""

    rows: list[TriageRow]
    page: Page
    tabs: list[tuple[str, str, int]]
    state: str
    grades: list[int]
    teams: list[Team]
    today: dt.date


def triage_list(user: User, school: School, wanted: Mapping[str, Any]) -> TriageList:
    """Candidates by severity and age, filtered by ``wanted``; a constant number of queries."""
    visible = candidates_visible_to(user).filter(student__school=school)
    state = wanted.get("state") if wanted.get("state") in Candidate.State.values else Candidate.State.NEW
    teams = [one for one in visible_teams(user, school) if one.is_active]
    rows = _narrowed(visible.filter(state=state), wanted, teams)
    rows = rows.select_related("student__school", "decided_by")
    order = ["-severity", "raised_on", "pk"] if state in Candidate.DECIDABLE else ["-decided_at", "pk"]
    page = Paginator(rows.order_by(*order), A_PAGE).get_page(wanted.get("page", 1))
    grades = (
        visible.exclude(student__grade=None).order_by().values_list("student__grade", flat=True).distinct()
    )
    today = school.today()
    return TriageList(
        rows=_triage_rows(list(page), today),
        page=page,
        tabs=triage_tabs(user, school),
        state=str(state),
        grades=sorted(grade for grade in grades if grade is not None),
        teams=teams,
        today=today,
    )


def matching_candidates(user: User, school: School, wanted: Mapping[str, Any]) -> QuerySet[Candidate]:
    """All candidates that await a decision and match the filters of the list, on every page of it."""
    state = wanted.get("state") if wanted.get("state") in Candidate.DECIDABLE else Candidate.State.NEW
    teams = [one for one in visible_teams(user, school) if one.is_active]
    visible = candidates_visible_to(user).filter(student__school=school, state=state)
    return _narrowed(visible, wanted, teams).select_related("student__school")


def triage_tabs(user: User, school: School) -> list[tuple[str, str, int]]:
    """The tabs of the triage list: each state, its name and how many candidates are in it."""
    visible = candidates_visible_to(user).filter(student__school=school).order_by()
    counts = dict(visible.values_list("state").annotate(Count("pk")))
    return [(value, str(label), counts.get(value, 0)) for value, label in Candidate.State.choices]


def triage_row(candidate: Candidate) -> TriageRow:
    """The current row of one candidate."""
    return _triage_rows([candidate], candidate.student.school.today())[0]


def _narrowed(rows: QuerySet[Candidate], wanted: Mapping[str, Any], teams: list[Team]) -> QuerySet[Candidate]:
    if wanted.get("domain"):
        rows = rows.filter(domain=wanted["domain"])
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(student__grade=grade)
    if (severity := int_or_none(wanted.get("severity"))) is not None:
        rows = rows.filter(severity=severity)
    if team := next((team for team in teams if str(team.uuid) == wanted.get("team")), None):
        rows = rows.filter(student__in=students_of_team(team))
    return rows


def _triage_rows(candidates: list[Candidate], today: dt.date) -> list[TriageRow]:
    concerns, tried = concerns_of(candidates, today), _tried(candidates)
    rows = []
    for candidate in candidates:
        concern = concerns[candidate.pk]
        rows.append(
            TriageRow(
                candidate=candidate,
                days=max((today - candidate.raised_on).days, 0),
                svg=concern.svg,
                svg_of=concern.name,
                tried=tried[candidate.pk],
                is_decidable=candidate.state in Candidate.DECIDABLE,
                is_reopenable=candidate.state in Candidate.REOPENABLE,
            )
        )
    return rows


def _tried(candidates: list[Candidate]) -> dict[int, list[str]]:
    """Map candidate ids to sentences about earlier plans of the student and earlier decisions."""
    students = {candidate.student_id for candidate in candidates}
    plans: dict[int, list[str]] = defaultdict(list)
    for plan in Plan.objects.filter(student__in=students).select_related("strategy").order_by("-starts_on"):
        since, outcome = (
            formats.month(plan.starts_on, with_year=True),
            plan.get_outcome_display() or plan.get_state_display(),
        )
        plans[plan.student_id].append(f"{plan.strategy}, {since}: {outcome.lower()}")
    decided: dict[int, list[Candidate]] = defaultdict(list)
    for earlier in (
        Candidate.objects.filter(student__in=students).exclude(decided_at=None).order_by("-decided_at")
    ):
        decided[earlier.student_id].append(earlier)
    return {
        candidate.pk: plans[candidate.student_id]
        + [
            _decided(one)
            for one in decided[candidate.student_id]
            if one.pk != candidate.pk and one.decided_by_id
        ]
        for candidate in candidates
    }


def _decided(candidate: Candidate) -> str:
    note = f" (“{candidate.decision_note}”)" if candidate.decision_note else ""
    figures = {
        "domain": candidate.get_domain_display(),
        "day": formats.short_day(candidate.decided_at or candidate.raised_on),
        "what": candidate.get_state_display().lower(),
        "note": note,
    }
    return _("%(domain)s, %(day)s: %(what)s%(note)s") % figures


@dataclass(frozen=True, slots=True)
class Reason:
    """One flag of a candidate: its sentence, and the condition that clears it."""

    flag: Flag
    clears: str


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """The page of a candidate: reasons, charts, earlier plans and decisions.

    Where people asked and no flag is its own, ``reasons`` are the open flags of the same need, about which a decision is
    made already. ``is_of_several`` says that its own flags are about several measures.
    ``worse_of`` names the values that a watch "until worse than" compares; "" without such a watch.
    """

    candidate: Candidate
    student: Student
    days: int
    reasons: list[Reason]
    requests: list[AssistanceRequest]
    disputes: list[Dispute]
    charts: list[Chart]
    plans: list[Plan]
    earlier: list[Candidate]
    reopened: list[ReopenedDecision]
    is_decidable: bool
    is_reopenable: bool
    may_triage: bool
    worse_of: str
    is_of_several: bool


def candidate_page(user: User, candidate: Candidate) -> CandidatePage:
    """The page of ``candidate``, which the user may see."""
    student = candidate.student
    today = student.school.today()
    own = list(_in_order(candidate.flags.all()))
    flags = own or list(_in_order(student.flags.filter(domain=candidate.domain, state=Flag.State.OPEN)))
    earlier = (
        student.candidates.exclude(pk=candidate.pk).exclude(decided_at=None).select_related("decided_by")
    )
    return CandidatePage(
        candidate=candidate,
        student=student,
        days=max((today - candidate.raised_on).days, 0),
        reasons=[Reason(flag, clears_when(flag.rule, flag.evidence)) for flag in flags],
        disputes=open_disputes_of(student),
        requests=open_requests(user, [candidate]).get(candidate.pk, []),
        charts=_charts(candidate, flags),
        plans=list(student.plans.select_related("strategy", "provider__user").order_by("-starts_on")),
        earlier=list(earlier.order_by("-decided_at")),
        reopened=list(candidate.reopened_decisions.select_related("decided_by", "reopened_by")),
        is_decidable=candidate.state in Candidate.DECIDABLE,
        is_reopenable=candidate.state in Candidate.REOPENABLE,
        may_triage=can(user, "triage", student.school),
        worse_of="" if candidate.worse_than is None else concern_of(candidate).name,
        is_of_several=len({flag.rule.measure_id for flag in own} - {None}) > 1,
    )


def _in_order(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    return flags.select_related("rule__measure").order_by("state", "-severity", "pk")


def _charts(candidate: Candidate, flags: list[Flag]) -> list[Chart]:
    """The chart of each measure of ``flags``, and of attendance, in their order; without flags what the need is about."""
    drawn: dict[int | str, tuple[Measure, Callable[[MeasureSeries], Chart]]] = {}
    for flag in flags:
        if flag.rule.measure:
            drawn.setdefault(flag.rule.measure.pk, (flag.rule.measure, chart_from))
        elif flag.domain == "attendance" and flag.domain not in drawn:
            drawn[flag.domain] = attendance_measure(candidate.student), attendance_chart_from
    if not flags and candidate.domain == "attendance":
        drawn[candidate.domain] = attendance_measure(candidate.student), attendance_chart_from
    elif not flags:
        of_need = [
            one for one in measures_for(candidate.student) if one.domain == candidate.domain and one.is_scored
        ]
        drawn |= {one.pk: (one, chart_from) for one in of_need if not one.retired_on}
    found = series_of(candidate.student, [measure for measure, _draw in drawn.values()])
    return [draw(series) for (_measure, draw), series in zip(drawn.values(), found, strict=True)]
