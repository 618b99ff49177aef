"""What is compared with a cohort: medians of the school, peers of one student, and other years.

These are counts and medians of students whom the reader may not know, of no fewer than the school's least number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from datareview.charts.spec import Chart
from datareview.comparisons.charts.growth import SchoolMedians
from datareview.comparisons.charts.peers import PeerPoint, among_peers
from datareview.comparisons.charts.years import YearLine, line_of
from datareview.comparisons.queries.frames import compared, score_frame
from datareview.comparisons.queries.windows import years_in_short
from datareview.records.models import Student
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.comparisons.charts.facts import ScoreFacts
    from datareview.comparisons.queries.students import ExploredStudents
    from teams.directory.models import School


def school_medians(asked: ExploredStudents, facts: ScoreFacts) -> SchoolMedians | None:
    """Medians of the score and the change of the school's students in the same grades; None if they are too few."""
    if facts.before is None:
        return None
    grades = _grades_at(asked.school, set(asked.grade_of.values()))
    frame = score_frame(facts.measure, grades, facts.windows)
    places = facts.windows.index(facts.before), facts.windows.index(facts.after)
    both = compared(frame, *places).dropna(subset=["change"])
    if len(both) < asked.school.min_group_size:
        return None
    return SchoolMedians(len(both), float(both["after_value"].median()), float(both["change"].median()))


def peer_chart(asked: ExploredStudents, facts: ScoreFacts, public: str) -> Chart:
    """The chart of the student with this public id among the school's students of the grade."""
    wanted = uuid_or_none(public)
    student = next((one for one in asked.students.values() if one.uuid == wanted), None)
    if student is None:
        return Chart(
            title=_("Choose a student below"), sentence=_("Each row of the table has “Among peers”.")
        )
    grades = _grades_at(asked.school, {student.grade}) | {student.pk: student.grade}
    frame = score_frame(facts.measure, grades, facts.windows)
    points = []
    for place, window in enumerate(facts.windows):
        values = frame[frame["window"] == place].set_index("student")["value"]
        own = values.get(student.pk)
        others = values.drop(student.pk, errors="ignore").to_numpy(float)
        is_enough = len(others) >= asked.school.min_group_size
        quartiles = np.percentile(others, (25, 50, 75)) if is_enough else None
        points.append(
            PeerPoint(
                window=window,
                value=None if own is None else float(own),
                quartiles=None if quartiles is None else (quartiles[0], quartiles[1], quartiles[2]),
                lower=int((others < own).sum()) if own is not None else 0,
                n=len(others),
            )
        )
    return among_peers(facts, student, points)


def year_lines(asked: ExploredStudents, facts: ScoreFacts) -> list[YearLine]:
    """The cohort in each school year, and, of one grade, those who were in that grade in each earlier year."""
    least = asked.school.min_group_size
    years = sorted({window.year for window in facts.windows}, reverse=True)
    lines = []
    for year in years:
        name = _("these students, %(year)s") % {"year": years_in_short(year)}
        lines.append(line_of(name, facts.scores, facts.windows, year, least))
    grades = set(asked.grade_of.values())
    if len(grades) != 1 or asked.is_part or None in grades:
        return lines
    (grade,) = grades
    for ago, year in enumerate(years[1:], start=1):
        windows = [window for window in facts.windows if window.year == year]
        then = _grades_then(asked.school, (grade or 0), ago)
        frame = score_frame(facts.measure, then, facts.windows)
        name = _("the grade in %(year)s") % {"year": years_in_short(year)}
        if windows:
            lines.append(line_of(name, frame, facts.windows, year, least))
    return lines


def _grades_at(school: School, grades: Collection[int | None]) -> dict[int, int | None]:
    """Enrolled students of the school in ``grades``, by id."""
    wanted = [grade for grade in grades if grade is not None]
    rows = Student.objects.filter(school=school, status=Student.Status.ACTIVE, grade__in=wanted)
    return dict(rows.values_list("pk", "grade"))


def _grades_then(school: School, grade: int, ago: int) -> dict[int, int | None]:
    """Enrolled students who were in ``grade`` ``ago`` years ago if they rose one each year, with their grade today."""
    return _grades_at(school, {grade + ago})
