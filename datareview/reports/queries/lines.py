"""Sentences about one student: growth below what is expected, a level that moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.reports.queries.moves import OTHER_WAY, UNKNOWN, WITHIN
from datareview.reports.queries.summaries import day_or_nothing, growth_places
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from datareview.records.models import Measure, Student
    from datareview.reports.queries.rows import LevelPair, TrendRow


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A sentence about one student, with its basis; the page links to ``url``."""

    student: Student
    sentence: str
    basis: str
    url: str


def slow_line(row: TrendRow, student: Student, measure: Measure) -> ReportLine:
    """A student who grows less than expected."""
    expected = row.expected_slope
    sentence = _("%(measure)s: %(slope)s a week, expected %(expected)s.")
    if expected is None:
        sentence = _("%(measure)s: %(slope)s a week.")
    low, high = row.slope_low or 0.0, row.slope_high or 0.0
    figures = [row.slope or 0.0, expected or 0.0, low, high]
    least = fewest_places(figures[:1], figures[1:2], least=1, rounds_marks=True)
    places = max(least, growth_places(figures))
    return ReportLine(
        student,
        sentence
        % {
            "measure": measure,
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
        student.get_absolute_url(),
    )


def move_line(pair: LevelPair, verdict: str, student: Student, measure: Measure) -> ReportLine:
    """A student whose level moved, and whether more than chance explains it."""
    names = measure.words_of_levels
    sentence = _("%(measure)s: %(then)s, now %(now)s; %(before)s, now %(after)s.") % {
        "measure": measure,
        "then": formats.number(pair.row.then or 0),
        "now": formats.number(pair.row.last_value or 0),
        "before": names.get(pair.before, "–"),
        "after": names.get(pair.after, "–"),
    }
    basis = {
        WITHIN: _("Score error and classmates’ growth may explain it, among so many students."),
        OTHER_WAY: _(
            "Compared with classmates the score moved the other way; the new window’s benchmark differs."
        ),
        UNKNOWN: _("The score error is not known here, so this may be chance."),
    }.get(verdict, "")
    day = _("Last score on %(day)s.") % {"day": day_or_nothing(pair.row.last_on)}
    return ReportLine(student, sentence, f"{basis} {day}".strip(), student.get_absolute_url())
