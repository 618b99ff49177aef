"""The rows of the data table in words, with links to the students behind each number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.level_bars import level_bars
from datareview.charts.palette import level_role
from datareview.comparisons.charts.facts import at_or_above
from datareview.comparisons.choices import ChartKind
from datareview.explore.queries.page import address_of_question
from datareview.figures.charts.level_counts import part_at
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.comparisons.choices import Question
    from datareview.dashboards.queries.figures import ComparedMeasure, WindowFigures
    from datareview.records.models import Measure


@dataclass(frozen=True, slots=True)
class Linked:
    """A short text, what it is about, and the page that it opens ("" for none)."""

    text: str
    about: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class LevelLink:
    """The students at a level now: its color, how many, and the page that lists them."""

    css: str
    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class DataLine:
    """A row of the data table. A text is empty where there is nothing to say; ``sorts`` are the values to sort by.

    ``figures`` are what the texts say.
    With ``has_own_words`` the levels are not those of the legend.
    """

    figures: ComparedMeasure
    measure: Measure
    unit: str
    has_own_words: bool
    url: str
    bars: SafeString
    levels: list[LevelLink]
    share: Linked
    was: str
    change: Linked
    moved: list[Linked]
    growth: Linked
    gap: Linked
    last_on: str
    notes: list[Linked]
    sorts: dict[str, float | None]


def data_line(found: ComparedMeasure, question: Question, *, gap: Linked) -> DataLine:
    """The row of a measure; ``question`` names the students and the windows that were asked for."""
    asked = replace(
        question,
        measure=str(found.measure.uuid),
        after=found.now.window.id if found.now else question.after,
        before=found.before.window.id if found.before else "",
    )
    share = _share(found)
    change = found.change.change if found.change else None
    return DataLine(
        figures=found,
        measure=found.measure,
        unit="" if found.measure.derived_from else found.measure.unit,
        has_own_words=bool(found.measure.level_names),
        url=address_of_question(asked, kind=ChartKind.MOVEMENT if found.same else ChartKind.LEVELS),
        bars=_bars(found),
        levels=_levels(found, asked),
        share=share,
        was=_was(found),
        change=_change(found),
        moved=_moved(found, asked),
        growth=_growth(found),
        gap=gap,
        last_on=formats.short_day(found.last_on) if found.last_on else "",
        notes=_notes(found, asked),
        sorts={
            "share": found.now.at_benchmark / found.now.leveled if found.now and found.has_levels else None,
            "change": change if found.has_levels else None,
            "moved": float(found.down - found.up) if found.same else None,
            "growth": found.growth.change if found.growth else None,
        },
    )


def _share(found: ComparedMeasure) -> Linked:
    if found.now is None:
        is_share = found.measure.derived_from == found.measure.DerivedFrom.ATTENDANCE
        why = _("too few days in the window you chose") if is_share else _("no score in the window you chose")
        return Linked("–", why)
    if not found.has_levels:
        about = _("median in %(window)s") % {"window": found.now.window.name_in_text}
        return Linked(formats.number(found.now.median, found.measure.decimals), about)
    about = _("%(n)s of %(all)s %(at)s: %(window)s") % {
        "n": formats.number(found.now.at_benchmark),
        "all": formats.number(found.now.leveled),
        "at": at_or_above(found.measure),
        "window": found.now.window.name_in_text,
    }
    return Linked(formats.percent(100 * found.now.at_benchmark / found.now.leveled, 0), about)


def _was(found: ComparedMeasure) -> str:
    """The same students, or the median, in the earlier window."""
    if found.before is None or found.now is None:
        return ""
    figures = {
        "before": formats.number(found.same_before),
        "now": formats.number(found.same_now),
        "all": formats.number(found.same),
        "window": found.before.window.name_in_text,
        "median": formats.number(found.before.median, found.measure.decimals),
    }
    if not found.has_levels:
        return _("%(median)s in %(window)s") % figures
    if not found.same:
        return ""
    if found.same == found.now.leveled:
        return _("%(before)s of the same %(all)s in %(window)s") % figures
    return _("of %(all)s tested both times, %(now)s now and %(before)s in %(window)s") % figures


def _change(found: ComparedMeasure) -> Linked:
    change = found.change
    if change is None or change.change is None or change.low is None or change.high is None:
        return Linked("", _("too few with both") if found.before else "")
    scale, places = (100.0, 0) if found.has_levels else (1.0, found.measure.decimals)
    said, low, high = (
        formats.signed(round(scale * one, places), places) for one in (change.change, change.low, change.high)
    )
    # Where all change alike the interval is a point, which would claim a certainty that is not there.
    is_point = change.low == change.high
    interval = _("each the same") if is_point else _("%(low)s to %(high)s") % {"low": low, "high": high}
    if not found.has_levels:
        return Linked(said, interval)
    points = round(abs(scale * change.change))
    return Linked(ngettext("%(change)s point", "%(change)s points", points) % {"change": said}, interval)


def _moved(found: ComparedMeasure, asked: Question) -> list[Linked]:
    if not found.same:
        return []
    up = _("%(n)s up") % {"n": formats.number(found.up)}
    down = _("%(n)s down") % {"n": formats.number(found.down)}
    return [
        Linked(text, "", address_of_question(asked, show=show) if many else "")
        for text, show, many in ((up, "up", found.up), (down, "down", found.down))
    ]


def _growth(found: ComparedMeasure) -> Linked:
    growth = found.growth
    if growth is None or growth.change is None or growth.low is None or growth.high is None:
        return Linked("")
    said, low, high = (formats.signed(round(one, 2), 2) for one in (growth.change, growth.low, growth.high))
    figures = {"low": low, "high": high, "n": formats.number(growth.n)}
    return Linked(said, _("%(low)s to %(high)s, %(n)s students") % figures)


def _levels(found: ComparedMeasure, asked: Question) -> list[LevelLink]:
    if not found.now or not found.has_levels:
        return []
    return [
        LevelLink(
            level_role(level),
            name,
            many,
            address_of_question(asked, show=part_at("now", level)) if many else "",
        )
        for level, name in found.measure.words_of_levels.items()
        for many in [found.now.levels[level]]
    ]


def _bars(found: ComparedMeasure) -> SafeString:
    if not found.now or not found.has_levels:
        return SafeString()
    before = found.before if found.before and found.before.leveled else None
    said = [_counts(side, found.measure) for side in (before, found.now) if side]
    return level_bars(found.now.levels, before.levels if before else None, label="; ".join(said))


def _counts(side: WindowFigures, measure: Measure) -> str:
    counts = [
        f"{name} {formats.number(side.levels[level])}" for level, name in measure.words_of_levels.items()
    ]
    return f"{side.window.name}: {', '.join(counts)}"


def _notes(found: ComparedMeasure, asked: Question) -> list[Linked]:
    """Students without a score, and a newer window that has just begun; both open their list."""
    notes = []
    if found.now and found.now.scored < found.students:
        many = found.students - found.now.scored
        text = _("%(n)s without a score") % {"n": formats.number(many)}
        if found.measure.derived_from:
            text = _("%(n)s with too few days to say") % {"n": formats.number(many)}
        notes.append(Linked(text, "", address_of_question(asked, show="missing")))
    if found.later:
        figures = {
            "window": found.later.window.name,
            "n": formats.number(found.later.scored),
            "all": formats.number(found.students),
        }
        text = _("%(window)s so far: %(n)s of %(all)s") % figures
        after = found.now.window.id if found.now else ""
        url = address_of_question(asked, after=found.later.window.id, before=after, kind=ChartKind.MOVEMENT)
        notes.append(Linked(text, "", url))
    return notes
