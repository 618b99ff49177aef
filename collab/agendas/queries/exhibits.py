"""Charts on an item, and charts available for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from datareview.dashboards.queries.exhibits import may_see_each, title_of
from datareview.figures.queries.student import measures_for
from datareview.plans.models import Plan
from datareview.progress.queries.of_student import plans_of
from datareview.records.models import Measure
from datareview.records.permissions import students_of_team, students_visible_to
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from datareview.records.models import Student
    from teams.directory.models import Team, User

Choices = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A chart on an item, by title."""

    uuid: UUID
    title: str
    predict_first: bool


def exhibits_on(user: User, item: AgendaItem) -> list[Listed]:
    """The charts of ``item``. Titles are withheld for charts of students that the user does not work with."""
    rows = list(item.exhibits.all())
    seen = may_see_each(user, [(row.view, row.parameters) for row in rows])
    return [
        Listed(
            row.uuid,
            _title(row.view, row.parameters) if is_seen else _("A chart about students you don’t work with"),
            row.predict_first,
        )
        for row, is_seen in zip(rows, seen, strict=True)
    ]


def _title(view: str, parameters: dict[str, str]) -> str:
    try:
        title, kind = title_of(view, parameters), _kinds().get(view)
        return f"{title} ({kind})" if kind else title
    except DomainError as error:
        return str(error)


def _kinds() -> dict[str, str]:
    """Labels of views whose title does not name the kind of chart."""
    return {"levels": _("levels now"), "class_windows": _("over the year")}


def chart_choices(user: User, team: Team, student: Student | None = None) -> Choices:
    """Grouped choices of charts of ``team`` and ``student`` that ``user`` may add to an item."""
    found = [(str(team), _team_charts(team))]
    if student and students_visible_to(user).filter(pk=student.pk).exists():
        found.insert(0, (str(student), student_charts(student)))
    return [(label, charts) for label, charts in found if charts]


def _team_charts(team: Team) -> list[tuple[str, str]]:
    measures = Measure.objects.in_use().filter(school=team.school_id, derived_from="")
    if team.subject:
        measures = measures.filter(subject__in=[team.subject, ""])
    own = measures.filter(scores__student__in=students_of_team(team)).distinct().order_by("-kind", "name")
    charts = [
        (encoded(view, team=team.uuid, measure=measure.uuid), f"{measure}: {label}")
        for measure in own
        for view, label in _kinds().items()
    ]
    return [*charts, (encoded("attendance_weeks", team=team.uuid), _("Attendance"))]


def student_charts(student: Student) -> list[tuple[str, str]]:
    """Charts of ``student``, whom the reader may see: measures with scores, attendance, and active plans."""
    charts = [
        (encoded("student_measure", student=student.uuid, measure=one.uuid), str(one))
        for one in measures_for(student)
        if one.is_scored and one.retired_on is None and not one.derived_from
    ]
    charts.append((encoded("student_attendance", student=student.uuid), _("Attendance")))
    plans = [plan for plan in plans_of(student) if plan.state == Plan.State.ACTIVE]
    return [*charts, *((encoded("plan_progress", plan=one.uuid), str(one)) for one in plans)]


def encoded(view: str, **parameters: object) -> str:
    """A view and its parameters, encoded as a form choice."""
    return urlencode({"view": view, **parameters})


def decoded(value: str) -> tuple[str, dict[str, str]]:
    """The view and parameters of an encoded choice."""
    parameters = dict(parse_qsl(value))
    return parameters.pop("view", ""), parameters
