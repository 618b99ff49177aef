"""The page of a student."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from datareview.figures.queries.levels import level_of
from datareview.figures.queries.student import chart_from, measures_for, series_of
from datareview.flags.models import Candidate, Flag
from datareview.incidents.queries import IncidentRecord, incident_record_of
from datareview.plans.models import Plan
from datareview.plans.queries.of_student import plans_of
from datareview.progress.models import Review
from datareview.records.models import Domain, Enrollment, Measure, SectionTeacher, Student
from datareview.records.queries.families import FamilyRecord, family_record_of
from datareview.results.queries.students import LatestOnStandard, latest_on_standards
from datareview.trends.queries.trends import trend_in_words

if TYPE_CHECKING:
    import datetime as dt

    from datareview.charts.spec import Chart
    from teams.directory.models import User

UNDECIDED = {Candidate.State.NEW, Candidate.State.ON_AGENDA, Candidate.State.WATCH}


@dataclass(frozen=True, slots=True)
class DomainChart:
    """The chart of one measure, with its domain's name."""

    domain: str
    measure: Measure
    chart: Chart
    words: str
    level: int | None

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a student's history."""

    on: dt.date
    what: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class StudentPage:
    """The page of a student: flags, charts, plans with progress, incidents, and history."""

    student: Student
    enrollments: list[Enrollment]
    charts: list[DomainChart]
    flags: list[Flag]
    candidate: Candidate | None
    plans: list[Plan]
    incidents: IncidentRecord
    standards: list[LatestOnStandard]
    family: FamilyRecord
    history: list[Moment]


def student_page(user: User, student: Student) -> StudentPage:
    """Everything on the page of ``student``, whom the user may see."""
    today = student.school.today()
    enrollments = Enrollment.objects.on(today).filter(student=student).select_related("section")
    reviews = Prefetch("reviews", queryset=Review.objects.order_by("pk"))
    plans = plans_of(student)
    prefetch_related_objects(plans, reviews)
    candidates = list(student.candidates.all())
    return StudentPage(
        student=student,
        enrollments=list(
            enrollments.prefetch_related(
                Prefetch(
                    "section__teacher_links",
                    queryset=SectionTeacher.objects.on(today).select_related("staff__user"),
                )
            ).order_by("-section__is_core", "section__name")
        ),
        charts=_domain_charts(student),
        flags=list(
            student.flags.filter(state=Flag.State.OPEN)
            .select_related("rule")
            .order_by("-severity", "opened_on")
        ),
        candidate=next((one for one in candidates if one.state in UNDECIDED), None),
        plans=[plan for plan in plans if plan.state == Plan.State.ACTIVE],
        incidents=incident_record_of(user, student),
        standards=latest_on_standards(user, student),
        family=family_record_of(user, student),
        history=_history(plans, candidates, student.school.tz),
    )


def _domain_charts(student: Student) -> list[DomainChart]:
    """One chart per measure with data, in the order of domains."""
    order = {domain: place for place, domain in enumerate(Domain.values)}
    measures = sorted(
        measures_for(student), key=lambda one: (order[one.domain], one.kind != Measure.Kind.PROBE, one.kind)
    )
    return [
        DomainChart(
            domain=series.measure.get_domain_display(),
            measure=series.measure,
            chart=chart_from(series),
            words=trend_in_words(series.trend, series.measure),
            level=level_of(
                series.points[-1][1], series.benchmark, higher_is_better=series.measure.higher_is_better
            ),
        )
        for series in series_of(student, measures)
        if series.points
    ]


def _history(plans: list[Plan], candidates: list[Candidate], tz: dt.tzinfo) -> list[Moment]:
    """Plans, reviews and decisions about a student by the school's days, newest first."""
    moments = []
    for plan in plans:
        moments.append(Moment(plan.starts_on, _("Plan started"), str(plan.strategy), plan.get_absolute_url()))
        if plan.ended_on:
            moments.append(
                Moment(plan.ended_on, _("Plan ended"), plan.get_outcome_display(), plan.get_absolute_url())
            )
        for review in plan.reviews.all():
            text = f"{review.get_decision_display()}: {review.reason}"
            on = review.created_at.astimezone(tz).date()
            moments.append(Moment(on, _("Review"), text, plan.get_absolute_url()))
    begun = {plan.candidate_id for plan in plans}
    for candidate in candidates:
        if candidate.decided_at is None or (
            candidate.state == Candidate.State.PLAN and candidate.pk in begun
        ):
            continue  # the plan stands above
        text = f"{candidate.get_state_display()}. {candidate.decision_note}".strip()
        on = candidate.decided_at.astimezone(tz).date()
        moments.append(Moment(on, _("Decision"), text, candidate.get_absolute_url()))
    return sorted(moments, key=lambda moment: moment.on, reverse=True)
