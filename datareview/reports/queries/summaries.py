"""The report's table: a cohort on each measure, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.level_bars import level_bars
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from datareview.records.models import Measure
    from datareview.reports.queries.figures import MeanGrowth, MeasureFigures, WindowTally


@dataclass(frozen=True, slots=True)
class MeasureSummary:
    """A row of the table; a text is empty where there is nothing to say.

    ``share`` is a percentage, or the median without levels; ``share_of`` what it is of; ``was`` the same students in the
    window before. ``notes`` are about students whose growth says nothing.
    """

    measure: Measure
    bars: SafeString
    share: str
    share_of: str
    was: str
    moved: str
    moved_of: str
    growth: str
    growth_of: str
    scored: str
    missing: int
    last_on: str
    notes: list[str]


def measure_summaries(
    found: list[MeasureFigures], measures: dict[int, Measure], students: int
) -> list[MeasureSummary]:
    """One row per measure, those with levels first, then those with most students who grow less than expected."""
    rows = sorted(found, key=lambda one: (not _has_levels(one), -one.slower, measures[one.measure_id].name))
    return [_row(one, measures[one.measure_id], students) for one in rows]


def _has_levels(one: MeasureFigures) -> bool:
    return bool(one.now and one.now.leveled)


def _row(one: MeasureFigures, measure: Measure, students: int) -> MeasureSummary:
    share, share_of = _share(one, measure)
    growth, growth_of = _growth(one.growth)
    return MeasureSummary(
        measure=measure,
        bars=_bars(one, measure),
        share=share,
        share_of=share_of,
        was=_was(one),
        moved=_("%(up)s up, %(down)s down") % {"up": formats.number(one.up), "down": formats.number(one.down)}
        if one.compared
        else "",
        moved_of=_("of %(n)s with two scores") % {"n": formats.number(one.compared)} if one.compared else "",
        growth=growth,
        growth_of=growth_of,
        scored=_("%(n)s of %(all)s") % {"n": formats.number(one.scored), "all": formats.number(students)},
        missing=len(one.missing),
        last_on=day_or_nothing(one.last_on),
        notes=_notes(one),
    )


def _bars(one: MeasureFigures, measure: Measure) -> SafeString:
    if not one.now or not one.now.leveled:
        return SafeString()
    before = one.before if one.before and one.before.leveled else None
    said = [_counts(tally, measure) for tally in (before, one.now) if tally]
    return level_bars(one.now.levels, before.levels if before else None, label="; ".join(said))


def _counts(tally: WindowTally, measure: Measure) -> str:
    names = measure.words_of_levels
    counts = [f"{name} {formats.number(tally.levels[level])}" for level, name in names.items()]
    return f"{tally.window.name}: {', '.join(counts)}"


def _share(one: MeasureFigures, measure: Measure) -> tuple[str, str]:
    """The share at or above the benchmark, as on Data; the median without a benchmark, of the last week if it has weeks."""
    if one.now and one.now.leveled:
        of = {"n": formats.number(one.now.at_benchmark), "all": formats.number(one.now.leveled)}
        share = formats.percent(100 * one.now.at_benchmark / one.now.leveled, 0)
        return share, _("%(n)s of %(all)s at or above benchmark") % of
    return formats.number(one.median, 1), _("median of the last week") if measure.derived_from else _(
        "median"
    )


def _was(one: MeasureFigures) -> str:
    if not one.same or not one.before or not one.now:
        return ""
    figures = {
        "before": formats.number(one.same_before),
        "now": formats.number(one.same_now),
        "all": formats.number(one.same),
        "window": one.before.window.name_in_text,
    }
    if one.same == one.now.leveled:
        return _("%(before)s of the same %(all)s in %(window)s") % figures
    return _("of %(all)s tested both times, %(now)s now and %(before)s in %(window)s") % figures


def _growth(growth: MeanGrowth | None) -> tuple[str, str]:
    """Mean growth with its interval, and what was expected."""
    if growth is None:
        return "", ""
    values = [growth.mean, growth.low, growth.high]
    places = growth_places(values if growth.expected is None else [*values, growth.expected])
    mean, low, high = (formats.signed(value, places) for value in values)
    said = _("%(mean)s a week (%(low)s to %(high)s)") % {"mean": mean, "low": low, "high": high}
    many = ngettext("%(n)s student", "%(n)s students", growth.n) % {"n": formats.number(growth.n)}
    if growth.expected is None:
        return said, many
    expected = _("expected %(expected)s") % {"expected": formats.signed(growth.expected, places)}
    return said, f"{expected}, {many}"


def _notes(one: MeasureFigures) -> list[str]:
    notes = []
    if one.flat:
        text = ngettext("%(n)s always the same value", "%(n)s always the same value", one.flat)
        notes.append(text % {"n": formats.number(one.flat)})
    if one.early:
        text = ngettext(
            "%(n)s with fewer than six scores in six weeks",
            "%(n)s with fewer than six scores in six weeks",
            one.early,
        )
        notes.append(text % {"n": formats.number(one.early)})
    return notes


def growth_places(values: Iterable[float]) -> int:
    """The decimals of all weekly growth in a sentence: as many as give each two significant digits, one at least."""
    return max(1 if abs(value) >= 1 or not value else 2 for value in values)


def day_or_nothing(day: dt.date | None) -> str:
    """A short date; "" without a day."""
    return formats.short_day(day) if day else ""
