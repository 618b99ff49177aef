"""The data page: any students whom the reader may see, each measure a row, in two windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.cohorts.queries import SCHOOL, cohorts_of
from datareview.comparisons.choices import Question
from datareview.comparisons.queries.derived import derived_frame, windows_for
from datareview.comparisons.queries.drawing import measures_to_compare
from datareview.comparisons.queries.frames import score_frames
from datareview.comparisons.queries.students import explored_students
from datareview.comparisons.queries.windows import windows_of_years
from datareview.dashboards.queries.figures import figures_of_measure, growth_of_measures
from datareview.dashboards.queries.lines import DataLine, Linked, data_line
from datareview.explore.queries.page import first_cohort
from datareview.gaps.queries.page import widest_gaps
from teams.access.permissions import can
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from datareview.comparisons.queries.students import ExploredStudents
    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.dashboards.queries.figures import ComparedMeasure
    from datareview.records.models import Measure
    from teams.directory.models import School, User

SORTS = ("measure", "share", "change", "moved", "growth")


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column's heading: ``sort`` is what a click sorts by, and ``direction`` how it is sorted now ("" if it is not)."""

    name: str
    sort: str
    direction: str


@dataclass(frozen=True, slots=True, eq=False)
class DataBoard:
    """The page: the students that were asked for, what else could be asked, and a row for each measure.

    ``windows`` are all that could be chosen, ``domains`` those of the measures with a row, ``total`` the number of rows
    without a search.
    """

    question: Question
    asked: ExploredStudents
    cohorts: list[tuple[str, str, list[tuple[str, str]]]]
    windows: list[ScoreWindow]
    domains: list[str]
    columns: list[DataColumn]
    lines: list[DataLine]
    total: int
    finding: str
    shows_gaps: bool


def data_board(user: User, school: School, wanted: Mapping[str, str]) -> DataBoard | None:
    """The page for what the address asks; None if the user may not open the cohort, or has none."""
    cohorts = cohorts_of(user, school, with_groups=True)
    asked_for = Question.read(wanted)
    question = Question(
        of=asked_for.of or first_cohort(cohorts),
        grade=asked_for.grade,
        plan=asked_for.plan,
        before=asked_for.before,
        after=asked_for.after,
    )
    asked = explored_students(user, school, question, named=False)
    if asked is None:
        return None
    every = windows_of_years(school)
    known = {window.id for window in every}
    question = Question(
        of=question.of,
        grade=question.grade,
        plan=question.plan,
        before=question.before if question.before in known else "",
        after=question.after if question.after in known else "",
    )
    found = _figures(asked, question, every)
    domains = [one.measure.domain for one in found]
    shown = [one for one in found if _is_wanted(one.measure, wanted)]
    may_see_gaps = can(user, "see_school", school)
    gaps = _gaps(asked, question, shown) if may_see_gaps else {}
    lines = [data_line(one, question, gap=gaps.get(one.measure.pk, Linked(""))) for one in shown]
    sort = wanted.get("sort", "")
    return DataBoard(
        question=question,
        asked=asked,
        cohorts=cohorts,
        windows=every,
        domains=list(dict.fromkeys(domains)),
        columns=_columns(sort),
        lines=_sorted(lines, sort),
        total=len(found),
        finding=_finding(found, asked),
        shows_gaps=may_see_gaps and any(gaps.values()),
    )


def _figures(asked: ExploredStudents, question: Question, every: list[ScoreWindow]) -> list[ComparedMeasure]:
    """The figures of each measure of the cohort's subject and grades, by domain and name."""
    subject = asked.team.subject if asked.team else ""
    measures = [
        one
        for one in measures_to_compare(asked.school)
        if one.subject in (subject, "") or not subject
        if any(one.lowest_grade <= grade <= one.highest_grade for grade in asked.grades) or not asked.grades
    ]
    # Nothing before the school year in which the earliest window is that was asked for.
    years = [window.year for window in every if window.id in (question.before, question.after)]
    first = min([*years, every[-1].year]) if every else 0
    windows = [window for window in every if window.year >= first]
    scored = [one for one in measures if not one.derived_from]
    frames = score_frames(scored, asked.grade_of, windows)
    growth = growth_of_measures(asked.grade_of, [one.pk for one in scored])
    found = []
    for measure in measures:
        frame, own = (
            _derived(asked, question, measure) if measure.derived_from else (frames[measure.pk], windows)
        )
        figures = figures_of_measure(measure, frame, own, question, growth.get(measure.pk), asked.grade_of)
        if figures:
            found.append(figures)
    return found


def _derived(
    asked: ExploredStudents, question: Question, measure: Measure
) -> tuple[pd.DataFrame, list[ScoreWindow]]:
    """Attendance or incidents in the windows that were asked for, else this year so far and the last one."""
    every = windows_for(measure, asked.school)
    wanted = [window for window in every if window.id in (question.after, question.before)]
    windows = [window for window in every if window.ends] if not wanted else [w for w in every if not w.ends]
    return derived_frame(measure, asked.grade_of, windows), windows


def _is_wanted(measure: Measure, wanted: Mapping[str, str]) -> bool:
    words = wanted.get("q", "").casefold().split()
    name = f"{measure} {measure.unit}".casefold()
    return wanted.get("domain", "") in ("", measure.domain) and all(word in name for word in words)


def _gaps(asked: ExploredStudents, question: Question, shown: list[ComparedMeasure]) -> dict[int, Linked]:
    """The widest released gap of each measure, of the whole school or of the one grade of the cohort."""
    if question.plan or asked.is_part:
        return {}
    grades = set(asked.grade_of.values())
    is_school = question.of == SCHOOL and not question.grade
    if not is_school and len(grades) != 1:
        return {}
    grade = None if is_school else next(iter(grades))
    windows = {one.measure.pk: one.now.window for one in shown if one.now and not one.measure.derived_from}
    return {
        pk: Linked(gap.text, gap.about, gap.url)
        for pk, gap in widest_gaps(asked.school, windows, grade=grade).items()
    }


def _columns(sort: str) -> list[DataColumn]:
    names = {
        "measure": _("Measure"),
        "share": _("At or above"),
        "change": _("Change, same students"),
        "moved": _("Moved a level"),
        "growth": _("Weekly growth against expected"),
    }
    found = []
    for key, name in names.items():
        is_sorted = sort.removeprefix("-") == key
        direction = ("descending" if sort.startswith("-") else "ascending") if is_sorted else ""
        found.append(DataColumn(name, f"-{key}" if sort == key else key, direction))
    return found


def _sorted(lines: list[DataLine], sort: str) -> list[DataLine]:
    """By domain unless another order is asked for; rows without a value come last."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    if key == "measure":
        return sorted(lines, key=lambda line: str(line.measure).casefold(), reverse=is_down)
    if key not in SORTS:
        return lines
    known = [line for line in lines if line.sorts[key] is not None]
    rest = [line for line in lines if line.sorts[key] is None]
    return sorted(known, key=lambda line: line.sorts[key] or 0.0, reverse=is_down) + rest


def _finding(found: list[ComparedMeasure], asked: ExploredStudents) -> str:
    """What changed by more than chance, the largest first; else where most are below.

    Only measures count that at least half of the students took: those of a few say nothing about all.
    """
    found = [one for one in found if one.now and 2 * one.now.scored >= one.students]
    changed = [
        (one.change.change, one)
        for one in found
        if one.has_levels and one.change and one.change.change is not None
        if (one.change.low or 0.0) > 0 or (one.change.high or 0.0) < 0
    ]
    if changed:
        change, one = min(changed, key=lambda pair: (pair[0] > 0, -abs(pair[0])))
        figures = {
            "measure": one.measure,
            "n": formats.number(abs(one.same_now - one.same_before)),
            "all": formats.number(one.same),
        }
        if change < 0:
            return _("%(measure)s: %(n)s of %(all)s fewer are on track than before") % figures
        return _("%(measure)s: %(n)s of %(all)s more are on track than before") % figures
    low = [one for one in found if one.now and one.has_levels]
    if not low:
        return str(asked.name)
    worst = min(low, key=lambda one: one.now.at_benchmark / one.now.leveled if one.now else 1.0)
    figures = {
        "measure": worst.measure,
        "n": formats.number(worst.now.leveled - worst.now.at_benchmark if worst.now else 0),
        "all": formats.number(worst.now.leveled if worst.now else 0),
    }
    return _("%(measure)s: %(n)s of %(all)s are not on track") % figures
