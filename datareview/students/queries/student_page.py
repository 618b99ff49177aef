"""The page of a student, and the page of all their measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from datareview.anecdotes.queries import AnecdoteRecord, anecdote_record_of
from datareview.disputes.queries.disputes import open_disputes_of
from datareview.figures.queries.levels import level_of
from datareview.figures.queries.student import chart_from, measures_for, series_of
from datareview.flags.models import Candidate, Flag
from datareview.incidents.queries import IncidentRecord, incident_record_of
from datareview.own_goals.queries import OwnGoals, own_goals_of
from datareview.photos.queries import photo_day
from datareview.progress.models import Review
from datareview.progress.queries.of_student import plans_of
from datareview.records.queries.families import FamilyRecord, family_record_of
from datareview.records.queries.of_student import incidents_of
from datareview.records.queries.teams import responsible_teams
from datareview.results.queries.students import LatestOnStandard, latest_on_standards
from datareview.sections.queries.courses import CourseLine, courses_of
from datareview.students.queries.attendance import AttendanceRecord, attendance_record_of
from datareview.students.queries.domains import LATELY, DomainView, domain_views, ordered
from datareview.students.queries.history import Moment, history_of
from datareview.students.queries.status import Sentence, status_of, strengths_of
from datareview.students.queries.support import Support, support_of
from datareview.trends.queries.trends import trend_in_words
from teams.access.prepared import prepared_rows

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from datareview.disputes.models import Dispute
    from datareview.figures.queries.student import MeasureSeries
    from datareview.records.models import Measure, Student
    from teams.directory.models import School, Team, User

UNDECIDED = {*Candidate.LIVE} - {Candidate.State.PLAN}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something about the student that waits for someone, with its page; ``is_late`` if it should be done by now."""

    text: str
    url: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class StudentPage:
    """The page of a student, whose first screen is ``status``, strengths, flags, support and what waits."""

    student: Student
    status: list[Sentence]
    strengths: list[str]
    waiting: list[Waiting]
    courses: list[CourseLine]
    views: list[DomainView]
    measures: int
    attendance: AttendanceRecord
    flags: list[Flag]
    candidate: Candidate | None
    disputes: list[Dispute]
    support: Support
    teams: list[Team]
    incidents: IncidentRecord
    anecdotes: AnecdoteRecord
    own_goals: OwnGoals
    standards: list[LatestOnStandard]
    family: FamilyRecord
    history: list[Moment]
    photo: dt.date | None = None

    @property
    def lead_has_left(self) -> bool:
        """Whether the case lead works here no longer and has handed the case to nobody."""
        lead = self.student.case_lead
        return lead is not None and lead.ends_on is not None and lead.ends_on < self.student.school.today()

    @property
    def fresh_at(self) -> School | None:
        """The school at which the student's data should be fresh; None for one who left."""
        return self.student.school if self.student.status == self.student.Status.ACTIVE else None


@dataclass(frozen=True, slots=True)
class MeasureView:
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


def student_page(user: User, student: Student) -> StudentPage:
    """Everything on the page of ``student``, whom the user may see."""
    today = student.school.today()
    plans = plans_of(student)
    prefetch_related_objects(plans, Prefetch("reviews", queryset=Review.objects.standing().order_by("pk")))
    candidates = prepared_rows(_candidates, student.pk)
    candidate = next((one for one in candidates if one.state in UNDECIDED), None)
    series = series_with_points(student)
    views = domain_views(student, series)
    attendance = attendance_record_of(student)
    support = support_of(student, plans, {one.measure.pk: one.all_points for one in series})
    lately = sum(one.day > today - LATELY for one in incidents_of(student))
    standards = latest_on_standards(user, student)
    secure = [one.name for one in standards if one.is_secure]
    return StudentPage(
        student=student,
        status=status_of(views, attendance, lately, support.plans, is_whole=len(views) == len(series)),
        strengths=[
            *strengths_of(views, attendance),
            *(_("%(standard)s is secure") % {"standard": name} for name in secure),
        ],
        waiting=_waiting(candidate, support, today),
        courses=courses_of(student),
        views=views,
        measures=len(series),
        attendance=attendance,
        flags=prepared_rows(_open_flags, student.pk),
        candidate=candidate,
        disputes=open_disputes_of(student),
        support=support,
        teams=responsible_teams(student),
        incidents=incident_record_of(user, student),
        anecdotes=anecdote_record_of(user, student),
        own_goals=own_goals_of(student),
        photo=photo_day(student),
        standards=standards,
        family=family_record_of(user, student),
        history=history_of(plans, candidates, student.school.tz),
    )


def _candidates(student_id: int) -> QuerySet[Candidate]:
    return Candidate.objects.filter(student=student_id)


def _open_flags(student_id: int) -> QuerySet[Flag]:
    rows = Flag.objects.filter(student=student_id, state=Flag.State.OPEN)
    return rows.select_related("rule").order_by("-severity", "opened_on")


def measure_views(student: Student) -> list[MeasureView]:
    """One chart per measure with data, in the order of domains."""
    return [
        MeasureView(
            domain=series.measure.get_domain_display(),
            measure=series.measure,
            chart=chart_from(series),
            words=trend_in_words(series.trend, series.measure),
            level=level_of(
                series.points[-1][1], series.benchmark, higher_is_better=series.measure.higher_is_better
            ),
        )
        for series in series_with_points(student)
    ]


def series_with_points(student: Student) -> list[MeasureSeries]:
    """The series of each measure on which there is something, in the order of domains."""
    return [one for one in series_of(student, ordered(measures_for(student))) if one.points]


def _waiting(candidate: Candidate | None, support: Support, today: dt.date) -> list[Waiting]:
    """A decision about a concern, and reviews of plans."""
    found = []
    if candidate and candidate.state == Candidate.State.NEW:
        words = _("Decide what to do: %(domain)s") % {"domain": candidate.get_domain_display().lower()}
        found.append(Waiting(words, candidate.get_absolute_url(), is_late=True))
    for view in support.plans:
        if view.is_due:
            words = _("Review the plan: %(strategy)s") % {"strategy": view.plan.strategy}
            found.append(Waiting(words, view.plan.get_absolute_url(), is_late=view.plan.review_on < today))
    return found
