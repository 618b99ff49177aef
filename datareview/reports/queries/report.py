"""The trend report of a cohort, in sentences: first what needs a decision, then changes.

Changes within the error of one score and regression to the mean are not called progress or decline. Of many trends
tested at once, only those significant after correction for multiple testing are named.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Candidate
from datareview.flags.queries.changes import NetChanges, changes_since
from datareview.plans.models import Plan
from datareview.progress.queries.caseload import plan_rows
from datareview.records.queries.order import LISTED, by_name
from datareview.reports.queries.moves import DOWN, OTHER_WAY, UNKNOWN, UP, WITHIN, JudgedMove, judged_moves
from datareview.reports.queries.rows import TrendRow, grade_scores, level_pairs, rows_of
from datareview.reports.queries.summaries import (
    MeasureSummary,
    day_or_nothing,
    growth_places,
    measure_summaries,
)
from datareview.trends.models import TrendScope
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from datareview.records.models import Student
    from datareview.records.queries.cohorts import Cohort
    from teams.directory.models import User

FALSE_DISCOVERIES = 0.10


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A sentence about one student, with its basis; the page links to ``url``."""

    student: Student
    sentence: str
    basis: str
    url: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in the report.

    ``decide`` lists what needs a decision, and ``slower`` students who grow less than expected. ``fell`` and ``rose``
    list students who moved a level by more than chance explains, ``within`` those who moved by less, if they were asked
    for; ``many_within`` counts them. ``moves`` counts all three.
    """

    cohort: Cohort
    students: int
    as_of: dt.date | None
    since: NetChanges
    decide: list[ReportLine]
    slower: list[ReportLine]
    tested: int
    fell: list[ReportLine]
    rose: list[ReportLine]
    within: list[ReportLine]
    many_within: int
    moves: int
    measures: list[MeasureSummary]

    @property
    def since_on(self) -> dt.date:
        """The last day whose changes are not included."""
        return self.since.at.date()

    @property
    def finding(self) -> str:
        """The summary in one sentence."""
        changes = self.since.in_words(self.moves)
        if not self.decide:
            return _("No students need a decision.") + " " + changes
        many = len({line.student.pk for line in self.decide})
        waiting = ngettext("%(n)d student needs a decision.", "%(n)d students need a decision.", many)
        return waiting % {"n": many} + " " + changes


def report_of(
    user: User,
    cohort: Cohort,
    since: dt.date,
    *,
    with_chance: bool = False,
    most_named: int | None = None,
) -> Report:
    """The report of ``cohort`` on changes after the end of ``since``; a constant number of queries.

    It names the moves that chance may explain, usually most of them, only ``with_chance``, and of the students without a
    score ``most_named`` for each measure, or all.
    """
    at = cohort.school.at(since, dt.time.max)
    students = {student.pk: student for student in cohort.students.order_by(*by_name()).only(*LISTED)}
    changed = changes_since(cohort.students, at)
    rows = rows_of(cohort, students, since)
    slower, tested = _slower(rows)
    pairs = level_pairs(rows, cohort.school)
    moves = [pair for pair in pairs if pair.is_move]
    moved = judged_moves(moves, grade_scores(moves, cohort.school, since))
    within = moved[WITHIN] + moved[OTHER_WAY] + moved[UNKNOWN]
    return Report(
        cohort=cohort,
        students=len(students),
        as_of=_as_of(cohort),
        since=changed,
        decide=[*_candidates(cohort), *_plans(user, cohort)],
        slower=slower,
        tested=tested,
        fell=[_move_line(one) for one in moved[DOWN]],
        rose=[_move_line(one) for one in moved[UP]],
        within=[_move_line(one) for one in within] if with_chance else [],
        many_within=len(within),
        moves=len(moves),
        measures=measure_summaries(rows, students, pairs, since, most_named=most_named),
    )


def _as_of(cohort: Cohort) -> dt.date | None:
    """The earliest ``as_of`` of the trends in the report."""
    grades = cohort.students.values("grade")
    scopes = TrendScope.objects.filter(school=cohort.school, grade__in=grades, as_of__isnull=False)
    return scopes.order_by("as_of").values_list("as_of", flat=True).first()


def _candidates(cohort: Cohort) -> list[ReportLine]:
    """Undecided candidates."""
    waiting = Candidate.objects.filter(student__in=cohort.students, state=Candidate.State.NEW)
    return [
        ReportLine(
            row.student,
            row.reason,
            _("Flagged since %(day)s, not decided yet.") % {"day": day_or_nothing(row.raised_on)},
            row.get_absolute_url(),
        )
        for row in waiting.select_related("student").order_by("-severity", "raised_on", "pk")
    ]


def _plans(user: User, cohort: Cohort) -> list[ReportLine]:
    """Plans whose review is due or whose data suggest a change."""
    plans = Plan.objects.running().filter(student__in=cohort.students)
    rows = plan_rows(plans, user, cohort.school.today())
    return [
        ReportLine(
            row.plan.student,
            _("%(plan)s: %(label)s.") % {"plan": row.plan.strategy, "label": row.progress.label},
            f"{row.progress.sentence} {row.progress.dosage}."
            + (
                " " + _("A review was due on %(day)s.") % {"day": day_or_nothing(row.plan.review_on)}
                if row.is_due
                else ""
            ),
            row.plan.get_absolute_url(),
        )
        for row in rows
        if row.is_due or row.progress.tone == "act"
    ]


def _slower(rows: list[TrendRow]) -> tuple[list[ReportLine], int]:
    """Students who grow significantly less than expected (or fall, if no growth is expected), and the number tested."""
    from scipy import stats

    from datareview.analysis.equity import benjamini_hochberg

    tested = [(t, row) for row in rows if (t := _t_value(row)) is not None]
    p = stats.t.cdf(np.array([t for t, _row in tested]), np.array([row.n - 2 for _t, row in tested]))
    significant = benjamini_hochberg(p, q=FALSE_DISCOVERIES)
    found = sorted((p[at], at) for at in np.flatnonzero(significant))
    return [_slow_line(tested[at][1]) for _p, at in found], len(tested)


def _t_value(row: TrendRow) -> float | None:
    """The growth above the expected growth in standard errors; None if it cannot be judged."""
    sign = 1.0 if row.measure.higher_is_better else -1.0
    if not row.is_judged or row.slope is None or not row.slope_se:
        return None
    return sign * (row.slope - (row.expected_slope or 0.0)) / row.slope_se


def _slow_line(row: TrendRow) -> ReportLine:
    expected = row.expected_slope
    sentence = _("%(measure)s: %(slope)s a week, expected %(expected)s.")
    if expected is None:
        sentence = _("%(measure)s: %(slope)s a week.")
    low, high = row.slope_low or 0.0, row.slope_high or 0.0
    figures = [row.slope or 0.0, expected or 0.0, low, high]
    least = fewest_places(figures[:1], figures[1:2], least=1, rounds_marks=True)
    places = max(least, growth_places(figures))
    return ReportLine(
        row.student,
        sentence
        % {
            "measure": row.measure,
            "slope": formats.signed(row.slope or 0.0, places),
            "expected": formats.signed(expected or 0.0, places),
        },
        _("Between %(low)s and %(high)s (95%%), %(n)d scores from %(first)s to %(last)s.")
        % {
            "low": formats.signed(low, places),
            "high": formats.signed(high, places),
            "n": row.n,
            "first": day_or_nothing(row.first_on),
            "last": day_or_nothing(row.last_on),
        },
        row.student.get_absolute_url(),
    )


def _move_line(judged: JudgedMove) -> ReportLine:
    move, row = judged.move, judged.move.row
    sentence = _("%(measure)s: %(then)s, now %(now)s; level %(before)d, now %(after)d.") % {
        "measure": row.measure,
        "then": formats.number(row.then or 0),
        "now": formats.number(row.last_value or 0),
        "before": move.before,
        "after": move.after,
    }
    basis = {
        WITHIN: _("Within what score error and classmates’ growth explain."),
        OTHER_WAY: _(
            "Compared with classmates the score moved the other way; the new window’s benchmark differs."
        ),
        UNKNOWN: _("The score error is not known here, so this may be chance."),
    }.get(judged.verdict, _("More than score error and classmates’ growth explain."))
    day = _("Last score on %(day)s.") % {"day": day_or_nothing(row.last_on)}
    return ReportLine(row.student, sentence, f"{basis} {day}", row.student.get_absolute_url())
