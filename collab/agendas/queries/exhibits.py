"""The charts on an item, and those that could stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from datareview.dashboards.queries.exhibits import may_see_each, title_of
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
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
    """A chart on an item, in words."""

    uuid: UUID
    title: str
    predict_first: bool


def exhibits_on(user: User, item: AgendaItem) -> list[Listed]:
    """The charts of ``item``; of one whose students the user does not serve, only that it is there."""
    rows = list(item.exhibits.all())
    seen = may_see_each(user, [(row.view, row.parameters) for row in rows])
    return [
        Listed(
            row.uuid,
            _title(row.view, row.parameters) if is_seen else _("A chart of students you do not work with"),
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
    """What sort of chart it is, where its title does not say."""
    return {"levels": _("levels now"), "class_windows": _("over the year")}


def chart_choices(user: User, team: Team, student: Student | None = None) -> Choices:
    """Charts of ``team``, and of ``student``, that ``user`` may put on one of its items, in groups to choose from."""
    found = [(str(team), _team_charts(team))]
    if student and students_visible_to(user).filter(pk=student.pk).exists():
        found.insert(0, (str(student), student_charts(user, student)))
    return [(label, charts) for label, charts in found if charts]


def _team_charts(team: Team) -> list[tuple[str, str]]:
    measures = Measure.objects.filter(school=team.school_id, derived_from="").exclude(benchmarks=None)
    if team.subject:
        measures = measures.filter(subject__in=[team.subject, ""])
    own = measures.filter(scores__student__in=students_of_team(team)).distinct().order_by("-kind", "name")
    charts = [
        (encoded(view, team=team.uuid, measure=measure.uuid), f"{measure}: {label}")
        for measure in own
        for view, label in _kinds().items()
    ]
    return [*charts, (encoded("attendance_weeks", team=team.uuid), _("Attendance"))]


def student_charts(user: User, student: Student) -> list[tuple[str, str]]:
    """Charts of one student: each measure with scores, attendance, and the plans the user may see."""
    measures = Measure.objects.filter(school=student.school_id, derived_from="", scores__student=student)
    charts = [
        (encoded("student_measure", student=student.uuid, measure=one.uuid), str(one))
        for one in measures.distinct().order_by("domain", "name")
    ]
    charts.append((encoded("student_attendance", student=student.uuid), _("Attendance")))
    plans = (
        plans_visible_to(user)
        .filter(student=student, state=Plan.State.ACTIVE)
        .select_related("student", "strategy")
    )
    return [*charts, *((encoded("plan_progress", plan=one.uuid), str(one)) for one in plans)]


def encoded(view: str, **parameters: object) -> str:
    """A view with its parameters as the value of a choice."""
    return urlencode({"view": view, **parameters})


def decoded(value: str) -> tuple[str, dict[str, str]]:
    """The view and parameters of a choice's value."""
    parameters = dict(parse_qsl(value))
    return parameters.pop("view", ""), parameters
