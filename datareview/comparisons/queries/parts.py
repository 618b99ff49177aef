"""The parts of a distribution: windows, grades, or the reader's own classes beside everyone else together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.comparisons.charts.spread import LEAST, SpreadPart
from datareview.comparisons.choices import SpreadBy
from datareview.comparisons.queries.students import own_sections
from datareview.records.models import Enrollment
from datareview.records.queries.benchmarks import benchmarks_of
from teams.access.prepared import many_ids
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    import pandas as pd

    from datareview.comparisons.charts.facts import ScoreFacts
    from datareview.comparisons.queries.students import ExploredStudents
    from teams.directory.models import User

OTHER_CLASSES = 2  # classes that everyone else must be in, so that no single one is shown


def spread_parts(
    asked: ExploredStudents, facts: ScoreFacts, by: SpreadBy, user: User | None
) -> tuple[list[SpreadPart], str]:
    """The parts, and a sentence about what is not shown.

    No class is shown beside another, except to whom teaches it: a distribution of classes is read as one of teachers.
    """
    if by == SpreadBy.WINDOW:
        windows = [facts.before, facts.after] if facts.before else [facts.after]
        found = []
        for side, window in zip(("before", "after")[-len(windows) :], windows, strict=True):
            found.append(SpreadPart(window.name, _by_student(facts.pairs[f"{side}_value"])))
        return found, ""
    scores = _by_student(facts.pairs["after_value"])
    if by == SpreadBy.GRADE:
        return [
            SpreadPart(
                grade_name(number),
                {pk: value for pk, value in scores.items() if facts.students[pk].grade == number},
            )
            for number in asked.grades
        ], ""
    return _own_classes(asked, scores, user)


def benchmark_of_all(asked: ExploredStudents, facts: ScoreFacts, by: SpreadBy) -> float | None:
    """The benchmark of the newer window if one holds for everything that is drawn: one grade, one window."""
    grades = set(asked.grade_of.values())
    if by == SpreadBy.WINDOW or len(grades) != 1 or None in grades:
        return None
    grade = (next(iter(grades)) or 0) - facts.after.years_ago
    return {one.window: one.at for one in benchmarks_of([facts.measure.pk], grade)}.get(facts.after.key)


def _by_student(scores: pd.Series) -> dict[int, float]:
    known = scores.dropna()
    return dict(zip(known.index.tolist(), known.tolist(), strict=True))


def _own_classes(
    asked: ExploredStudents, scores: dict[int, float], user: User | None
) -> tuple[list[SpreadPart], str]:
    own = {section.pk: section for section in own_sections(user, asked.school)} if user else {}
    here = Enrollment.objects.on(asked.school.today()).filter(student__in=many_ids(asked.grade_of))
    rows = list(here.values_list("student_id", "section_id", "section__is_core"))
    mine = {student for student, section, _core in rows if section in own}
    parts = []
    for pk, section in own.items():
        members = {student for student, where, _core in rows if where == pk}
        part = {one: value for one, value in scores.items() if one in members}
        if part:
            parts.append(SpreadPart(section.name, part))
    rest = {one: value for one, value in scores.items() if one not in mine}
    classes = Counter(section for student, section, is_core in rows if is_core and student in rest)
    large = [section for section, many in classes.items() if many >= LEAST]
    if rest and len(large) >= OTHER_CLASSES:
        return [*parts, SpreadPart(_("everyone else"), rest)], ""
    return parts, _("The other students are not shown, since they would be one class.") if rest else ""
