"""Sentences about a cohort on one measure: where students are, and how they grow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from datareview.records.models import Measure, Student
    from datareview.reports.queries.rows import LevelPair, TrendRow

LEAST_GROUP = 10  # students needed for a group's mean


@dataclass(frozen=True, slots=True)
class MeasureSummary:
    """Sentences about a cohort on one measure, and the students without a score, of whom ``named`` are to be listed."""

    measure: Measure
    sentences: list[str]
    slower: int
    missing: list[Student]
    named: list[Student]

    @property
    def unnamed(self) -> int:
        """How many of those without a score are only counted."""
        return len(self.missing) - len(self.named)


def measure_summaries(
    rows: list[TrendRow],
    students: dict[int, Student],
    pairs: list[LevelPair],
    since: dt.date,
    *,
    most_named: int | None = None,
) -> list[MeasureSummary]:
    """One summary per measure with trends, those with most slow students first.

    ``pairs`` are the levels up to the end of ``since`` and now. ``most_named`` students without a score are named, or all.
    """
    by_measure: dict[int, list[TrendRow]] = defaultdict(list)
    for row in rows:
        by_measure[row.measure_id].append(row)
    found = []
    for group in by_measure.values():
        scored = {row.student_id for row in group}
        compared = [pair for pair in pairs if pair.row.measure_id == group[0].measure_id]
        standing = [_standing(group, len(students)), _levels(group), _moves(compared, since)]
        sentences = [*standing, *_growth(group)]
        missing = [student for pk, student in students.items() if pk not in scored]
        slower = sum(_is_slower(row) for row in group)
        said = [text for text in sentences if text]
        found.append(MeasureSummary(group[0].measure, said, slower, missing, missing[:most_named]))
    return sorted(found, key=lambda one: (-one.slower, one.measure.name))


def _standing(group: list[TrendRow], students: int) -> str:
    values = [row.last_value for row in group if row.last_value is not None]
    last = max(row.last_on for row in group if row.last_on)
    return _(
        "%(n)d of %(all)d students have scores; the median of their last ones is %(median)s (to %(day)s)."
    ) % {
        "n": len(group),
        "all": students,
        "median": formats.number(float(np.median(values)), 1),
        "day": day_or_nothing(last),
    }


def _levels(group: list[TrendRow]) -> str:
    levels = [row.benchmark_level for row in group if row.benchmark_level]
    if not levels:
        return ""
    return _("%(below)d of %(n)d are below benchmark.") % {
        "below": sum(level <= 2 for level in levels),
        "n": len(levels),
    }


def _moves(pairs: list[LevelPair], since: dt.date) -> str:
    """The numbers of students who moved up and down, with the number compared and since when; "" without any."""
    if not pairs:
        return ""
    moves = [pair.is_up for pair in pairs if pair.is_move]
    return _(
        "Since %(day)s, %(up)d moved up a level and %(down)d down, of %(n)d with a score by then and a later one."
    ) % {
        "n": len(pairs),
        "day": day_or_nothing(since),
        "up": sum(moves),
        "down": len(moves) - sum(moves),
    }


def _growth(group: list[TrendRow]) -> list[str]:
    """Sentences about mean growth with its interval, and the numbers of slow and of unjudged students."""
    from scipy import stats

    judged = [row for row in group if row.is_judged]
    early = sum(not row.is_long_enough for row in group)
    flat = sum(row.is_long_enough and row.status == "undefined_zero_variance" for row in group)
    sentences = []
    if len(judged) >= LEAST_GROUP:
        slopes = np.array([trend.slope for trend in judged])
        half = stats.t.ppf(0.975, len(slopes) - 1) * slopes.std(ddof=1) / np.sqrt(len(slopes))
        text = _("%(n)d students: %(mean)s a week on average (%(low)s to %(high)s, 95%%).")
        figures = {"mean": slopes.mean(), "low": slopes.mean() - half, "high": slopes.mean() + half}
        expected = [trend.expected_slope for trend in judged if trend.expected_slope is not None]
        if len(expected) == len(judged):
            text += " " + _("Expected: %(expected)s.")
            figures["expected"] = float(np.mean(expected))
        places = growth_places(figures.values())
        said = {name: formats.signed(value, places) for name, value in figures.items()}
        sentences.append(text % {"n": len(slopes), **said})
    if flat:
        text = ngettext(
            "%(n)d student has had the same value all along.",
            "%(n)d students have had the same value all along.",
            flat,
        )
        sentences.append(text % {"n": flat})
    if early and early < len(group):
        text = ngettext(
            "It is too early to judge the growth of %(n)d student with fewer than six scores in six weeks.",
            "It is too early to judge the growth of %(n)d students with fewer than six scores in six weeks.",
            early,
        )
        sentences.append(text % {"n": early})
    return sentences


def _is_slower(row: TrendRow) -> bool:
    """Whether the whole interval of the growth is on the wrong side of the expected growth."""
    if not row.is_judged or row.slope_low is None or row.slope_high is None:
        return False
    expected = row.expected_slope or 0.0
    return row.slope_high < expected if row.measure.higher_is_better else row.slope_low > expected


def growth_places(values: Iterable[float]) -> int:
    """The decimals of all weekly growth in a sentence: as many as give each two significant digits, one at least."""
    return max(1 if abs(value) >= 1 or not value else 2 for value in values)


def day_or_nothing(day: dt.date | None) -> str:
    """A short date; "" without a day."""
    return formats.short_day(day) if day else ""
