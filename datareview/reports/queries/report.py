"""The trend report of a cohort: what changed, what needs a decision, and each measure in a table.

Changes within the error of one score and regression to the mean are not called progress or decline. Of many trends
tested at once, only those significant after correction for multiple testing are named. Levels and their counts are those
of Data: the last score in each window, by the window's benchmark.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.cohorts.queries import SCHOOL
from datareview.flags.queries.changes import NetChanges, changes_since
from datareview.records.models import Student
from datareview.records.queries.order import LISTED, by_name
from datareview.reports.queries.decisions import Decisions, decisions_of
from datareview.reports.queries.kept import kept_figures
from datareview.reports.queries.lines import ReportLine, move_line, slow_line
from datareview.reports.queries.moves import DOWN, OTHER_WAY, UNKNOWN, UP, WITHIN
from datareview.reports.queries.summaries import MeasureSummary, measure_summaries
from teams.access.prepared import many_ids
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.cohorts.queries import Cohort
    from datareview.records.models import Measure
    from datareview.reports.queries.figures import ReportFigures
    from datareview.reports.queries.kept import Basis
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in the report.

    ``slower`` are students who grow less than expected. ``fell`` and ``rose`` moved a level by more than chance explains,
    ``within`` by less, if they were asked for; ``many_within`` counts them. ``unscored`` are the students without a score
    on ``unscored_on``, if that was asked for.
    """

    cohort: Cohort
    students: int
    as_of: dt.date | None
    since: NetChanges
    decisions: Decisions
    slower: list[ReportLine]
    tested: int
    fell: list[ReportLine]
    rose: list[ReportLine]
    within: list[ReportLine]
    many_within: int
    measures: list[MeasureSummary]
    unscored: list[Student]
    unscored_on: Measure | None

    @property
    def since_on(self) -> dt.date:
        """The last day whose changes are not included."""
        return self.since.at.date()

    @property
    def is_of_school(self) -> bool:
        """Whether it is about the whole school: decisions are counted by grade, since others make them."""
        return self.cohort.key == SCHOOL

    @property
    def finding(self) -> str:
        """What needs a decision and what changed, in one or two sentences."""
        return f"{self._waiting} {self._moved}"

    @property
    def _waiting(self) -> str:
        many = self.decisions.students
        if not many:
            return _("No students need a decision.")
        waiting = ngettext("%(n)s student needs a decision.", "%(n)s students need a decision.", many)
        return waiting % {"n": formats.number(many)}

    @property
    def _moved(self) -> str:
        if not any(one.moved for one in self.measures):
            return _("No one has a level from before and a newer one.")
        if not self.fell and not self.rose:
            return _("No level moved by more than chance explains.")
        return _("%(up)s rose a level and %(down)s fell by more than chance explains.") % {
            "up": formats.number(len(self.rose)),
            "down": formats.number(len(self.fell)),
        }

    @property
    def changes(self) -> str:
        """The changes of flags, and the moves of levels that may be chance, as sentences."""
        flags = self.since.sentence
        if not self.many_within:
            return flags
        more = ngettext(
            "%(n)s more level move may be chance.", "%(n)s more level moves may be chance.", self.many_within
        )
        return f"{flags} {more % {'n': formats.number(self.many_within)}}"


def report_of(user: User, basis: Basis, *, with_chance: bool = False, unscored: str = "") -> Report:
    """The report of a cohort on changes since a day; a constant number of queries.

    It names the moves that chance may explain, usually most of them, only ``with_chance``, and students without a score on
    the measure whose UUID is ``unscored``.
    """
    cohort, grades = basis.cohort, basis.grades
    at = cohort.school.at(basis.since, dt.time.max)
    measures = basis.measures
    figures = kept_figures(basis)
    asked = next((one for one in measures.values() if str(one.uuid) == unscored), None)
    absent = next((one.missing for one in figures.measures if asked and one.measure_id == asked.pk), ())
    lines = _Lines(figures, measures, with_chance=with_chance, absent=absent)
    return Report(
        cohort=cohort,
        students=len(grades),
        as_of=basis.as_of,
        since=changes_since(cohort.students, at),
        decisions=decisions_of(user, cohort, grades),
        slower=lines.slower(),
        tested=figures.tested,
        fell=lines.moved(DOWN),
        rose=lines.moved(UP),
        within=lines.moved(WITHIN, OTHER_WAY, UNKNOWN) if with_chance else [],
        many_within=sum(len(figures.moves.get(verdict, ())) for verdict in (WITHIN, OTHER_WAY, UNKNOWN)),
        measures=measure_summaries(figures.measures, measures, len(grades)),
        unscored=[student for pk, student in lines.students.items() if pk in set(absent)],
        unscored_on=asked,
    )


class _Lines:
    """Sentences about the students whom the report names; one query."""

    def __init__(
        self,
        figures: ReportFigures,
        measures: dict[int, Measure],
        *,
        with_chance: bool,
        absent: tuple[int, ...],
    ) -> None:
        shown = [UP, DOWN, *((WITHIN, OTHER_WAY, UNKNOWN) if with_chance else ())]
        named = {pair.row.student_id for verdict in shown for pair in figures.moves.get(verdict, ())}
        named |= {row.student_id for row in figures.slower} | set(absent)
        rows = Student.objects.filter(pk__in=many_ids(sorted(named))) if named else Student.objects.none()
        self.students = {row.pk: row for row in rows.order_by(*by_name()).only(*LISTED)}
        self._figures, self._measures = figures, measures

    def slower(self) -> list[ReportLine]:
        """Students who grow less than expected, the surest first."""
        return [
            slow_line(row, self.students[row.student_id], self._measures[row.measure_id])
            for row in self._figures.slower
        ]

    def moved(self, *verdicts: str) -> list[ReportLine]:
        """Students whose level moved, the lowest level now first, then by name."""
        order = {pk: place for place, pk in enumerate(self.students)}
        found = [(pair, verdict) for verdict in verdicts for pair in self._figures.moves.get(verdict, ())]
        found.sort(key=lambda one: (one[0].after, order[one[0].row.student_id]))
        return [
            move_line(pair, verdict, self.students[pair.row.student_id], self._measures[pair.row.measure_id])
            for pair, verdict in found
        ]
