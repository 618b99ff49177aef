"""Charts of a team, or of one of its sections, for agendas: levels, the last two windows, attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.figures.queries.attendance import weeks_chart
from datareview.figures.queries.levels import by_window, chart_of_levels, slope_of
from datareview.records.models import Enrollment
from datareview.records.permissions import students_of_team
from datareview.records.queries.order import LISTED, by_name
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from datareview.records.models import Measure, Section, Student
    from teams.directory.models import Team


def windows_chart(team: Team, measure: Measure, section: Section | None = None) -> Chart:
    """The slope chart of a team between its last two windows; DomainError if there are not two."""
    students = _students(team, section)
    found = by_window(team, measure, students)
    chart = slope_of(measure, found, students)
    if chart is None:
        raise DomainError(_("Two benchmark windows with scores are needed first."))
    return chart


def levels_chart(team: Team, measure: Measure, section: Section | None = None) -> Chart:
    """The chart of levels by window."""
    students = _students(team, section)
    return chart_of_levels(measure, by_window(team, measure, students), students)


def team_attendance_chart(team: Team, section: Section | None = None) -> Chart:
    """The chart of a team's attendance by week."""
    return weeks_chart(_students(team, section), team.school)


def _students(team: Team, section: Section | None) -> dict[int, Student]:
    """The team's students by id, limited to those in ``section`` today if it is given."""
    cohort = students_of_team(team)
    if section:
        here = Enrollment.objects.on(team.school.today()).filter(section=section)
        cohort = cohort.filter(pk__in=here.values("student_id"))
    return {student.pk: student for student in cohort.order_by(*by_name()).only(*LISTED)}
