"""Views of the data that can stand on an agenda: by name and parameters, live or frozen.

A view is a function of its parameters alone; who may see it is asked apart, of the person who looks, also
when the chart was frozen long ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from datareview.charts.spec import Chart
from datareview.models import Measure, Plan, Student
from datareview.permissions import plans_visible_to, students_visible_to
from datareview.queries import dashboards, plans, student_charts
from teams.lib.errors import DomainError
from teams.models import Team
from teams.permissions import teams_visible_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet

    from teams.models import User

Parameters = dict[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """One kind of exhibit: what it is of, how it is drawn, and how it is called in a list."""

    subject: str
    draw: Callable[..., Chart]
    title: Callable[..., str]


VIEWS: dict[str, View] = {
    "student_measure": View(
        "student", student_charts.measure_chart, lambda student, measure: f"{student}: {measure}"
    ),
    "student_attendance": View(
        "student",
        student_charts.attendance_chart,
        lambda student: _("%(who)s: attendance") % {"who": student},
    ),
    "class_windows": View("team", dashboards.windows_chart, lambda team, measure: f"{measure}: {team}"),
    "levels": View("team", dashboards.levels_chart, lambda team, measure: f"{measure}: {team}"),
    "attendance_weeks": View(
        "team", dashboards.attendance_chart, lambda team: _("Attendance: %(team)s") % {"team": team}
    ),
    "plan_progress": View("plan", plans.plan_chart, str),
}
_MODELS: dict[str, Any] = {"student": Student, "team": Team, "measure": Measure, "plan": Plan}
_VISIBLE: dict[str, Callable[[Any], QuerySet]] = {
    "student": students_visible_to,
    "team": teams_visible_to,
    "plan": plans_visible_to,
}


def may_see(user: User, view: str, parameters: Parameters) -> bool:
    """Whether ``user`` may see the students that the exhibit shows."""
    known = VIEWS.get(view)
    if known is None or not _is_uuid(parameters.get(known.subject)):
        return False
    return _VISIBLE[known.subject](user).filter(uuid=parameters[known.subject]).exists()


def chart_of(user: User, view: str, parameters: Parameters) -> Chart:
    """The chart as the data are now; DomainError where the user may not see it or it is not there."""
    if not may_see(user, view, parameters):
        raise DomainError(_("This chart shows students you do not work with."))
    return VIEWS[view].draw(**_arguments(parameters))


def title_of(view: str, parameters: Parameters) -> str:
    """What the exhibit is of, for a list; DomainError where it is not there."""
    if view not in VIEWS:
        raise DomainError(_("There is no such chart."))
    return VIEWS[view].title(**_arguments(parameters))


def freeze(view: str, parameters: Parameters) -> dict[str, Any]:
    """The chart as data, to keep in the minutes. Readers are checked when they read."""
    return VIEWS[view].draw(**_arguments(parameters)).to_json()


def frozen_chart(data: dict[str, Any]) -> Chart:
    """The chart that was frozen."""
    return Chart.from_json(data)


def _arguments(parameters: Parameters) -> dict[str, Model]:
    found = {}
    for name, value in parameters.items():
        row = (
            _MODELS[name].objects.filter(uuid=value).first() if name in _MODELS and _is_uuid(value) else None
        )
        if row is None:
            raise DomainError(_("What this chart was about is not there any more."))
        found[name] = row
    return found


def _is_uuid(value: str | None) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False
