"""Dashboards of teams: levels now and before, students who moved, attendance and incidents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from datareview.figures.queries.attendance import incidents_by_kind, weeks_chart
from datareview.figures.queries.levels import (
    ByWindow,
    by_measure_and_window,
    by_window,
    chart_of_levels,
    paired_scores,
    slope_of,
)
from datareview.records.models import Enrollment, Measure, Section
from datareview.records.permissions import students_of_team, students_visible_to
from datareview.records.queries.order import LISTED, by_name
from teams.access.permissions import visible_teams
from teams.access.scope import scope_of
from teams.lib.errors import DomainError
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.charts.spec import Chart
    from datareview.figures.charts.cohort import TwoWindowScores
    from datareview.records.models import Student
    from datareview.records.windows import WindowSpan
    from teams.directory.models import School, Team, User

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class Moves:
    """Students who moved up (or down) a level since the previous window, largest changes first."""

    is_up: bool
    count: int
    pairs: list[TwoWindowScores]

    @property
    def rest(self) -> int:
        """The number of students not named."""
        return self.count - len(self.pairs)


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure of a team; ``view`` and ``parameters`` identify its chart for an agenda.

    ``moves`` are those of the ``compared`` students with a level in both of the last two ``windows``, named in a
    sentence.
    """

    measure: Measure
    team: Team
    chart: Chart
    view: str
    parameters: dict[str, str]
    moves: list[Moves]
    missing: int
    windows: tuple[str, ...] = ()
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The dashboard page: a panel per measure, attendance and incidents."""

    team: Team
    students: int
    panels: list[Panel]
    attendance: Panel | None
    incidents: list[tuple[str, int]]
    sections: list[Section]
    section: Section | None


def dashboard_of(user: User, team: Team, *, section_uuid: str = "") -> Dashboard:
    """The dashboard of the students of ``team`` whom the user may see, or of one section of them."""
    cohort = students_of_team(team) & students_visible_to(user)
    here = Enrollment.objects.on(team.school.today()).filter(student__in=cohort)
    sections = list(Section.objects.filter(pk__in=here.values("section_id"), is_core=True).order_by("name"))
    section = next((one for one in sections if str(one.uuid) == section_uuid), None)
    students = _narrowed(cohort, team, section)
    measures = list(Measure.objects.filter(school=team.school).order_by("-kind", "name"))
    used = [one for one in measures if one.retired_on is None and not one.derived_from]
    shown = [one for one in used if not team.subject or one.subject in (team.subject, "")]
    grades = {pk: student.grade for pk, student in students.items()}
    levels = by_measure_and_window(team.school, shown, grades)
    panels = [_panel(team, measure, levels[measure.pk], students, section) for measure in shown]
    return Dashboard(
        team=team,
        students=len(students),
        panels=[panel for panel in panels if panel],
        attendance=_attendance_panel(team, measures, students, section) if students else None,
        incidents=incidents_by_kind(students, team.school),
        sections=sections,
        section=section,
    )


def students_of_board(
    user: User, team: Team, section_uuid: str = ""
) -> tuple[dict[int, Student], Section | None]:
    """Students of ``team`` whom the user may see, by id and in order of name, and the section that they are limited to."""
    cohort = students_of_team(team) & students_visible_to(user)
    section = None
    if wanted := uuid_or_none(section_uuid):
        here = Enrollment.objects.on(team.school.today()).filter(student__in=cohort)
        section = Section.objects.filter(pk__in=here.values("section_id"), is_core=True, uuid=wanted).first()
    return _narrowed(cohort, team, section), section


def windows_chart(team: Team, measure: Measure, section: Section | None = None) -> Chart:
    """The slope chart of a team between its last two windows; DomainError if there are not two."""
    students = _narrowed(students_of_team(team), team, section)
    found = by_window(team, measure, students)
    chart = slope_of(measure, found, students)
    if chart is None:
        raise DomainError(_("Two benchmark windows with scores are needed first."))
    return chart


def levels_chart(team: Team, measure: Measure, section: Section | None = None) -> Chart:
    """The chart of levels by window."""
    students = _narrowed(students_of_team(team), team, section)
    return chart_of_levels(measure, by_window(team, measure, students), students)


def team_attendance_chart(team: Team, section: Section | None = None) -> Chart:
    """The chart of a team's attendance by week."""
    return weeks_chart(_narrowed(students_of_team(team), team, section), team.school)


def _narrowed(cohort: QuerySet[Student], team: Team, section: Section | None) -> dict[int, Student]:
    """Students by id, with what lists show of them, limited to those in ``section`` today if it is given."""
    if section:
        here = Enrollment.objects.on(team.school.today()).filter(section=section)
        cohort = cohort.filter(pk__in=here.values("student_id"))
    return {student.pk: student for student in cohort.order_by(*by_name()).only(*LISTED)}


def _panel(
    team: Team, measure: Measure, found: ByWindow, students: dict[int, Student], section: Section | None
) -> Panel | None:
    if not found:
        return None
    pairs = paired_scores(found, students)
    compared = sum(bool(pair.level_before and pair.level_now) for pair in pairs)
    has_levels = any(score.level for score in found[list(found)[-1]].values())
    view = "class_windows" if pairs and len(pairs) <= 40 and has_levels else "levels"
    last = list(found.values())[-1]
    return Panel(
        measure=measure,
        team=team,
        chart=chart_of_levels(measure, found, students, page=partial(_page_of_level, team, section, measure)),
        view=view,
        parameters={**_parameters(team, section), "measure": str(measure.uuid)},
        moves=[_moves(pairs, is_up=True), _moves(pairs, is_up=False)] if compared else [],
        missing=len(students) - len(last),
        windows=tuple(window.name_in_text for window in list(found)[-2:]),
        compared=compared,
    )


def _page_of_level(
    team: Team, section: Section | None, measure: Measure, window: WindowSpan, level: int
) -> str:
    """The page of the students at a level in a window."""
    query = {**_parameters(team, section), "measure": str(measure.uuid), "window": window.key, "level": level}
    return f"{reverse('datareview:level-show')}?{urlencode(query)}"


def _moves(pairs: list[TwoWindowScores], *, is_up: bool) -> Moves:
    """Students whose level rose (or fell), of whom the first few are named."""
    moved = [
        pair
        for pair in pairs
        if pair.level_now
        and pair.level_before
        and pair.level_now != pair.level_before
        and (pair.level_now > pair.level_before) == is_up
    ]
    moved.sort(key=lambda pair: (-abs(pair.now - pair.before), pair.name))
    return Moves(is_up, len(moved), moved[:MOST_NAMES])


def _parameters(team: Team, section: Section | None) -> dict[str, str]:
    """Parameters of an exhibit that shows the same students as the page."""
    return {"team": str(team.uuid), **({"section": str(section.uuid)} if section else {})}


def _attendance_panel(
    team: Team, measures: list[Measure], students: dict[int, Student], section: Section | None
) -> Panel | None:
    derived = Measure.DerivedFrom.ATTENDANCE
    measure = next((one for one in measures if one.derived_from == derived), None)
    if measure is None:
        return None
    parameters = _parameters(team, section)
    return Panel(measure, team, weeks_chart(students, team.school), "attendance_weeks", parameters, [], 0)


def teams_with_data(user: User, school: School | None) -> list[Team]:
    """Teams of ``school`` whose dashboards the user may open, own teams first, then by name."""
    own = scope_of(user).team_ids
    active = [team for team in visible_teams(user, school) if team.is_active] if school else []
    return sorted(active, key=lambda team: team.pk not in own)
