"""Views of the data for agendas, identified by name and parameters, live or frozen.

A view is a function of its parameters only. Permission is checked separately for each reader, also of charts
frozen long ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.charts.spec import Chart
from datareview.comparisons.queries.pinned import TEXTS, pinned_chart, pinned_title
from datareview.dashboards.queries import team_charts
from datareview.figures.queries import student
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.progress.queries.plan_page import plan_chart
from datareview.records.models import Measure, Section, Student
from datareview.records.permissions import students_visible_to
from teams.access.permissions import teams_visible_to
from teams.directory.models import Team
from teams.lib.errors import DomainError
from teams.lib.hidden_names import real_names
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    from teams.directory.models import User

Parameters = dict[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """A kind of exhibit: its subject, its drawing function, and its title function.

    ``needs`` and ``takes`` name the required and optional parameters besides the subject; all are public ids but the
    optional ``texts``.
    """

    subject: str
    draw: Callable[..., Chart]
    title: Callable[..., str]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def _of_measure(team: Team, measure: Measure, section: Section | None = None) -> str:
    return f"{measure}: {section or team}"


VIEWS: dict[str, View] = {
    "student_measure": View(
        "student",
        student.measure_chart,
        lambda student, measure: f"{student}: {measure}",
        needs=("measure",),
    ),
    "student_attendance": View(
        "student",
        student.attendance_chart,
        lambda student: _("%(who)s: attendance") % {"who": student},
    ),
    "class_windows": View(
        "team", team_charts.windows_chart, _of_measure, needs=("measure",), takes=("section",)
    ),
    "levels": View("team", team_charts.levels_chart, _of_measure, needs=("measure",), takes=("section",)),
    "attendance_weeks": View(
        "team",
        team_charts.team_attendance_chart,
        lambda team, section=None: _("Attendance: %(team)s") % {"team": section or team},
        takes=("section",),
    ),
    "explore": View("team", pinned_chart, pinned_title, takes=("measure",), texts=TEXTS),
    "plan_progress": View("plan", plan_chart, str),
}
_MODELS: dict[str, Any] = {
    "student": Student,
    "team": Team,
    "measure": Measure,
    "section": Section,
    "plan": Plan,
}
_VISIBLE: dict[str, Callable[[Any], QuerySet]] = {
    "student": students_visible_to,
    "team": teams_visible_to,
    "plan": plans_visible_to,
}


def may_see(user: User, view: str, parameters: Parameters) -> bool:
    """Whether ``user`` may see the students in an exhibit."""
    return may_see_each(user, [(view, parameters)])[0]


def may_see_each(user: User, exhibits: Sequence[tuple[str, Parameters]]) -> list[bool]:
    """`may_see` for several exhibits (view and parameters), with one query per kind of subject."""
    subjects = [subject_of(view, parameters) for view, parameters in exhibits]
    wanted: dict[str, set[str]] = {}
    for kind, uuid in filter(None, subjects):
        wanted.setdefault(kind, set()).add(uuid)
    seen = {
        (kind, str(uuid))
        for kind, uuids in wanted.items()
        for uuid in _VISIBLE[kind](user).filter(uuid__in=uuids).values_list("uuid", flat=True)
    }
    return [subject in seen for subject in subjects]


def subject_of(view: str, parameters: Parameters) -> tuple[str, str] | None:
    """Kind and public id of the subject of an exhibit, or None if the view is unknown."""
    known = VIEWS.get(view)
    uuid = uuid_or_none(parameters.get(known.subject)) if known else None
    return (known.subject, str(uuid)) if known and uuid else None


def is_of_student(view: str) -> bool:
    """Whether the view shows one student."""
    return view in VIEWS and VIEWS[view].subject in ("student", "plan")


def chart_of(user: User, view: str, parameters: Parameters) -> Chart:
    """Draw the chart from current data; DomainError if the user may not see it or it does not exist."""
    if not may_see(user, view, parameters):
        raise DomainError(_("This chart shows students you don’t work with."))
    return _draw(view, parameters)


def title_of(view: str, parameters: Parameters) -> str:
    """The title of the exhibit in a list; DomainError if it does not exist."""
    arguments = _arguments(view, parameters)
    return VIEWS[view].title(**arguments)


def freeze(view: str, parameters: Parameters) -> dict[str, Any]:
    """Draw the chart as JSON with real names, for the minutes. Permission is checked when it is shown."""
    with real_names():
        return _draw(view, parameters).to_json()


def frozen_chart(data: dict[str, Any]) -> Chart:
    """Restore a frozen chart."""
    return Chart.from_json(data)


def _draw(view: str, parameters: Parameters) -> Chart:
    arguments = _arguments(view, parameters)
    return VIEWS[view].draw(**arguments)


def _arguments(view: str, parameters: Parameters) -> dict[str, Any]:
    """Look up the rows of the parameters, all of one school; DomainError for missing, extra or unknown ones."""
    known = VIEWS.get(view)
    if known is None:
        raise DomainError(_("That chart doesn’t exist."))
    needed = {known.subject, *known.needs}
    if not needed <= parameters.keys() <= needed | {*known.takes, *known.texts}:
        raise DomainError(_("That chart doesn’t exist."))
    texts = {name: value for name, value in parameters.items() if name in known.texts}
    found = {name: _row(name, value) for name, value in parameters.items() if name not in texts}
    subject = found[known.subject]
    school = subject.student.school_id if isinstance(subject, Plan) else subject.school_id
    if any(row.school_id != school for name, row in found.items() if name != known.subject):
        raise DomainError(_("The data for this chart no longer exists."))
    return found | texts


def _row(name: str, value: str) -> Any:
    row = _MODELS[name].objects.filter(uuid=uuid_or_none(value)).first()
    if row is None:
        raise DomainError(_("The data for this chart no longer exists."))
    return row
